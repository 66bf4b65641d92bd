package terminal

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

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
