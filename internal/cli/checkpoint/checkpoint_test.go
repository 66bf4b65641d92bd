package checkpoint

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

var (
	testHeader = Header{Command: "list", Service: "https://api.example", Settings: "--output=csv --fields=id", Since: time.Unix(1, 0).UTC()}
	testParts  = []struct{ key, text string }{{"one", "1,a\n1,b\n"}, {"two", ""}, {"three", "3,a\n"}, {"four", "4,a\n4,b\n"}}
)

const whole = "heading\n1,a\n1,b\n3,a\n4,a\n4,b\n"

// run is what a command does: it writes the parts that are not committed.
func run(t *testing.T, name string) error {
	t.Helper()
	return runFirst(t, name, len(testParts))
}

// runFirst is run for the first parts only.
func runFirst(t *testing.T, name string, parts int) error {
	t.Helper()
	file, err := Open(t.Context(), name, testHeader, []byte("heading\n"))
	if err != nil {
		return err
	}
	defer file.Close()
	for _, part := range testParts[:parts] {
		if value, done := file.Value(part.key); done {
			if value != "value of "+part.key {
				t.Errorf("the value of %s is %q", part.key, value)
			}
			continue
		}
		first, second := part.text[:len(part.text)/2], part.text[len(part.text)/2:]
		err := file.Append(part.key, []byte("discarded"))
		file.Discard(part.key)
		err = errors.Join(err, file.Append(part.key, []byte(first)), file.Append(part.key, []byte(second)), file.Commit(part.key, "value of "+part.key))
		if err != nil {
			return err
		}
	}
	return nil
}

// written returns the bytes of a file and its record after a run.
func written(t *testing.T) (output, record []byte) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := run(t, name); err != nil {
		t.Fatal(err)
	}
	return read(t, name), read(t, RecordName(name))
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return content
}

// leave writes a file and its record as something left them; nil for none.
func leave(t *testing.T, output, record []byte) (name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "file")
	for name, content := range map[string][]byte{name: output, RecordName(name): record} {
		if content == nil {
			continue
		}
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return name
}

// isWhole fails the test unless the next run completes the file.
func isWhole(t *testing.T, name, what string) {
	t.Helper()
	if err := run(t, name); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if got := read(t, name); string(got) != whole {
		t.Fatalf("%s: the file has\n%s", what, got)
	}
}

// isRefused fails the test unless the next run fails and changes nothing.
func isRefused(t *testing.T, name, what string, wants ...string) {
	t.Helper()
	output, record := read(t, name), read(t, RecordName(name))
	err := run(t, name)
	if exit.Code(err) != exit.Usage {
		t.Fatalf("%s: exit code %d: %v", what, exit.Code(err), err)
	}
	for _, want := range append(wants, "file", "restore ") {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q is missing from: %v", what, want, err)
		}
	}
	if !bytes.Equal(read(t, name), output) || !bytes.Equal(read(t, RecordName(name)), record) {
		t.Fatalf("%s: the files were changed", what)
	}
}

// The states that a run can leave when it is killed, loses power or runs out of
// space: whole lines of the record and a part of the next one, and at least the
// output that the lines describe.
func TestARunThatStopsAnywhereIsContinued(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "file")
	if err := errors.Join(runFirst(t, name, 2), run(t, name)); err != nil {
		t.Fatal(err)
	}
	output, record := read(t, name), read(t, RecordName(name))
	header := bytes.IndexByte(record, '\n') + 1
	// The length of the output by the line of the record: the heading, two parts, the
	// end of the first run, the beginning of the second, two parts, and its end.
	lengths := []int{0, 8, 16, 16, 16, 16, 20, 28, 28}
	random := rand.New(rand.NewPCG(1, 2))
	for cut := header; cut <= len(record); cut += 7 {
		lines := bytes.Count(record[:cut], []byte("\n")) - 1
		most := lengths[min(lines+1, len(lengths)-1)]
		length := lengths[lines] + random.IntN(most-lengths[lines]+1)
		isWhole(t, leave(t, output[:length], record[:cut]), "stopped at a byte")
	}
	isWhole(t, leave(t, nil, record[:header]), "stopped before the output was created")
	isWhole(t, leave(t, []byte{}, nil), "stopped before the record was created")
	isWhole(t, leave(t, output, append(bytes.Clone(record), make([]byte, 100)...)), "lost power")
	end := bytes.LastIndexByte(record[:len(record)-1], '\n') + 1
	isWhole(t, leave(t, output, slices.Concat(record[:end], make([]byte, 20), record[end+20:])), "lost power before the first block of a line was written")
	name = leave(t, []byte{}, nil)
	if err := os.WriteFile(RecordName(name)+".new", record[:header/2], 0o600); err != nil {
		t.Fatal(err)
	}
	isWhole(t, name, "stopped while the record was created")
}

// What a run that was killed has left is removed, and counted. What is there after
// the end of a run was written by others.
func TestWhatIsAfterTheRecordedPartsIsRemovedOnlyIfARunWasKilled(t *testing.T) {
	output, record := written(t)
	longer := append(bytes.Clone(output), "others"...)
	isRefused(t, leave(t, longer, record), "longer", "file has 34 bytes, and 28 were written")
	end := bytes.LastIndexByte(record[:len(record)-1], '\n') + 1 // of the last part
	name := leave(t, longer, record[:end])
	file, err := Open(t.Context(), name, testHeader, []byte("heading\n"))
	if err != nil {
		t.Fatal(err)
	}
	if file.Discarded() != 6 {
		t.Errorf("%d bytes were discarded", file.Discarded())
	}
	file.Close()
	if got := read(t, name); string(got) != whole {
		t.Errorf("the file has\n%s", got)
	}
	if got := read(t, RecordName(name)); !bytes.Equal(got, record) {
		t.Errorf("the record is\n%s", got)
	}
}

const notARecord = "is not a record of contractactions: use a different file, or restore the record"

func TestDamageIsRefused(t *testing.T) {
	t.Parallel()
	output, record := written(t)
	lines := bytes.SplitAfter(bytes.TrimSuffix(record, []byte("\n")), []byte("\n"))
	without := func(i int) []byte { return bytes.Join(slices.Delete(slices.Clone(lines), i, i+1), nil) }
	for i := 0; i < len(record)-1; i += 2 { // without the last line break: a line without its end is incomplete
		damaged := bytes.Clone(record)
		damaged[i] ^= 1 << (i % 8)
		want := "is damaged in line "
		if i < len(lines[0]) {
			want = notARecord
		}
		isRefused(t, leave(t, output, damaged), "a bit of the record", want)
	}
	for i := range output {
		damaged := bytes.Clone(output)
		damaged[i] ^= 1 << (i % 8)
		isRefused(t, leave(t, damaged, record), "a bit of the output", "edited or replaced")
		isRefused(t, leave(t, output[:i], record), "a shorter output", "28 were written")
	}
	for what, files := range map[string]struct {
		output, record []byte
		want           string
	}{
		"a last line of others":        {output, append(bytes.Clone(record), "others\n"...), "is damaged in line 8: restore it, or remove "},
		"no output":                    {nil, record, "file has 0 bytes, and 28 were written"},
		"no record":                    {output, nil, "does not exist: restore the record, or use a different file"},
		"an empty record":              {output, []byte{}, notARecord},
		"a letter":                     {output, []byte("Dear Sir,\n"), notARecord},
		"a line without an end":        {output, bytes.Repeat([]byte("x"), 2*longestLine), notARecord},
		"a record of Windows":          {output, bytes.ReplaceAll(record, []byte("\n"), []byte("\r\n")), notARecord},
		"a header without line break":  {output, bytes.Replace(record, []byte("\n"), nil, 1), notARecord},
		"a header that is cut":         {output, record[:20], notARecord},
		"a record without its header":  {output, without(0), notARecord},
		"a line that is missing":       {output, without(2), "is damaged in line 3"},
		"two lines that are swapped":   {output, bytes.Join([][]byte{lines[0], lines[2], lines[1], lines[3], lines[4]}, nil), "is damaged in line 2"},
		"a line that is there twice":   {output, bytes.Join([][]byte{lines[0], lines[1], lines[1], lines[2]}, nil), "is damaged in line 3"},
		"an output that is not theirs": {[]byte(strings.ToUpper(whole)), record, "edited or replaced"},
	} {
		isRefused(t, leave(t, files.output, files.record), what, files.want)
	}
}

func TestAFileIsContinuedByTheSameCommand(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := run(t, name); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Header){
		`by a different command: "list", not "changes"`:                   func(h *Header) { h.Command = "changes" },
		`from a different service: "https://api.example", not "http://x"`: func(h *Header) { h.Service = "http://x" },
		"without --local; ":                     func(h *Header) { h.Settings += " --local" },
		"with --fields=id; ":                    func(h *Header) { h.Settings = "--output=csv" },
		"with --output=csv, not --output=json;": func(h *Header) { h.Settings = "--output=json --fields=id" },
		"with --output=csv, not --local; ":      func(h *Header) { h.Settings = "--fields=id --local" },
		"":                                      func(h *Header) { h.Since = time.Now() },
	} {
		header := testHeader
		change(&header)
		file, err := Open(t.Context(), name, header, []byte("heading\n"))
		if want != "" {
			if exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), name+": it was begun "+want) {
				t.Errorf("got %v, want %q", err, want)
			}
			continue
		}
		if err != nil || file.Header().Since != testHeader.Since {
			t.Errorf("%v, since %v", err, file.Header().Since)
		}
		file.Close()
	}
}

func TestAFileIsForOneRunAtATime(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	file, err := Open(t.Context(), name, testHeader, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), name, testHeader, nil)
	if exit.Code(err) != exit.InUse || !strings.Contains(err.Error(), "file is in use by a different run: wait until it ends") {
		t.Errorf("exit code %d: %v", exit.Code(err), err)
	}
	if err := errors.Join(file.Append("one", []byte("1\n")), file.Commit("one", ""), file.Close()); err != nil {
		t.Error(err)
	}
	again, err := Open(t.Context(), name, testHeader, nil)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

// What others do to the files during a run is noticed before the next part is
// recorded, and nothing is written after that.
func TestAFileThatOthersChangeDuringARun(t *testing.T) {
	appendTo := func(t *testing.T, name string) {
		content := append(read(t, name), "others\n"...)
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	replace := func(t *testing.T, name string) {
		if err := os.Rename(name, name+".old"); err != nil {
			t.Skip(err) // on Windows
		}
		if err := os.WriteFile(name, read(t, name+".old"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(t *testing.T, name string) {
		if err := os.Remove(name); err != nil {
			t.Skip(err) // on Windows
		}
	}
	for _, nameOf := range []func(string) string{strings.Clone, RecordName} {
		for what, change := range map[string]func(*testing.T, string){"appended to": appendTo, "replaced": replace, "removed": remove} {
			t.Run(what, func(t *testing.T) {
				name := filepath.Join(t.TempDir(), "file")
				file, err := Open(t.Context(), name, testHeader, []byte("heading\n"))
				if err != nil {
					t.Fatal(err)
				}
				defer file.Close()
				change(t, nameOf(name))
				first := errors.Join(file.Append("one", []byte("1\n")), file.Commit("one", ""))
				if first == nil || !strings.Contains(first.Error(), nameOf(name)) {
					t.Errorf("got %v", first)
				}
				if err := file.Commit("two", ""); err == nil || err.Error() != first.Error() {
					t.Errorf("then %v", err)
				}
			})
		}
	}
}

func TestWhatIsNotAFileIsRefused(t *testing.T) {
	for _, inTheWay := range []func(string) string{strings.Clone, RecordName} {
		name := filepath.Join(t.TempDir(), "file")
		if err := os.Mkdir(inTheWay(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := run(t, name); exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), inTheWay(name)+" is not a regular file") {
			t.Errorf("exit code %d: %v", exit.Code(err), err)
		}
	}
}

func TestOpeningEndsWithItsContext(t *testing.T) {
	output, record := written(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, leave(t, output, record), testHeader, nil); !errors.Is(err, exit.ErrInterrupted) {
		t.Errorf("got %v", err)
	}
}

// runState commits values of "one" again and again, as changes does.
func runState(t *testing.T, state, output string, values ...string) error {
	t.Helper()
	file, err := OpenState(t.Context(), state, output, testHeader, []byte("heading\n"))
	if err != nil {
		return err
	}
	defer file.Close()
	for _, value := range values {
		if output != "" {
			if err := file.Append("one", []byte(value+"\n")); err != nil {
				return err
			}
		}
		if err := file.Commit("one", value); err != nil {
			return err
		}
	}
	return nil
}

// valueOf returns what the state has for "one".
func valueOf(t *testing.T, state, output string) string {
	t.Helper()
	file, err := OpenState(t.Context(), state, output, testHeader, []byte("heading\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	value, committed := file.Value("one")
	if file.IsNew() == committed {
		t.Errorf("new %v, committed %v", file.IsNew(), committed)
	}
	return value
}

func TestAStateOutlivesItsOutput(t *testing.T) {
	folder := t.TempDir()
	state, output := filepath.Join(folder, "state"), filepath.Join(folder, "output")
	has := func(want string) {
		t.Helper()
		if got := string(read(t, output)); got != want {
			t.Errorf("the output has %q, want %q", got, want)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(runState(t, state, "", "1", "2")) // without an output
	must(runState(t, state, output, "3", "4"))
	has("heading\n3\n4\n")
	must(runState(t, state, "", "5"))
	must(runState(t, state, output, "6"))
	has("heading\n3\n4\n6\n")
	must(os.Remove(output))
	if got := valueOf(t, state, output); got != "6" {
		t.Errorf("the value is %q", got)
	}
	has("heading\n")
	for size := range len("heading\n") + 1 { // a run that began it again and was killed
		must(runState(t, state, output, "7"))
		must(os.Truncate(output, int64(size)))
	}
	must(runState(t, state, output, "8"))
	has("heading\n8\n")
	for _, content := range []string{"header\n", "heading\n9\n", "heading\n8\n"[:9]} {
		must(os.WriteFile(output, []byte(content), 0o600))
		if err := runState(t, state, output, "9"); exit.Code(err) != exit.Usage {
			t.Errorf("%q: exit code %d: %v", content, exit.Code(err), err)
		}
		has(content)
	}
	other := filepath.Join(folder, "other")
	if err := errors.Join(runState(t, other, ""), runState(t, other, output, "1")); exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), "does not record what is in it") {
		t.Errorf("an output of others: exit code %d: %v", exit.Code(err), err)
	}
}

// A link stays one, and what it stands for need not exist.
func TestLinksAreFollowed(t *testing.T) {
	folder, elsewhere := t.TempDir(), t.TempDir()
	state, output := filepath.Join(folder, "state"), filepath.Join(folder, "output")
	for _, name := range []string{state, output, RecordName(output)} {
		if err := os.Symlink(filepath.Join(elsewhere, filepath.Base(name)), name); err != nil {
			t.Skip(err) // on Windows
		}
	}
	for range 2 {
		if err := errors.Join(runState(t, state, "", "1"), run(t, output)); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{state, output, RecordName(output)} {
			if _, err := os.Readlink(name); err != nil {
				t.Error(err)
			}
			if len(read(t, filepath.Join(elsewhere, filepath.Base(name)))) == 0 {
				t.Errorf("%s is empty where the link leads", name)
			}
		}
	}
}

func TestARecordDoesNotGrowWithEachRun(t *testing.T) {
	for _, output := range []string{"", filepath.Join(t.TempDir(), "output")} {
		state := filepath.Join(t.TempDir(), "state")
		if err := runState(t, state, output, "0"); err != nil {
			t.Fatal(err)
		}
		lines := func() int { return bytes.Count(read(t, state), []byte("\n")) }
		// The record of many runs.
		file, err := openRecord(state)
		if err != nil {
			t.Fatal(err)
		}
		last, err := file.load(func(part) {})
		if err != nil {
			t.Fatal(err)
		}
		var record bytes.Buffer
		err = writeRecord(&record, file.header, func(yield func(part) bool) {
			for range spareLines + 10 {
				for _, key := range []string{headingKey, "one"} {
					last.Key = key
					yield(last)
				}
			}
		})
		if err = errors.Join(err, file.Close(), os.WriteFile(state, record.Bytes(), 0o600)); err != nil {
			t.Fatal(err)
		}
		if err := runState(t, state, output, "1", "2"); err != nil {
			t.Fatal(err)
		}
		if got := lines(); got > 1+2+2+2 {
			t.Errorf("%d lines", got)
		}
		if got := valueOf(t, state, output); got != "2" {
			t.Errorf("the value is %q", got)
		}
		if err := os.Truncate(state, int64(bytes.LastIndex(read(t, state), []byte(`"value":"2"`)))); err != nil {
			t.Fatal(err)
		}
		if got := valueOf(t, state, output); got != "1" {
			t.Errorf("with an incomplete line, the value is %q", got)
		}
	}
}
