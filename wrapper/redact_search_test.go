package wrapper_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// The search for credentials in what a program can print. It looks for the runs of
// letters and digits in them, which no encoder changes, and for parts of those, so
// that a cut does not hide a credential.

// pieceLength is how much of a run counts as showing it.
const pieceLength = 8

var runs = regexp.MustCompile(`[A-Za-z0-9]{8,}`)

// secrets are what must not be shown, by what to call each.
type secrets map[string]string

// pieces are the parts of each secret, as they are and as verbs print bytes.
func (s secrets) pieces() map[string][]string {
	all := map[string][]string{}
	for name, secret := range s {
		for _, run := range runs.FindAllString(secret, -1) {
			for piece := range slices.Chunk([]byte(run)[:len(run)/pieceLength*pieceLength], pieceLength) {
				all[name] = append(all[name], string(piece), fmt.Sprintf("%x", piece), fmt.Sprintf("%X", piece), fmt.Sprintf("% x", piece),
					strings.Trim(fmt.Sprint(piece), "[]"), strings.Trim(fmt.Sprintf("%#v", piece), "[]byte{}"))
			}
		}
	}
	return all
}

// shown returns the first text for each secret that is shown.
func (s secrets) shown(all texts) map[string]string {
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

// check fails the test for each secret that is shown.
func (s secrets) check(t *testing.T, all texts) {
	t.Helper()
	for name, text := range s.shown(all) {
		t.Errorf("%s is shown by %s", name, text)
	}
}

// texts are what a program can print, and how it does.
type texts map[string]string

// addError adds what a program can print of an error: each one in its tree, in
// every way. %#v is what shows fields.
func (all texts) addError(err error) {
	for _, single := range tree(err) {
		if failure, ok := errors.AsType[*wrapper.Error](single); ok && len(failure.Body) > 1<<16 { // some verbs would make megabytes of numbers
			all[string(failure.Body)] = "the body of an error"
			short := *failure
			short.Body, single = nil, &short
		}
		all.add(single)
	}
}

// tree is an error and all that it wraps.
func tree(err error) []error {
	all := []error{err}
	switch wrapping := err.(type) {
	case interface{ Unwrap() error }:
		if wrapped := wrapping.Unwrap(); wrapped != nil {
			all = append(all, tree(wrapped)...)
		}
	case interface{ Unwrap() []error }:
		for _, wrapped := range wrapping.Unwrap() {
			all = append(all, tree(wrapped)...)
		}
	}
	return all
}

// add adds what fmt, encoding/json and log/slog make of values.
func (all texts) add(values ...any) {
	for _, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%08b", "%t"} {
			all[fmt.Sprintf(verb, value)] = fmt.Sprintf("%s of %T", verb, value)
		}
		if text, err := json.Marshal(value); err == nil {
			all[string(text)] = fmt.Sprintf("JSON of %T", value)
		}
		var log bytes.Buffer
		slog.New(everyHandler(&log)).Error("message", "value", value)
		all[log.String()] = fmt.Sprintf("the log of %T", value)
	}
}

// everyHandler writes each record as text and as JSON.
func everyHandler(log io.Writer) slog.Handler {
	options := &slog.HandlerOptions{Level: slog.LevelDebug}
	return slog.NewMultiHandler(slog.NewTextHandler(log, options), slog.NewJSONHandler(log, options))
}

// How servers and encoders write a text.
var spellings = []struct {
	name string
	url  bool
	of   func(string) string
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

// A search that finds nothing must be able to find something.
func TestTheSearchFindsCredentials(t *testing.T) {
	all := secrets{"the secret": leakSecret}
	for _, spelling := range spellings {
		if text := "before " + spelling.of(leakSecret) + " after"; len(all.shown(texts{text: ""})) == 0 {
			t.Errorf("not found %s: %s", spelling.name, text)
		}
	}
	for name, err := range map[string]error{
		"a text":           fmt.Errorf("read: %w", errors.New(leakSecret)),
		"one of several":   errors.Join(errors.New("a"), errors.New(leakSecret)),
		"a field":          &wrapper.Error{Message: leakSecret},
		"a field of bytes": &wrapper.Error{Body: []byte(leakSecret)},
		"a header":         &wrapper.Error{Header: http.Header{"X": {"a", leakSecret}}},
	} {
		printed := texts{}
		if printed.addError(err); len(all.shown(printed)) == 0 {
			t.Errorf("not found in %s", name)
		}
	}
	if found := all.shown(texts{"[redacted] list contract actions": ""}); len(found) > 0 {
		t.Errorf("found %v in a harmless text", found)
	}
}
