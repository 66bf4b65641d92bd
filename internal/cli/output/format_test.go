package output

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestSpreadsheetsRunNoCell(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1":               "'=1+1",
		"+1":                 "'+1",
		"-1":                 "'-1",
		"@SUM(A1)":           "'@SUM(A1)",
		"\t=1":               `'\t=1`,
		"\r=1":               `'\r=1`,
		"a=1":                "a=1",
		"":                   "",
		"ümlaut first":       "ümlaut first",
		"＝1＋1":               "'＝1＋1",
		"＋1":                 "'＋1",
		"－1":                 "'－1",
		"＠SUM":               "'＠SUM",
		"﹦1":                 "'﹦1",
		"a;=1":               "a;'=1",
		"a;＝1;@x":            "a;'＝1;'@x",
		";-1":                ";'-1",
		"'=1":                "''=1",
		"a;'=1":              "a;''=1",
		"'tis":               "'tis",
		"a; b=1, -2":         "a; b=1, -2",
		"a\nb":               `a\nb`,
		`a\nb`:               `a\\nb`,
		`C:\temp`:            `C:\\temp`,
		"می\u200cخواهم":      "می\u200cخواهم",      // with a zero-width non-joiner
		"ක්\u200dෂ 👩\u200d👧": "ක්\u200dෂ 👩\u200d👧", // with zero-width joiners
		"\u200d=1":           `\u200d=1`,
		"a \u200cb":          `a \u200cb`,
	} {
		t.Run(text, func(t *testing.T) { clitest.Compare(t, spreadsheetCell(text), want) })
	}
}

// original reads a cell back, as the help describes it.
func original(t *testing.T, cell string) string {
	t.Helper()
	var text strings.Builder
	for rest := cell; rest != ""; {
		character, _, tail, err := strconv.UnquoteChar(rest, 0)
		if err != nil {
			t.Fatalf("%q: %v", cell, err)
		}
		text.WriteRune(character)
		rest = tail
	}
	return regexp.MustCompile(`(^|;)'('*[=+\-@＝＋－＠﹦﹢﹣﹫\t\r])`).ReplaceAllString(text.String(), "$1$2")
}

func FuzzACellIsReadBack(f *testing.F) {
	for _, text := range []string{"", "'=1;'+1", `\n\`, "\n\\\t=", "'';=", "a\u200c\u200d;＝", "\U000e0001\u202e\x7f", "=;=;'=", ";;-"} {
		f.Add(text)
	}
	dangerous := regexp.MustCompile(`^[=+\-@＝＋－＠\t\r]|[\t;][=+\-@＝＋－＠]|[\n\r]`)
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("JSON has only valid texts")
		}
		cell := spreadsheetCell(text)
		if got := original(t, cell); got != text {
			t.Errorf("%q becomes %q, and that %q", text, cell, got)
		}
		if dangerous.MatchString(cell) {
			t.Errorf("%q becomes %q", text, cell)
		}
	})
}

// What escapes stand for must not change with how they are written.
func TestJSONStaysTheSameToAParser(t *testing.T) {
	const nasty = "\x1b[31m \u007f \u009b31m \u202e \U000e0001 \u2028 & é 漢 🎉"
	encoded, err := encodeRecord(&Record{ContractAction: wrapper.ContractAction{StatusMessage: nasty}}, ContractActions.fields)
	if err != nil {
		t.Fatal(err)
	}
	var decoded wrapper.ContractAction
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	clitest.Compare(t, decoded.StatusMessage, nasty)
	clitest.Compare(t, terminal.Printable(string(encoded)), string(encoded))
}
