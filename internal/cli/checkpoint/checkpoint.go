// Package checkpoint writes an output file in the course of several runs, and each
// part of it exactly once. A record beside the file has what the next run needs to
// continue after an interruption, a crash or a full disk.
package checkpoint

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// File is an output file with its record. It consists of parts, each with a key.
// Its methods are for one goroutine at a time, except Value and Committed.
type File struct {
	name    string
	output  *ownedFile
	record  *recordFile
	hash    hash.Hash         // SHA-256 of the output
	values  map[string]string // by the key of the part, when the file was opened
	pending map[string]*spool
	failure error // the first one of Append and Commit
}

// RecordName returns the name of the record of an output file.
func RecordName(name string) string { return name + ".progress" }

// Open opens an output file and its record, or creates both. What was written
// after the last Commit is removed. The heading begins the file, once.
//
// Only one process can have the file open at a time: the exit code of the error is
// then [exit.InUse]. It is [exit.Usage] if the file cannot be continued: the
// header is different, or the output or its record was changed by others. Both are
// left as they are then.
func Open(ctx context.Context, name string, header Header, heading []byte) (*File, error) {
	f := &File{name: name, hash: sha256.New(), values: make(map[string]string), pending: make(map[string]*spool)}
	if err := f.open(ctx, header); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if _, begun := f.values[headingKey]; !begun {
		if err := errors.Join(f.Append(headingKey, heading), f.Commit(headingKey, "")); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	delete(f.values, headingKey)
	return f, nil
}

const headingKey = ""

func (f *File) open(ctx context.Context, header Header) (err error) {
	if f.output, err = openOwned(f.name, 0o666); err != nil {
		return err
	}
	if err := f.createRecord(header); err != nil {
		return err
	}
	if f.record, err = openRecord(RecordName(f.name)); err != nil {
		return err
	}
	last, err := f.record.load(func(part part) { f.values[part.Key] = part.Value })
	if err != nil {
		return f.refuse(err)
	}
	if err := header.matches(f.record.header); err != nil {
		return exit.With(exit.Usage, fmt.Errorf("%s: %w; use the same, or a different file", f.name, err))
	}
	if err := f.verify(ctx, last); err != nil {
		return err
	}
	if err := errors.Join(f.record.truncate(), f.output.truncate()); err != nil {
		return err
	}
	syncFolders(f.name)
	return nil
}

// createRecord creates the record of a file that is empty. One that is not was
// written by others.
func (f *File) createRecord(header Header) error {
	if _, err := os.Lstat(RecordName(f.name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if info, err := f.output.Stat(); err != nil {
		return err
	} else if info.Size() > 0 {
		return exit.With(exit.Usage, fmt.Errorf("%s is not empty, and its record %s does not exist: restore the record, or remove %[1]s to start over",
			f.name, RecordName(f.name)))
	}
	return writeNewRecord(RecordName(f.name), header)
}

// verify returns an error unless the output begins with what was recorded.
func (f *File) verify(ctx context.Context, last part) error {
	const chunk = 16 << 20 // between two looks at the context
	for f.output.length < last.Length {
		if ctx.Err() != nil {
			return exit.IfInterrupted(ctx, context.Cause(ctx))
		}
		n, err := io.CopyN(f.hash, f.output, min(chunk, last.Length-f.output.length))
		f.output.length += n
		if err == io.EOF {
			return f.refuse(fmt.Errorf("%s has %d bytes, and %d were written", f.name, f.output.length, last.Length))
		}
		if err != nil {
			return err
		}
	}
	if last.SHA256 != "" && last.SHA256 != sum(f.hash) {
		return f.refuse(fmt.Errorf("%s is not what was written: it was edited or replaced", f.name))
	}
	return nil
}

// refuse adds what to do to the reason why a file cannot be continued.
func (f *File) refuse(reason error) error {
	return exit.With(exit.Usage, fmt.Errorf("%w: restore it, or remove %s and %s to start over", reason, f.name, RecordName(f.name)))
}

// Name returns the name that the file was opened with.
func (f *File) Name() string { return f.name }

// Header returns the header with which the file was begun.
func (f *File) Header() Header { return f.record.header }

// Value returns the value of a part, and whether it was committed before the file
// was opened. A nil File has no parts.
func (f *File) Value(key string) (value string, committed bool) {
	if f == nil {
		return "", false
	}
	value, committed = f.values[key]
	return value, committed
}

// Committed returns the keys and values that were committed before the file was
// opened.
func (f *File) Committed() iter.Seq2[string, string] { return maps.All(f.values) }

// Append adds data to a part that is not committed. Much of it is stored in a
// temporary file.
func (f *File) Append(key string, data []byte) error {
	if f.failure != nil {
		return f.failure
	}
	part := f.pending[key]
	if part == nil {
		part = new(spool)
		f.pending[key] = part
	}
	_, f.failure = part.Write(data)
	return f.failure
}

// Discard removes a part that is not committed.
func (f *File) Discard(key string) {
	if part := f.pending[key]; part != nil {
		part.discard()
		delete(f.pending, key)
	}
}

// Commit writes a part to the file, and then its key and value to the record. Both
// are on the disk when it returns. After an error, every Append and Commit returns
// the same one: the next Open continues.
func (f *File) Commit(key, value string) error {
	if f.failure == nil {
		f.failure = f.commit(key, value)
	}
	f.Discard(key)
	return f.failure
}

func (f *File) commit(key, value string) error {
	if err := errors.Join(f.output.verify(), f.record.verify()); err != nil {
		return err
	}
	if data := f.pending[key]; data != nil {
		if err := data.writeTo(io.MultiWriter(f.output, f.hash)); err != nil {
			return err
		}
	}
	// The record must never be ahead of the file.
	if err := f.output.Sync(); err != nil {
		return err
	}
	return f.record.add(part{Key: key, Value: value, Length: f.output.length, SHA256: sum(f.hash)})
}

// Close closes both files. Parts that are not committed are lost.
func (f *File) Close() error {
	for key := range f.pending {
		f.Discard(key)
	}
	var errs []error
	if f.record != nil {
		errs = append(errs, f.record.Close())
	}
	if f.output != nil {
		errs = append(errs, f.output.Close())
	}
	return errors.Join(errs...)
}

// syncFolders writes the names of new files to the disk, which not every system
// can do.
func syncFolders(name string) {
	folders := []string{filepath.Dir(name)}
	if target, err := filepath.EvalSymlinks(name); err == nil {
		folders = append(folders, filepath.Dir(target))
	}
	for _, folder := range folders {
		if directory, err := os.Open(folder); err == nil {
			_ = directory.Sync()
			directory.Close()
		}
	}
}
