// Package leaktest searches for credentials in what a program can print. It looks for
// the runs of letters and digits in them, which no encoder changes, and for parts of
// those, so that a cut does not hide a credential.
package leaktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// PieceLength is how much of a run counts as showing it.
const PieceLength = 8

var runs = regexp.MustCompile(`[A-Za-z0-9]{8,}`)

// Secrets are what must not be shown, by what to call each.
type Secrets map[string]string

// pieces are the parts of each secret, as they are and as verbs print bytes.
func (s Secrets) pieces() map[string][]string {
	all := map[string][]string{}
	for name, secret := range s {
		for _, run := range runs.FindAllString(secret, -1) {
			for piece := range slices.Chunk([]byte(run)[:len(run)/PieceLength*PieceLength], PieceLength) {
				all[name] = append(all[name], string(piece), fmt.Sprintf("%x", piece), fmt.Sprintf("%X", piece), fmt.Sprintf("% x", piece),
					strings.Trim(fmt.Sprint(piece), "[]"), strings.Trim(fmt.Sprintf("%#v", piece), "[]byte{}"))
			}
		}
	}
	return all
}

// Shown returns the first text for each secret that is shown.
func (s Secrets) Shown(all Texts) map[string]string {
	first := map[string]string{}
	for name, pieces := range s.pieces() {
		for text, how := range all {
			if slices.ContainsFunc(pieces, func(piece string) bool { return strings.Contains(text, piece) }) {
				first[name] = fmt.Sprintf("%s: %.300q", how, text)
			}
		}
	}
	return first
}

// Check fails the test for each secret that is shown.
func (s Secrets) Check(t *testing.T, all Texts) {
	t.Helper()
	for name, text := range s.Shown(all) {
		t.Errorf("%s is shown by %s", name, text)
	}
}

// Texts are what a program can print, and how it does.
type Texts map[string]string

// AddError adds what a program can print of an error: each one in its tree, in
// every way. %#v is what shows fields.
func (all Texts) AddError(err error) {
	for _, single := range Tree(err) {
		if failure, ok := errors.AsType[*wrapper.Error](single); ok && len(failure.Body) > 1<<16 { // some verbs would make megabytes of numbers
			all[string(failure.Body)] = "the body of an error"
			short := *failure
			short.Body, single = nil, &short
		}
		all.Add(single)
	}
}

// Tree is an error and all that it wraps.
func Tree(err error) []error {
	all := []error{err}
	switch wrapping := err.(type) {
	case interface{ Unwrap() error }:
		if wrapped := wrapping.Unwrap(); wrapped != nil {
			all = append(all, Tree(wrapped)...)
		}
	case interface{ Unwrap() []error }:
		for _, wrapped := range wrapping.Unwrap() {
			all = append(all, Tree(wrapped)...)
		}
	}
	return all
}

// Add adds what fmt, encoding/json and log/slog make of values.
func (all Texts) Add(values ...any) {
	for _, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%08b", "%t"} {
			all[fmt.Sprintf(verb, value)] = fmt.Sprintf("%s of %T", verb, value)
		}
		if text, err := json.Marshal(value); err == nil {
			all[string(text)] = fmt.Sprintf("JSON of %T", value)
		}
		var log bytes.Buffer
		slog.New(EveryHandler(&log)).Error("message", "value", value)
		all[log.String()] = fmt.Sprintf("the log of %T", value)
	}
}

// EveryHandler writes each record as text and as JSON.
func EveryHandler(log io.Writer) slog.Handler {
	options := &slog.HandlerOptions{Level: slog.LevelDebug}
	return slog.NewMultiHandler(slog.NewTextHandler(log, options), slog.NewJSONHandler(log, options))
}

// Spellings are how servers and encoders write a text.
var Spellings = []struct {
	Name string
	URL  bool // may be in a URL
	Of   func(string) string
}{
	{"as it is", true, func(text string) string { return text }},
	{"in a query", true, url.QueryEscape},
	{"in a path", true, url.PathEscape},
	{"in a query, in small", true, func(text string) string {
		return regexp.MustCompile(`%..`).ReplaceAllStringFunc(url.QueryEscape(text), strings.ToLower)
	}},
	{"in a query in a query", true, func(text string) string { return url.QueryEscape(url.QueryEscape(text)) }},
	{"in JSON, slashes escaped", false, func(text string) string { return strings.ReplaceAll(text, "/", `\/`) }},
	{"in JSON, by code points", false, func(text string) string { return byCodePoint(text, `\u%04X`) }},
	{"in HTML", false, html.EscapeString},
	{"in HTML, by code points", false, func(text string) string { return byCodePoint(text, "&#x%X;") }},
	{"in HTML, by numbers", false, func(text string) string { return byCodePoint(text, "&#%d;") }},
}

// byCodePoint escapes all but letters and digits.
func byCodePoint(text, format string) string {
	return regexp.MustCompile(`[^A-Za-z0-9]`).ReplaceAllStringFunc(text, func(c string) string { return fmt.Sprintf(format, []rune(c)[0]) })
}

// CheckText fails the test unless the text of an error is fit for a line of a log or of
// a terminal, whatever the server sent, and does not contain the token.
func CheckText(t *testing.T, err error, token string) {
	t.Helper()
	const longest = 8 << 10
	text := err.Error()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("the error is not printable: %.300q", text)
	}
	if len(text) > longest {
		t.Errorf("the error has %d bytes, want at most %d: %.300q", len(text), longest, text)
	}
	if strings.Contains(text, token) {
		t.Errorf("the token is in %.300q", text)
	}
}
