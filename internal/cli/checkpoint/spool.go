package checkpoint

import (
	"bytes"
	"io"
	"os"
)

// spool buffers output: up to 1 MiB in memory, the rest in a temporary file that
// only the user can read. The zero value is empty.
type spool struct {
	memory bytes.Buffer
	file   *os.File
}

// mostInMemory bounds the memory of each part.
const mostInMemory = 1 << 20

// Write implements io.Writer.
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
		// Where an open file can be removed, none is left however the program ends.
		_ = os.Remove(file.Name())
	}
	return s.file.Write(data)
}

// writeTo writes everything that was written to out.
func (s *spool) writeTo(out io.Writer) error {
	if _, err := s.memory.WriteTo(out); err != nil || s.file == nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(out, s.file)
	return err
}

// discard removes the temporary file.
func (s *spool) discard() {
	if s.file == nil {
		return
	}
	s.file.Close()
	_ = os.Remove(s.file.Name()) // which fails where Write has removed it
}
