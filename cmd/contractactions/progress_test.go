package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestProgressOverwritesItselfAndIsErasedAtTheEnd(t *testing.T) {
	var terminal bytes.Buffer
	line := &progress{out: &terminal}
	line.begin()
	line.page(&wrapper.Page{Actions: make([]wrapper.ContractAction, 50), TotalPages: 9, Total: 425})
	line.page(&wrapper.Page{Actions: make([]wrapper.ContractAction, 50)})
	line.erase()
	line.erase()

	const erased = "\r\x1b[K"
	compare(t, terminal.String(), "waiting for the first page"+erased+
		"page 1 of 9, 50 of 425 actions"+erased+
		"page 2, 100 actions"+erased)
}

func TestProgressIsSilentUnlessStderrIsATerminal(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	newProgress(io.Discard, writer).begin()
	writer.Close()
	if received, err := io.ReadAll(reader); err != nil || len(received) > 0 {
		t.Errorf("received %q, %v", received, err)
	}
}

func TestAPipeIsToldFromAFile(t *testing.T) {
	reader, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	defer pipe.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if !isPipe(pipe) || isPipe(file) || isPipe(io.Discard) {
		t.Errorf("pipe: %v, file: %v, neither: %v", isPipe(pipe), isPipe(file), isPipe(io.Discard))
	}
}
