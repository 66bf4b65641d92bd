package check

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"

	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// describe returns the type and size of a decoded value, and never the value:
// reports are passed on, and values can be names or ids.
func describe(value any) string {
	switch value := value.(type) {
	case string:
		return "string, " + terminal.Count(len(value), "byte")
	case json.Number:
		kind := "integer"
		if strings.ContainsAny(value.String(), ".eE") {
			kind = "number"
		}
		return kind + ", " + terminal.Count(digits(value.String()), "digit")
	case []any:
		return "array, " + terminal.Count(len(value), "item")
	case map[string]any:
		return "object, " + terminal.Count(len(value), "field")
	}
	return typeOf(value)
}

func digits(text string) int {
	return len(text) - len(strings.Map(func(character rune) rune {
		if unicode.IsDigit(character) {
			return -1
		}
		return character
	}, text))
}

// fieldName matches the names that programmers give to fields.
var fieldName = regexp.MustCompile(`^[@$_A-Za-z][-$._:A-Za-z0-9]{0,59}$`)

// describeName returns the name of a field. A name that can be an id or an
// address, which is data, is replaced by its size.
func describeName(name string) string {
	const mostDigits = 3
	if fieldName.MatchString(name) && digits(name) <= mostDigits {
		return name
	}
	return "(" + terminal.Count(len(name), "byte") + ")"
}
