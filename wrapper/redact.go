package wrapper

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// withheld stands in place of a server's text that repeats a credential.
const withheld = "[withheld: it contains a credential]"

// traces are what gives credentials away in a text, in whatever encoding: of
// each, its longest run of letters and digits, which no encoder changes.
type traces []string

func tracesOf(credentials ...string) (all traces) {
	for _, credential := range credentials {
		if run := longestRun(credential); run != "" {
			all = append(all, run)
		}
	}
	return all
}

// longestRun returns the longest run of ASCII letters and digits.
func longestRun(text string) (longest string) {
	isOther := func(r rune) bool { return r >= utf8.RuneSelf || !isLetterOrDigit(byte(r)) }
	for run := range strings.FieldsFuncSeq(text, isOther) {
		if len(run) > len(longest) {
			longest = run
		}
	}
	return longest
}

// in reports whether a text, which may have been cut at its end, shows one of
// the credentials.
func (t traces) in(text string) bool {
	return slices.ContainsFunc(t, func(run string) bool { return strings.Contains(text, run) || endsWithPrefixOf(text, run) })
}

// endsWithPrefixOf reports whether the text ends with the beginning of the run,
// unless that is too short to matter.
func endsWithPrefixOf(text, run string) bool {
	const least = 6
	for n := len(run) - 1; n >= least; n-- {
		if strings.HasSuffix(text, run[:n]) {
			return true
		}
	}
	return false
}

// withhold returns the text, or withheld if it shows a credential.
func (t traces) withhold(text string) string {
	if t.in(text) {
		return withheld
	}
	return text
}

// withholdHeader is withhold for the values of a header, which is changed.
func (t traces) withholdHeader(header http.Header) http.Header {
	for _, values := range header {
		for i := range values {
			values[i] = t.withhold(values[i])
		}
	}
	return header
}

// withholdError returns the error, unless its text shows a credential: then one
// with another text, which errors.Is and errors.As take for the same.
func (t traces) withholdError(err error) error {
	if t.in(err.Error()) {
		return withheldError{func() error { return err }}
	}
	return err
}

// withheldError keeps its cause where package fmt cannot print it.
type withheldError struct{ cause func() error }

func (withheldError) Error() string { return withheld }

func (e withheldError) Is(target error) bool { return errors.Is(e.cause(), target) }

func (e withheldError) As(target any) bool { return errors.As(e.cause(), target) }

// printable makes a server's text fit for a message: one line, nothing that
// steers a terminal, not too long.
func printable(text string) string {
	const longest = 300
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	if utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return text
	}
	return strconv.Quote(text)
}
