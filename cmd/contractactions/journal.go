package main

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
)

// journal is the file of --resume. Its first line says which listing it belongs
// to; each other line is the id of an account whose contract actions have all
// been printed. A line counts once its line break is there.
type journal struct {
	file *os.File
	name string
	done map[string]struct{}

	since time.Time // what --since meant when the listing began
}

// journalHeader is the first line of a journal.
type journalHeader struct {
	Program  string    `json:"program"`
	Version  int       `json:"version"`
	Service  string    `json:"service"`
	Settings string    `json:"settings"` // the flags that say what is printed
	Since    time.Time `json:"since"`
}

const (
	journalProgram = "contractactions list"
	journalVersion = 1
)

// openJournal opens a journal, or begins one with the header. It is for one
// process at a time.
func openJournal(name string, header journalHeader) (*journal, error) {
	header.Program, header.Version = journalProgram, journalVersion
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, usageError{fmt.Errorf("--resume: %w", err)}
	}
	j := &journal{file: file, name: name, done: make(map[string]struct{}), since: header.Since}
	if err := j.load(header); err != nil {
		file.Close()
		return nil, fmt.Errorf("--resume: %s: %w", name, err)
	}
	return j, nil
}

func (j *journal) load(header journalHeader) error {
	if err := lock(j.file); err != nil {
		return usageError{errors.New("another run is using it")}
	}
	reader := bufio.NewReader(j.file)
	first, err := reader.ReadString('\n')
	if err == io.EOF && first == "" {
		return j.begin(header)
	}
	if err := header.matches(first); err != nil {
		return usageError{err}
	}
	if err := json.Unmarshal([]byte(first), &header); err != nil {
		return err
	}
	j.since = header.Since
	whole := int64(len(first))
	for {
		line, err := reader.ReadString('\n')
		if err == io.EOF {
			// What is left of a line that was being written when the machine
			// stopped does not count.
			return j.cut(whole)
		}
		if err != nil {
			return err
		}
		whole += int64(len(line))
		j.done[strings.TrimSuffix(line, "\n")] = struct{}{}
	}
}

func (j *journal) begin(header journalHeader) error {
	line, err := json.Marshal(header)
	if err != nil {
		return err
	}
	if err := j.write(string(line)); err != nil {
		return err
	}
	// The name of a new file is in its directory. Not every system lets that
	// be synchronized.
	if directory, err := os.Open(filepath.Dir(j.name)); err == nil {
		_ = directory.Sync()
		directory.Close()
	}
	return nil
}

// matches says what differs between this listing and the one that a first line
// belongs to.
func (h journalHeader) matches(line string) error {
	var began journalHeader
	if json.Unmarshal([]byte(line), &began) != nil || began.Program != h.Program {
		return errors.New("this is not a file of --resume; name one that does not exist yet")
	}
	for _, part := range []struct{ what, began, now string }{
		{"another version of the file", fmt.Sprint(began.Version), fmt.Sprint(h.Version)},
		{"another service", began.Service, h.Service},
		{"other flags", began.Settings, h.Settings},
	} {
		if part.began != part.now {
			return fmt.Errorf("it belongs to a listing with %s, %q and not %q; list as then, or name a new file", part.what, part.began, part.now)
		}
	}
	return nil
}

func (j *journal) cut(size int64) error {
	if err := j.file.Truncate(size); err != nil {
		return err
	}
	_, err := j.file.Seek(size, io.SeekStart)
	return err
}

// add notes an account as done. When it returns, that is on the disk.
func (j *journal) add(accountID string) error {
	if err := j.write(accountID); err != nil {
		return fmt.Errorf("--resume: %w", err)
	}
	return nil
}

func (j *journal) write(line string) error {
	if _, err := j.file.WriteString(line + "\n"); err != nil {
		return err
	}
	return j.file.Sync()
}

// has reports whether an account was done when the journal was opened.
func (j *journal) has(accountID string) bool {
	if j == nil {
		return false
	}
	_, done := j.done[accountID]
	return done
}

func (j *journal) close() {
	if j != nil {
		j.file.Close()
	}
}
