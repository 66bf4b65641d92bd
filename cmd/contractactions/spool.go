package main

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// spool holds what is not to be printed yet: a little in memory, the rest in a
// temporary file that only the user can read. The zero value is empty.
type spool struct {
	memory bytes.Buffer
	file   *os.File
}

// mostInMemory is how much each account under way may hold in memory.
const mostInMemory = 1 << 20

func (s *spool) Write(data []byte) (int, error) {
	if s.file == nil && s.memory.Len()+len(data) <= mostInMemory {
		return s.memory.Write(data)
	}
	if s.file == nil {
		file, err := os.CreateTemp("", "contractactions-*")
		if err != nil {
			return 0, err
		}
		s.file = file
		// Where a file in use can be removed, it is gone however the program ends.
		_ = os.Remove(file.Name())
	}
	return s.file.Write(data)
}

// WriteTo copies everything that was written.
func (s *spool) WriteTo(out io.Writer) (int64, error) {
	n, err := s.memory.WriteTo(out)
	if err != nil || s.file == nil {
		return n, err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return n, err
	}
	more, err := io.Copy(out, s.file)
	return n + more, err
}

func (s *spool) discard() {
	if s.file == nil {
		return
	}
	s.file.Close()
	if err := os.Remove(s.file.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return // nothing that the user could do now
	}
}
