// Package checkpoint writes an output file in the course of several runs, and each
// part of it exactly once. A record beside the file has what the next run needs to
// continue after an interruption, a crash or a full disk.
package checkpoint

import (
	"cmp"
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
	"slices"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// File is an output file with its record. It consists of parts, each with a key.
// Its methods are for one goroutine at a time, except Value and Committed.
type File struct {
	name       string // of the output; empty if there is none
	recordName string
	kind       string // of the record, for errors
	mayStart   bool   // whether an output that is missing is begun again

	output  *ownedFile // nil if there is none
	record  *recordFile
	hash    hash.Hash         // SHA-256 of the output
	last    part              // that was recorded
	values  map[string]string // by the key of the part, when the file was opened
	pending map[string]*spool
	failure error // the first one of Append and Commit

	writing   bool  // whether the output can have more than was recorded
	discarded int64 // bytes of the output
}

// RecordName returns the name of the record of an output file.
func RecordName(name string) string { return name + ".progress" }

// Open opens an output file and its record, or creates both. What a run that did not
// end with Close has written after its last Commit is removed. The heading begins
// the file, once.
//
// Only one process can have the file open at a time: the exit code of the error is
// then [exit.InUse]. It is [exit.Usage] if the file cannot be continued: the
// header is different, or the output or its record was changed by others. Both are
// left as they are then.
func Open(ctx context.Context, name string, header Header, heading []byte) (*File, error) {
	return open(ctx, File{name: name, recordName: RecordName(name), kind: "record"}, header, heading)
}

// OpenState is [Open] for a record that has a name of its own and outlives its
// output: an output that is missing or empty was taken away, and is begun again. If
// the name of the output is empty there is none, and Append must not be used. Parts
// can be committed again.
func OpenState(ctx context.Context, record, output string, header Header, heading []byte) (*File, error) {
	return open(ctx, File{name: output, recordName: record, kind: "state file", mayStart: true}, header, heading)
}

func open(ctx context.Context, file File, header Header, heading []byte) (*File, error) {
	f := &file
	f.hash, f.values, f.pending = sha256.New(), make(map[string]string), make(map[string]*spool)
	if err := f.load(ctx, header, heading); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	state, begun := f.values[headingKey]
	f.writing = f.output != nil && state != closed
	if !begun && f.output != nil {
		if err := errors.Join(f.Append(headingKey, heading), f.Commit(headingKey, "")); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	delete(f.values, headingKey)
	return f, nil
}

// The heading is recorded again, with a different value, when a run ends, and
// before the next one writes: no bytes can follow what is recorded in between.
const (
	headingKey = ""
	closed     = "closed"
)

func (f *File) load(ctx context.Context, header Header, heading []byte) (err error) {
	if f.name != "" {
		if f.output, err = openOwned(f.name, 0o666); err != nil {
			return err
		}
	}
	if err := f.openRecord(header); err != nil {
		return err
	}
	f.last, err = f.record.load(func(part part) { f.values[part.Key] = part.Value })
	if errors.Is(err, errNotRecord) {
		return exit.With(exit.Usage, fmt.Errorf("%s is not a %s of contractactions: use a different file, or restore the %[2]s", f.recordName, f.kind))
	}
	if err != nil {
		return f.refuse(err)
	}
	if err := header.matches(f.record.header); err != nil {
		return exit.With(exit.Usage, fmt.Errorf("%s: %w; use the same, or a different file", cmp.Or(f.name, f.recordName), err))
	}
	if f.output != nil {
		if err := f.checkOutput(ctx, heading); err != nil {
			return err
		}
	}
	if err := f.record.truncate(); err != nil {
		return err
	}
	if err := f.compact(); err != nil {
		return err
	}
	syncFolders(f.name, f.recordName)
	return nil
}

// checkOutput returns an error unless the output is what was recorded, or can be
// begun. It removes what was not recorded.
func (f *File) checkOutput(ctx context.Context, heading []byte) error {
	size, isHeading, err := f.output.startsLike(heading)
	if err != nil {
		return err
	}
	state, begun := f.values[headingKey]
	switch {
	case !begun && !isHeading:
		return exit.With(exit.Usage, fmt.Errorf("%s is not empty, and %s does not record what is in it: use a different file", f.name, f.recordName))
	case f.mayStart && isHeading && size < f.last.Length:
		delete(f.values, headingKey)
	default:
		if err := f.verify(ctx, f.last); err != nil {
			return err
		}
		if f.discarded = size - f.last.Length; state == closed && f.discarded > 0 {
			return f.refuseOutput(wrongSize(f.name, size, f.last.Length))
		}
	}
	return f.output.truncate()
}

// openRecord opens the record. If it is missing or empty, it is begun, unless the
// output is not empty: that was written by others.
func (f *File) openRecord(header Header) error {
	var written int64 // bytes of the output
	if f.output != nil {
		info, err := f.output.Stat()
		if err != nil {
			return err
		}
		written = info.Size()
	}
	if _, err := os.Stat(f.recordName); errors.Is(err, fs.ErrNotExist) && written > 0 {
		return exit.With(exit.Usage, fmt.Errorf("%s is not empty, and its record %s does not exist: restore the record, or use a different file",
			f.name, f.recordName))
	}
	var err error
	if f.record, err = openRecord(f.recordName); err != nil {
		return err
	}
	info, err := f.record.Stat()
	if err == nil && info.Size() == 0 && written == 0 {
		err = f.replaceRecord(header, nil)
	}
	return err
}

// spareLines is the number of lines that a record may have beyond two for each key.
const spareLines = 1000

// compact replaces a record that has many lines for the same keys: each time a part
// is committed again, it has one more.
func (f *File) compact() error {
	if f.record.lines <= 2*len(f.values)+spareLines {
		return nil
	}
	err := f.replaceRecord(f.record.header, func(yield func(part) bool) {
		for _, key := range slices.Sorted(maps.Keys(f.values)) {
			if !yield(part{Key: key, Value: f.values[key], Length: f.last.Length, SHA256: f.last.SHA256}) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	if _, err := f.record.load(func(part) {}); err != nil {
		return err
	}
	return f.record.truncate()
}

// replaceRecord replaces the record, and opens the new one before others can.
func (f *File) replaceRecord(header Header, parts iter.Seq[part]) error {
	old := f.record
	err := writeNewRecord(f.recordName, header, parts)
	if err != nil { // Windows cannot replace a file that is open
		f.record = nil
		err = errors.Join(old.Close(), writeNewRecord(f.recordName, header, parts))
	}
	if err == nil {
		f.record, err = openRecord(f.recordName)
	}
	old.Close()
	return err
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
			return f.refuseOutput(wrongSize(f.name, f.output.length, last.Length))
		}
		if err != nil {
			return err
		}
	}
	if last.SHA256 != "" && last.SHA256 != sum(f.hash) {
		return f.refuseOutput(fmt.Errorf("%s is not what was written: it was edited or replaced", f.name))
	}
	return nil
}

func wrongSize(name string, size, written int64) error {
	return fmt.Errorf("%s has %d bytes, and %d were written", name, size, written)
}

// refuse adds what to do to the reason why a file cannot be continued.
func (f *File) refuse(reason error) error {
	both := f.recordName
	if f.name != "" {
		both = f.name + " and " + both
	}
	return exit.With(exit.Usage, fmt.Errorf("%w: restore it, or remove %s to start over", reason, both))
}

// refuseOutput is refuse for the output. That of a state can be any file, whose
// content may be of value to the user.
func (f *File) refuseOutput(reason error) error {
	if f.mayStart {
		return exit.With(exit.Usage, fmt.Errorf("%w: restore it, or use a different file", reason))
	}
	return f.refuse(reason)
}

// Name returns the name that the file was opened with.
func (f *File) Name() string { return f.name }

// IsNew reports whether nothing was committed before the file was opened.
func (f *File) IsNew() bool { return len(f.values) == 0 }

// Discarded returns the number of bytes that Open removed from the output.
func (f *File) Discarded() int64 { return f.discarded }

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

// CheckValues returns an error with the exit code [exit.Usage] if a value that was
// committed is not valid.
func (f *File) CheckValues(check func(value string) error) error {
	for key, value := range f.values {
		if err := check(value); err != nil {
			return f.refuse(fmt.Errorf("%s is damaged: the value of %q: %w", f.recordName, key, err))
		}
	}
	return nil
}

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
	if err := f.record.verify(); err != nil {
		return err
	}
	if f.output != nil {
		if err := f.write(f.pending[key]); err != nil {
			return err
		}
		f.last.Length, f.last.SHA256 = f.output.length, sum(f.hash)
	}
	f.last.Key, f.last.Value = key, value
	return f.record.add(f.last)
}

// write writes a part to the output, and to the disk: the record must never be ahead
// of it.
func (f *File) write(data *spool) error {
	if err := f.output.verify(); err != nil {
		return err
	}
	if data != nil {
		if !f.writing {
			if err := f.mark(""); err != nil {
				return err
			}
			f.writing = true
		}
		if err := data.writeTo(io.MultiWriter(f.output, f.hash)); err != nil {
			return err
		}
	}
	return f.output.Sync()
}

// mark records whether the output is closed.
func (f *File) mark(state string) error {
	mark := f.last
	mark.Key, mark.Value = headingKey, state
	return f.record.add(mark)
}

// Close records that nothing is being written, and closes both files. Parts that are
// not committed are lost.
func (f *File) Close() error {
	for key := range f.pending {
		f.Discard(key)
	}
	var errs []error
	if f.writing && f.failure == nil {
		if err := f.record.verify(); err != nil {
			errs = append(errs, err)
		} else {
			errs = append(errs, f.mark(closed))
		}
	}
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
func syncFolders(names ...string) {
	for _, name := range names {
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
}
