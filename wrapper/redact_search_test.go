package wrapper_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
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

// in names the secrets that a text shows.
func (s secrets) in(text string) []string { return s.pieces().in(text) }

// check fails the test for each secret that is shown.
func (s secrets) check(t *testing.T, texts []shown) {
	t.Helper()
	pieces, checked := s.pieces(), map[string]bool{}
	shownBy := map[string][]string{}
	for _, shown := range texts {
		if checked[shown.text] { // many are the same
			continue
		}
		checked[shown.text] = true
		for _, name := range pieces.in(shown.text) {
			shownBy[name] = append(shownBy[name], fmt.Sprintf("%s: %.300q", shown.how, shown.text))
		}
	}
	for name, texts := range shownBy {
		t.Errorf("%s is shown in %d texts, first by %s", name, len(texts), texts[0])
	}
}

// pieces are the parts of each secret, as they are and as verbs print bytes.
type pieces map[string][]string

func (s secrets) pieces() pieces {
	all := pieces{}
	for name, secret := range s {
		for _, run := range runs.FindAllString(secret, -1) {
			for i := 0; i+pieceLength <= len(run); i += pieceLength {
				piece := []byte(run[i : i+pieceLength])
				all[name] = append(all[name], string(piece), fmt.Sprintf("%x", piece), fmt.Sprintf("%X", piece), fmt.Sprintf("% x", piece),
					strings.Trim(fmt.Sprint(piece), "[]"), strings.Trim(fmt.Sprintf("%#v", piece), "[]byte{}"))
			}
		}
	}
	return all
}

func (p pieces) in(text string) (names []string) {
	for name, pieces := range p {
		if slices.ContainsFunc(pieces, func(piece string) bool { return strings.Contains(text, piece) }) {
			names = append(names, name)
		}
	}
	return names
}

// shown is a text that a program can come by, and how.
type shown struct{ how, text string }

// everythingOf is what a program can print of an error: each one in its tree,
// in every way.
func everythingOf(err error) []shown {
	var all []shown
	for _, single := range tree(err) {
		if !isLarge(single) {
			all = append(all, printsOf(single)...)
		}
		all = append(all, shown{fmt.Sprintf("the text of %T", single), single.Error()})
		all = append(all, fieldsOf(reflect.ValueOf(single), fmt.Sprintf("%T", single), 6)...)
	}
	return all
}

// isLarge is for errors of which some verbs would make megabytes of numbers.
func isLarge(err error) bool {
	var failure *wrapper.Error
	return errors.As(err, &failure) && len(failure.Body) > 1<<16
}

// tree is an error and all that it wraps.
func tree(err error) []error {
	if err == nil {
		return nil
	}
	all := []error{err}
	switch wrapping := err.(type) {
	case interface{ Unwrap() error }:
		all = append(all, tree(wrapping.Unwrap())...)
	case interface{ Unwrap() []error }:
		for _, wrapped := range wrapping.Unwrap() {
			all = append(all, tree(wrapped)...)
		}
	}
	return all
}

// printsOf is what fmt, encoding/json and log/slog make of a value.
func printsOf(value any) []shown {
	var all []shown
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%08b", "%t"} {
		all = append(all, shown{fmt.Sprintf("%s of %T", verb, value), fmt.Sprintf(verb, value)})
	}
	if text, err := json.Marshal(value); err == nil {
		all = append(all, shown{fmt.Sprintf("JSON of %T", value), string(text)})
	}
	var log bytes.Buffer
	for _, handler := range everyHandler(&log, &log) {
		for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
			slog.New(handler).Log(context.Background(), level, "message", "value", value)
		}
	}
	return append(all, shown{fmt.Sprintf("the log of %T", value), log.String()})
}

func everyHandler(text, records io.Writer) []slog.Handler {
	options := &slog.HandlerOptions{Level: slog.LevelDebug}
	return []slog.Handler{slog.NewTextHandler(text, options), slog.NewJSONHandler(records, options)}
}

// fieldsOf are the texts in the exported fields of a value, as deep as they go.
func fieldsOf(value reflect.Value, path string, depth int) (all []shown) {
	if depth == 0 || !value.IsValid() {
		return nil
	}
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		return fieldsOf(value.Elem(), path, depth-1)
	case reflect.String:
		return []shown{{path, value.String()}}
	case reflect.Struct:
		for field, content := range value.Fields() {
			if field.IsExported() {
				all = append(all, fieldsOf(content, path+"."+field.Name, depth-1)...)
			}
		}
	case reflect.Map:
		for key, content := range value.Seq2() {
			all = append(all, fieldsOf(key, path+" key", depth-1)...)
			all = append(all, fieldsOf(content, fmt.Sprintf("%s[%v]", path, key), depth-1)...)
		}
	case reflect.Slice, reflect.Array:
		if value.Type().Elem().Kind() == reflect.Uint8 && value.Kind() == reflect.Slice {
			return []shown{{path, string(value.Bytes())}}
		}
		for i := range value.Len() {
			all = append(all, fieldsOf(value.Index(i), fmt.Sprintf("%s[%d]", path, i), depth-1)...)
		}
	}
	return all
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
		if len(all.in("before "+spelling.of(leakSecret)+" after")) == 0 {
			t.Errorf("not found %s: %s", spelling.name, spelling.of(leakSecret))
		}
	}
	for name, err := range map[string]error{
		"a text":           fmt.Errorf("read: %w", errors.New(leakSecret)),
		"one of several":   errors.Join(errors.New("a"), errors.New(leakSecret)),
		"a field":          &wrapper.Error{Message: leakSecret},
		"a field of bytes": &wrapper.Error{Body: []byte(leakSecret)},
		"a header":         &wrapper.Error{Header: http.Header{"X": {"a", leakSecret}}},
	} {
		if !slices.ContainsFunc(everythingOf(err), func(shown shown) bool { return len(all.in(shown.text)) > 0 }) {
			t.Errorf("not found in %s", name)
		}
	}
	if names := all.in("[redacted] list contract actions"); len(names) > 0 {
		t.Errorf("found %v in a harmless text", names)
	}
}
