package checkpoint

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// ownedFile is a file that no other process may change while it is open.
type ownedFile struct {
	*os.File
	length int64 // of what belongs to it, and the offset of the next write
}

// openOwned opens a file, or creates it with these permissions. Errors of the name
// have the exit code of a usage error.
func openOwned(name string, permissions fs.FileMode) (*ownedFile, error) {
	// Opening a named pipe would wait for its other end.
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, exit.With(exit.Usage, fmt.Errorf("%s is not a regular file: use the name of a file, which is created if it does not exist", name))
	}
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, permissions)
	if err != nil {
		return nil, exit.With(exit.Usage, err)
	}
	if err := lock(file); err != nil {
		file.Close()
		if errors.Is(err, errLocked) {
			return nil, exit.With(exit.InUse, fmt.Errorf("%s is in use by a different run: wait until it ends, or use a different file", name))
		}
		return nil, exit.With(exit.Usage, fmt.Errorf("lock %s: %w: use a file on a disk that supports locks", name, err))
	}
	owned := &ownedFile{File: file}
	if named, err := owned.isNamed(); err != nil || !named {
		file.Close()
		return nil, exit.With(exit.InUse, fmt.Errorf("%s was just replaced by a different run: run the command again", name))
	}
	return owned, nil
}

var errLocked = errors.New("a different process has the lock")

// Write writes at the end of the file.
func (f *ownedFile) Write(data []byte) (int, error) {
	n, err := f.File.Write(data)
	f.length += int64(n)
	return n, err
}

// truncate removes what is after the length, and continues there.
func (f *ownedFile) truncate() error {
	if err := f.Truncate(f.length); err != nil {
		return err
	}
	if _, err := f.Seek(f.length, io.SeekStart); err != nil {
		return err
	}
	return f.Sync()
}

// startsLike returns the size of the file, and whether it consists of the beginning
// of a text.
func (f *ownedFile) startsLike(text []byte) (size int64, is bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, false, err
	}
	if info.Size() > int64(len(text)) {
		return info.Size(), false, nil
	}
	content := make([]byte, info.Size())
	if _, err := f.ReadAt(content, 0); err != nil {
		return 0, false, err
	}
	return info.Size(), bytes.HasPrefix(text, content), nil
}

// isNamed reports whether the name of the file still stands for it.
func (f *ownedFile) isNamed() (bool, error) {
	opened, err := f.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Stat(f.Name())
	return err == nil && os.SameFile(opened, named), err
}

// verify returns an error if the file was removed, replaced or changed.
func (f *ownedFile) verify() error {
	named, err := f.isNamed()
	if err != nil {
		return err
	}
	if info, err := f.Stat(); err != nil {
		return err
	} else if !named || info.Size() != f.length {
		return fmt.Errorf("%s was replaced or changed by a different program during the run", f.Name())
	}
	return nil
}
