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
	"os"
	"time"
)

// Header is the first line of a record. It identifies what the output is.
type Header struct {
	Command  string    `json:"command"`
	Version  int       `json:"version"` // of the record; set by this package
	Service  string    `json:"service"`
	Settings string    `json:"settings"` // the flags that determine what is printed
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
		{"with different flags", begun.Settings, h.Settings},
	} {
		if field.begun != field.now {
			return fmt.Errorf("it was begun %s: %q, not %q", field.what, field.begun, field.now)
		}
	}
	return nil
}

// recordFile is a record. Each line is a checksum and JSON. The checksum covers
// all JSON so far, so that a line that is missing is noticed as well.
type recordFile struct {
	*ownedFile
	header   Header
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

// writeNewRecord creates a record with its header. It has its name only once it is
// on the disk, so that a header is never incomplete.
func writeNewRecord(name string, header Header) (err error) {
	header.Version = version
	line, _, err := encode(header, 0)
	if err != nil {
		return err
	}
	temporary := name + ".new"
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(line)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return os.Rename(temporary, name)
}

func openRecord(name string) (*recordFile, error) {
	file, err := openOwned(name, 0o600)
	if err != nil {
		return nil, err
	}
	return &recordFile{ownedFile: file}, nil
}

// longestLine bounds the memory for a file that is not a record.
const longestLine = 1 << 20

// load reads the record, and returns the last part. An incomplete last line does
// not count: it was written when the run was killed, or the disk was full.
func (r *recordFile) load(each func(part)) (last part, err error) {
	reader := bufio.NewReaderSize(r.ownedFile, longestLine)
	for number := 1; ; number++ {
		line, err := reader.ReadSlice('\n')
		if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
			return part{}, err
		}
		if len(line) == 0 && number > 1 {
			return last, nil
		}
		var read part
		target := any(&read)
		if number == 1 {
			target = &r.header
		}
		checksum, ok := decode(line, target, r.checksum)
		if !ok {
			if _, err := reader.Peek(1); err == io.EOF && number > 1 {
				return last, nil
			}
			return part{}, fmt.Errorf("%s is damaged in line %d", r.Name(), number)
		}
		r.checksum = checksum
		r.length += int64(len(line))
		if number > 1 {
			last = read
			each(read)
		}
	}
}

// add writes a line to the disk.
func (r *recordFile) add(part part) error {
	line, checksum, err := encode(part, r.checksum)
	if err != nil {
		return err
	}
	if _, err := r.Write(line); err != nil {
		return err
	}
	r.checksum = checksum
	return r.Sync()
}

func sum(hash hash.Hash) string { return hex.EncodeToString(hash.Sum(nil)) }
