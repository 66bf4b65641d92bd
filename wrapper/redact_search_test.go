package wrapper_test

import (
	"bytes"
	"context"
	"encoding/base64"
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
	"strconv"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// The search for credentials in what a program can print. It undoes the escapes
// of servers and encoders, and looks for pieces, so that neither a spelling nor
// a cut hides a credential. TestTheSearchFindsCredentials shows that it can
// find.

// pieceLength is how much of a credential counts as showing it: of a run of
// twice as much at least one whole piece is there.
const pieceLength = 8

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
		for i := 0; i+pieceLength <= len(secret); i += pieceLength {
			piece := []byte(secret[i : i+pieceLength])
			all[name] = append(all[name], string(piece), fmt.Sprintf("%x", piece), fmt.Sprintf("%X", piece), fmt.Sprintf("% x", piece),
				strings.Trim(fmt.Sprint(piece), "[]"), strings.Trim(fmt.Sprintf("%#v", piece), "[]byte{}"))
		}
	}
	return all
}

func (p pieces) in(text string) (names []string) {
	spellings := decodings(text)
	for name, pieces := range p {
		if slices.ContainsFunc(pieces, func(piece string) bool {
			return slices.ContainsFunc(spellings, func(spelling string) bool { return strings.Contains(spelling, piece) })
		}) {
			names = append(names, name)
		}
	}
	return names
}

// decodings are the text and what is left of it when escapes are undone, twice:
// what an encoder makes of another encoder's text is escaped twice.
func decodings(text string) []string {
	all := []string{text}
	for range 2 {
		for _, undo := range []func(string) string{unescapeURL, unescapeJSON, html.UnescapeString} {
			if undone := undo(text); undone != text {
				text = undone
				all = append(all, text)
			}
		}
	}
	return all
}

var (
	inURL  = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	inJSON = regexp.MustCompile(`\\(?:u00[0-9A-Fa-f]{2}|x[0-9A-Fa-f]{2}|.)`) // and in %q
)

// unescapeURL undoes what it can. Texts around a URL are none themselves.
func unescapeURL(text string) string {
	return inURL.ReplaceAllStringFunc(text, func(escaped string) string { return byteOf(escaped[1:]) })
}

func unescapeJSON(text string) string {
	return inJSON.ReplaceAllStringFunc(text, func(escaped string) string {
		switch escaped[1] {
		case 'x':
			return byteOf(escaped[2:])
		case 'u':
			if len(escaped) == len(`\u0000`) {
				return string(rune(byteOf(escaped[4:])[0]))
			}
		}
		return escaped[1:]
	})
}

func byteOf(digits string) string {
	return string([]byte{byte(must(strconv.ParseUint(digits, 16, 8)))})
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
	{"in a query, in small", true, func(text string) string { return inURL.ReplaceAllStringFunc(url.QueryEscape(text), strings.ToLower) }},
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

func TestTheSearchFindsCredentials(t *testing.T) {
	const secret = leakSecret
	all := secrets{"the secret": secret}
	for _, spelling := range spellings {
		if len(all.in("before "+spelling.of(secret)+" after")) == 0 {
			t.Errorf("not found %s: %s", spelling.name, spelling.of(secret))
		}
	}
	for _, verb := range []string{"%q", "%+q", "%#v", "%x", "%X", "%d"} {
		for _, value := range []any{secret, []byte(secret)} {
			if text := fmt.Sprintf(verb, value); !strings.Contains(text, "%!") && len(all.in(text)) == 0 {
				t.Errorf("not found in the %s of a %T: %s", verb, value, text)
			}
		}
	}
	if len(all.in(secret[:2*pieceLength])) == 0 || len(all.in(secret[3:3+2*pieceLength])) == 0 {
		t.Error("a cut hides it")
	}
	for name, err := range map[string]error{
		"its text":                 errors.New(secret),
		"what it wraps":            fmt.Errorf("read: %w", leaky{cause: errors.New(secret)}),
		"one of several it wraps":  leaky{cause: errors.Join(errors.New("a"), errors.New(secret))},
		"a field":                  leaky{Text: secret},
		"a field of bytes":         leaky{Body: []byte(secret)},
		"a header":                 leaky{Header: http.Header{"X": {"a", secret}}},
		"the name of a header":     leaky{Header: http.Header{secret: {"a"}}},
		"a field of a field":       leaky{Deeper: &leaky{Text: secret}},
		"a field that is not seen": leaky{hidden: secret},
		"JSON":                     leaky{Deeper: marshals(secret)},
		"the log":                  leaky{Deeper: logs(secret)},
	} {
		found := false
		for _, shown := range everythingOf(err) {
			found = found || len(all.in(shown.text)) > 0
		}
		if !found {
			t.Errorf("not found in %s", name)
		}
	}
	for _, harmless := range []string{"", "[redacted]", "list contract actions", base64.StdEncoding.EncodeToString([]byte("else")), secret[:pieceLength-1]} {
		if names := all.in(harmless); len(names) > 0 {
			t.Errorf("found in %q", harmless)
		}
	}
}

// leaky is an error that shows what it should not.
type leaky struct {
	Text   string
	Body   []byte
	Header http.Header
	Deeper any
	hidden string
	cause  error
}

func (leaky) Error() string   { return "nothing to see" }
func (l leaky) Unwrap() error { return l.cause }

type marshals string

func (m marshals) MarshalJSON() ([]byte, error) { return json.Marshal(string(m)) }

type logs string

func (l logs) LogValue() slog.Value { return slog.StringValue(string(l)) }
