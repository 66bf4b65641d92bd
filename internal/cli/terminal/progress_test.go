package terminal

import (
	"bytes"
	"io"
	"os"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestProgressOverwritesItselfAndIsErasedAtTheEnd(t *testing.T) {
	var terminal bytes.Buffer
	line := &Progress{out: &terminal}
	line.Begin(false, 1)
	line.Page(&wrapper.Page{Actions: make([]wrapper.ContractAction, 50), TotalPages: 29, Total: 1425})
	line.Page(&wrapper.Page{Actions: make([]wrapper.ContractAction, 50)})
	line.Erase()
	line.Erase()

	const erased = "\r\x1b[K"
	clitest.Compare(t, terminal.String(), "waiting for the first page"+erased+
		"50 of 1,425 contract actions, page 1 of 29"+erased+
		"100 contract actions, page 2"+erased)
}

func TestProgressIsSilentUnlessStderrIsATerminal(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	NewProgress(io.Discard, writer).Begin(false, 1)
	writer.Close()
	if received, err := io.ReadAll(reader); err != nil || len(received) > 0 {
		t.Errorf("received %q, %v", received, err)
	}
}

func TestProgressOfSeveralAccounts(t *testing.T) {
	clitest.Compare(t, accountsProgress(120, 1000, 5400, 3, 20*time.Second), "120 of 1,000 accounts, 5,400 contract actions, 270 per second, 3 failed")
	clitest.Compare(t, accountsProgress(120, 0, 5400, 0, time.Millisecond), "120 accounts, 5,400 contract actions, 5,400 per second, 0 failed")
}
