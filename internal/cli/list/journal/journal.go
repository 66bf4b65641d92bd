// Package journal keeps the file of list --resume: which accounts are done.
package journal

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// Journal is the file of --resume. Its first line identifies the listing; each
// other line is the id of an account whose contract actions have all been printed.
// A line counts once its line break has been written. A nil Journal has no
// accounts.
type Journal struct {
	file *os.File
	name string
	done map[string]struct{}

	since time.Time
}

// Header is the first line of a journal.
type Header struct {
	Program  string    `json:"program"`
	Version  int       `json:"version"`
	Service  string    `json:"service"`
	Settings string    `json:"settings"` // the flags that determine what is printed
	Since    time.Time `json:"since"`    // of --since, when the listing began
}

const (
	program = "contractactions list"
	version = 1
)

// Open opens a journal, or creates one with the header. Only one process can have
// it open at a time. The errors carry their exit codes.
func Open(name string, header Header) (*Journal, error) {
	header.Program, header.Version = program, version
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("--resume: %w", err))
	}
	j := &Journal{file: file, name: name, done: make(map[string]struct{}), since: header.Since}
	if err := j.load(header); err != nil {
		file.Close()
		return nil, fmt.Errorf("--resume: %s: %w", name, err)
	}
	return j, nil
}

func (j *Journal) load(header Header) error {
	if err := lock(j.file); err != nil {
		return exit.With(exit.Usage, errors.New("the file is in use by a different run"))
	}
	reader := bufio.NewReader(j.file)
	first, err := reader.ReadString('\n')
	if err == io.EOF && first == "" {
		return j.begin(header)
	}
	if err := header.matches(first); err != nil {
		return exit.With(exit.Usage, err)
	}
	if err := json.Unmarshal([]byte(first), &header); err != nil {
		return err
	}
	j.since = header.Since
	whole := int64(len(first))
	for {
		line, err := reader.ReadString('\n')
		if err == io.EOF {
			// An incomplete line, written when the machine stopped, does not count.
			return j.truncate(whole)
		}
		if err != nil {
			return err
		}
		whole += int64(len(line))
		j.done[strings.TrimSuffix(line, "\n")] = struct{}{}
	}
}

func (j *Journal) begin(header Header) error {
	line, err := json.Marshal(header)
	if err != nil {
		return err
	}
	if err := j.write(string(line)); err != nil {
		return err
	}
	// The name of a new file is in its directory, which not every system can
	// synchronize.
	if directory, err := os.Open(filepath.Dir(j.name)); err == nil {
		_ = directory.Sync()
		directory.Close()
	}
	return nil
}

// matches returns an error if a first line belongs to a different listing.
func (h Header) matches(line string) error {
	var began Header
	if json.Unmarshal([]byte(line), &began) != nil || began.Program != h.Program {
		return errors.New("this file was not written by --resume; use the name of a new file")
	}
	for _, part := range []struct{ what, began, now string }{
		{"a different version of the file", fmt.Sprint(began.Version), fmt.Sprint(h.Version)},
		{"a different service", began.Service, h.Service},
		{"different flags", began.Settings, h.Settings},
	} {
		if part.began != part.now {
			return fmt.Errorf("it belongs to a listing with %s: %q, not %q; use the same, or the name of a new file", part.what, part.began, part.now)
		}
	}
	return nil
}

func (j *Journal) truncate(size int64) error {
	if err := j.file.Truncate(size); err != nil {
		return err
	}
	_, err := j.file.Seek(size, io.SeekStart)
	return err
}

// Add records that an account is done, and writes it to the disk.
func (j *Journal) Add(accountID string) error {
	if err := j.write(accountID); err != nil {
		return fmt.Errorf("--resume: %w", err)
	}
	return nil
}

func (j *Journal) write(line string) error {
	if _, err := j.file.WriteString(line + "\n"); err != nil {
		return err
	}
	return j.file.Sync()
}

// Has reports whether an account was done when the journal was opened.
func (j *Journal) Has(accountID string) bool {
	if j == nil {
		return false
	}
	_, done := j.done[accountID]
	return done
}

// Empty reports whether no account was done when the journal was opened.
func (j *Journal) Empty() bool { return j == nil || len(j.done) == 0 }

// Since returns the time of the header: the start of a listing that is resumed
// determines what --since means.
func (j *Journal) Since() time.Time { return j.since }

// Close closes the file.
func (j *Journal) Close() {
	if j != nil {
		j.file.Close()
	}
}
