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

// withheld replaces a server's text that contains a credential.
const withheld = "[withheld: it contains a credential]"

// traces recognize credentials in a text, in any encoding: they are the longest
// run of letters and digits of each credential, which no encoder changes.
type traces []string

func tracesOf(credentials ...string) (all traces) {
	for _, credential := range credentials {
		runs := strings.FieldsFunc(credential, func(r rune) bool { return !isLetterOrDigit(r) })
		if len(runs) > 0 {
			all = append(all, slices.MaxFunc(runs, func(a, b string) int { return len(a) - len(b) }))
		}
	}
	return all
}

// in reports whether a text contains one of the credentials, or ends inside of
// one because the text was cut.
func (t traces) in(text string) bool {
	const least = 6 // a shorter part is of no use
	return slices.ContainsFunc(t, func(run string) bool {
		if strings.Contains(text, run) {
			return true
		}
		for n := len(run) - 1; n >= least; n-- {
			if strings.HasSuffix(text, run[:n]) {
				return true
			}
		}
		return false
	})
}

// withhold returns the text, or withheld if the text contains a credential. Known
// texts never do, even if a short credential occurs in them.
func (t traces) withhold(text string, known ...string) string {
	if t.in(text) && !slices.Contains(known, text) {
		return withheld
	}
	return text
}

// withholdHeader applies withhold to the values of a header in place.
func (t traces) withholdHeader(header http.Header) http.Header {
	for _, values := range header {
		for i := range values {
			values[i] = t.withhold(values[i])
		}
	}
	return header
}

// withholdError returns the error or, if its text contains a credential, an error
// with a different text that errors.Is and errors.As treat like it. Of a LinkError,
// only the link can contain one.
func (t traces) withholdError(err error) error {
	if refused, ok := errors.AsType[*LinkError](err); ok {
		return &LinkError{Link: t.withhold(refused.Link), Reason: refused.Reason}
	}
	if err != nil && t.in(err.Error()) {
		return withheldError{func() error { return err }}
	}
	return err
}

// withheldError keeps its cause in a function, which package fmt cannot print.
type withheldError struct{ cause func() error }

func (withheldError) Error() string { return withheld }

func (e withheldError) Is(target error) bool { return errors.Is(e.cause(), target) }

func (e withheldError) As(target any) bool { return errors.As(e.cause(), target) }

// printable makes a server's text safe for a message: one line, no control
// characters, at most 300 bytes.
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
