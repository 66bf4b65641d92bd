package terminal

import (
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
)

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"plain text":            "plain text",
		`quotes " and \ stay`:   `quotes " and \ stay`,
		"créé\u00a0! 漢字 🎉":      "créé\u00a0! 漢字 🎉",
		"two\nlines\r\n":        `two\nlines\r\n`,
		"\x1b]0;title\a":        `\x1b]0;title\a`,
		"\u009b31m":             `\u009b31m`,
		"\u202eright to left":   `\u202eright to left`,
		"\u2028line separator":  `\u2028line separator`,
		"invalid \xff encoding": "invalid \ufffd encoding",
	} {
		t.Run(want, func(t *testing.T) { clitest.Compare(t, Printable(text), want) })
	}
}

func TestShellQuote(t *testing.T) {
	clitest.Compare(t, ShellQuote(`it's $HOME`), `'it'\''s $HOME'`)
}

func TestDisplayWidth(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "Größe": 5, "漢字": 4, "e\u0301": 1, "…": 1, "ﾊﾝ": 2} {
		if got := Width(text); got != want {
			t.Errorf("%q is %d wide, want %d", text, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		text    string
		columns int
		want    string
	}{
		{"abcdef", 6, "abcdef"}, {"abcdef", 5, "abcd…"}, {"abcdef", 1, "…"}, {"abcdef", 0, ""}, {"abcdef", -1, ""},
		{"漢字漢", 6, "漢字漢"}, {"漢字漢", 5, "漢字…"}, {"漢字漢", 4, "漢…"}, {"", 0, ""},
	} {
		if got := Cut(test.text, test.columns); got != test.want {
			t.Errorf("%q cut to %d is %q, want %q", test.text, test.columns, got, test.want)
		}
	}
}
