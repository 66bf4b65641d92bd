package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// mask makes of what the service sent what a report may show: reports are
// passed on. Of a text its shape stays, since that is what tells an id from an
// address. The zero value knows no secrets.
type mask struct{ secrets []string }

const redacted = "[redacted]"

// Most that is shown: characters of a text, entries of an object or array, and
// how deep these go.
const mostCharacters, mostEntries, mostDepth = 60, 10, 2

// hide adds secrets, which are not shown even where a text is.
func (m *mask) hide(secrets ...string) {
	for _, secret := range secrets {
		secret = strings.ToLower(secret)
		if secret != "" && !slices.Contains(m.secrets, secret) {
			m.secrets = append(m.secrets, secret)
		}
	}
}

// value masks the decoded value of the field with this name.
func (m mask) value(name string, value any) any { return m.nested(name, value, 0) }

func (m mask) nested(name string, value any, depth int) any {
	switch value := value.(type) {
	case string:
		return m.text(name, value)
	case json.Number:
		return m.number(name, value)
	case []any:
		if depth == mostDepth {
			return "…"
		}
		items := make([]any, 0, mostEntries)
		for _, item := range value[:min(len(value), mostEntries)] {
			items = append(items, m.nested(name, item, depth+1))
		}
		return items
	case map[string]any:
		if depth == mostDepth {
			return "…"
		}
		fields := make(map[string]any)
		for _, field := range sortedNames(value)[:min(len(value), mostEntries)] {
			fields[m.name(field)] = m.nested(field, value[field], depth+1)
		}
		return fields
	}
	return value
}

// shown is a text that has to be read as it is, such as an unknown value of an
// enumeration.
func (m mask) shown(text string) string {
	if m.isSecret(text) {
		return redacted
	}
	return capped(text)
}

var (
	capitals = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	moment   = regexp.MustCompile(`^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$`)
)

func (m mask) text(name, text string) string {
	switch {
	case m.isSecret(text):
		return redacted
	case len(text) <= mostCharacters && !namesSomebody(name) && (capitals.MatchString(text) || moment.MatchString(text)):
		return text
	}
	return capped(shapeOf(text))
}

// number hides what may well be an id.
func (m mask) number(name string, number json.Number) any {
	const most = 6
	if digits := countDigits(number.String()); digits <= most && !namesSomebody(name) || m.isSecret(number.String()) {
		return number
	}
	// The shape of a number such as 1.5e300 may not be one that can be printed.
	if shape := shapeOf(strings.TrimLeft(number.String(), "-")); isNumber(shape) && len(shape) <= mostCharacters {
		return json.Number(shape)
	}
	return "a number"
}

func isNumber(text string) bool { return json.Unmarshal([]byte(text), new(json.Number)) == nil }

var plainName = regexp.MustCompile(`^[@$_A-Za-z][-$._:A-Za-z0-9]*$`)

// name masks the name of a field unless it is one that programmers give.
func (m mask) name(name string) string {
	const mostDigits = 3
	switch {
	case m.isSecret(name):
		return redacted
	case plainName.MatchString(name) && countDigits(name) <= mostDigits:
		return capped(name)
	}
	return capped(shapeOf(name))
}

// error is an error whose text repeats no secret.
func (m mask) error(err error) error {
	if err == nil || !m.isSecret(err.Error()) {
		return err
	}
	text := err.Error()
	for _, secret := range m.secrets {
		text = regexp.MustCompile("(?i)"+regexp.QuoteMeta(secret)).ReplaceAllLiteralString(text, redacted)
	}
	return maskedError{text, err}
}

// maskedError is an error with another text.
type maskedError struct {
	text string
	err  error
}

func (e maskedError) Error() string { return e.text }

func (e maskedError) Unwrap() error { return e.err }

func (m mask) isSecret(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(m.secrets, func(secret string) bool { return strings.Contains(text, secret) })
}

// shapeOf replaces letters and digits.
func shapeOf(text string) string {
	return strings.Map(func(character rune) rune {
		switch {
		case unicode.IsUpper(character):
			return 'X'
		case unicode.IsLetter(character), unicode.IsMark(character):
			return 'x'
		case unicode.IsNumber(character):
			return '9'
		}
		return character
	}, text)
}

func capped(text string) string {
	if characters := []rune(text); len(characters) > mostCharacters {
		return string(characters[:mostCharacters]) + "…"
	}
	return text
}

func countDigits(text string) int {
	return strings.Count(strings.Map(func(character rune) rune {
		if unicode.IsNumber(character) {
			return '9'
		}
		return -1
	}, text), "9")
}

var lastWord = regexp.MustCompile(`(?:[A-Z]+|[A-Z]?[a-z]+)\d*$`)

// identifying are the last words of the names of fields whose values name
// somebody or something, in capitals or in short numbers, too.
var identifying = []string{
	"account", "address", "company", "contact", "customer", "email", "guid", "id", "ids", "key", "mail", "name", "number",
	"password", "phone", "reference", "secret", "token", "user", "username", "uuid",
}

func namesSomebody(field string) bool {
	return slices.Contains(identifying, strings.ToLower(strings.TrimRight(lastWord.FindString(field), "0123456789")))
}
