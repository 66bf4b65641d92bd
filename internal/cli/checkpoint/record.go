package checkpoint

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Header is the first line of a record. It identifies what the output is.
type Header struct {
	Command  string    `json:"command"`
	Version  int       `json:"version"` // of the record; set by this package
	Service  string    `json:"service"`
	Settings string    `json:"settings"` // the flags that determine what is printed, separated by spaces
	Since    time.Time `json:"since"`    // of the first run; may differ in the others
}

const version = 1

// part is any other line of a record.
type part struct {
	Key    string `json:"key"`
	Value  string `json:"value,omitempty"`
	Length int64  `json:"length"` // of the output after the part
	SHA256 string `json:"sha256"` // of these bytes
}

// matches returns an error if the header of a record differs.
func (h Header) matches(begun Header) error {
	for _, field := range []struct{ what, begun, now string }{
		{"by a different command", begun.Command, h.Command},
		{"by a different version", fmt.Sprint(begun.Version), fmt.Sprint(version)},
		{"from a different service", begun.Service, h.Service},
	} {
		if field.begun != field.now {
			return fmt.Errorf("it was begun %s: %q, not %q", field.what, field.begun, field.now)
		}
	}
	begunWith, now := difference(begun.Settings, h.Settings), difference(h.Settings, begun.Settings)
	switch {
	case begunWith == "" && now == "":
		return nil
	case begunWith == "":
		return fmt.Errorf("it was begun without %s", now)
	case now == "":
		return fmt.Errorf("it was begun with %s", begunWith)
	}
	return fmt.Errorf("it was begun with %s, not %s", begunWith, now)
}

// difference returns the flags that are only in the first text.
func difference(flags, others string) string {
	known := strings.Fields(others)
	only := slices.DeleteFunc(strings.Fields(flags), func(flag string) bool { return slices.Contains(known, flag) })
	return strings.Join(only, " ")
}

// recordFile is a record. Each line is a checksum and JSON. The checksum covers
// all JSON so far, so that a line that is missing is noticed as well.
type recordFile struct {
	*ownedFile
	header   Header
	lines    int    // after the header
	checksum uint32 // of the last line
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encode returns a line and its checksum, given that of the line before.
func encode(value any, checksum uint32) (line []byte, next uint32, err error) {
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, 0, err
	}
	next = crc32.Update(checksum, castagnoli, encoded)
	return fmt.Appendf(nil, "%08x %s\n", next, encoded), next, nil
}

// decode reports whether a line is what encode returned.
func decode(line []byte, value any, checksum uint32) (next uint32, ok bool) {
	stated, encoded, _ := bytes.Cut(line, []byte(" "))
	encoded, ended := bytes.CutSuffix(encoded, []byte("\n"))
	next = crc32.Update(checksum, castagnoli, encoded)
	return next, ended && fmt.Sprintf("%08x", next) == string(stated) && json.Unmarshal(encoded, value) == nil
}

// writeNewRecord replaces a record. It has its name only once it is on the disk, so
// that it is never incomplete. nil stands for no parts.
func writeNewRecord(name string, header Header, parts iter.Seq[part]) error {
	if target, err := filepath.EvalSymlinks(name); err == nil { // a link stays one
		name = target
	}
	temporary := name + ".new"
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = writeRecord(file, header, parts)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return nil
}

func writeRecord(out io.Writer, header Header, parts iter.Seq[part]) error {
	header.Version = version
	buffered := bufio.NewWriter(out)
	line, checksum, err := encode(header, 0)
	if err != nil {
		return err
	}
	buffered.Write(line)
	if parts != nil {
		for part := range parts {
			if line, checksum, err = encode(part, checksum); err != nil {
				return err
			}
			buffered.Write(line)
		}
	}
	return buffered.Flush()
}

func openRecord(name string) (*recordFile, error) {
	file, err := openOwned(name, 0o600)
	if err != nil {
		return nil, err
	}
	return &recordFile{ownedFile: file}, nil
}

// longestLine bounds the memory for a file that is not a record.
const longestLine = 16 << 20

var errNotRecord = errors.New("not a record")

// load reads the record, and returns the last part. An incomplete last line does
// not count: it was written when the run was killed, or the disk was full. The error
// is errNotRecord if the first line is not a header.
func (r *recordFile) load(each func(part)) (last part, err error) {
	lines := bufio.NewScanner(r.ownedFile)
	lines.Buffer(nil, longestLine)
	lines.Split(wholeLines)
	number, incomplete := 0, false
	for lines.Scan() {
		if number++; incomplete {
			return part{}, r.damaged(number - 1)
		}
		var read part
		target := any(&read)
		if number == 1 {
			target = &r.header
		}
		checksum, ok := decode(lines.Bytes(), target, r.checksum)
		if !ok {
			if incomplete = isIncomplete(lines.Bytes()); incomplete && number > 1 {
				continue
			}
			return part{}, r.damaged(number)
		}
		r.checksum = checksum
		r.length += int64(len(lines.Bytes()))
		if number > 1 {
			r.lines++
			last = read
			each(read)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return part{}, r.damaged(number + 1)
	case err != nil:
		return part{}, err
	case number == 0:
		return part{}, r.damaged(1)
	}
	return last, nil
}

// isIncomplete reports whether only a part of a line was written. After a loss of
// power, blocks that were not written consist of zeros.
func isIncomplete(line []byte) bool {
	return !bytes.HasSuffix(line, []byte("\n")) || bytes.IndexByte(line, 0) >= 0
}

func (r *recordFile) damaged(line int) error {
	if line == 1 {
		return errNotRecord
	}
	return fmt.Errorf("%s is damaged in line %d", r.Name(), line)
}

// wholeLines is a [bufio.SplitFunc] for lines with their ends.
func wholeLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if end := bytes.IndexByte(data, '\n'); end >= 0 {
		return end + 1, data[:end+1], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// add writes a line to the disk.
func (r *recordFile) add(part part) error {
	line, checksum, err := encode(part, r.checksum)
	if err != nil {
		return err
	}
	if len(line) > longestLine {
		return fmt.Errorf("%s: the value of %.80q needs %d bytes, more than can be read again", r.Name(), part.Key, len(line))
	}
	if _, err := r.Write(line); err != nil {
		return err
	}
	r.lines++
	r.checksum = checksum
	return r.Sync()
}

func sum(hash hash.Hash) string { return hex.EncodeToString(hash.Sum(nil)) }
