// Package envfile reads and writes the format of env files and profiles.
package envfile

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Parse reads NAME=VALUE lines, as dotenv files and POSIX shells have them. It
// expands nothing, unlike the libraries: a $ in a secret stays a $. It skips the
// variables of other programs, and refuses those that begin with TALKDESK_ and are
// not among these variables as typing errors. Errors never contain a value.
func Parse(text string, variables []string) (map[string]string, error) {
	if strings.ContainsRune(text, 0) {
		return nil, errors.New("the file is not text in UTF-8; some Windows programs write UTF-16")
	}
	values := make(map[string]string)
	number := 0
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, found := strings.Cut(withoutExport(line), "=")
		if name = strings.TrimSpace(name); !found || !variableName.MatchString(name) {
			return nil, fmt.Errorf("line %d is not NAME=VALUE", number)
		}
		if !strings.HasPrefix(name, "TALKDESK_") {
			continue
		}
		if !slices.Contains(variables, name) {
			return nil, fmt.Errorf("line %d: %s is not a variable that a file can set; see 'contractactions auth --help'", number, name)
		}
		value, err := unquote(rest)
		if err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", number, name, err)
		}
		values[name] = value
	}
	return values, nil
}

func withoutExport(line string) string {
	if rest, found := strings.CutPrefix(line, "export"); found && strings.TrimLeftFunc(rest, unicode.IsSpace) != rest {
		return rest
	}
	return line
}

// unquote returns a value without its quotes and without a comment after it.
func unquote(text string) (string, error) {
	start := strings.TrimLeftFunc(text, unicode.IsSpace)
	if start == "" || start[0] != '"' && start[0] != '\'' {
		return strings.TrimSpace(withoutComment(text)), nil
	}
	quote := start[0]
	var value strings.Builder
	for i := 1; i < len(start); i++ {
		switch {
		case start[i] == quote:
			if strings.TrimSpace(withoutComment(start[i+1:])) != "" {
				return "", errors.New("remove the text after the closing quote")
			}
			return value.String(), nil
		case quote == '"' && start[i] == '\\' && i+1 < len(start) && strings.IndexByte("\"\\$`", start[i+1]) >= 0:
			i++
		}
		value.WriteByte(start[i])
	}
	return "", errors.New("the closing quote is missing; put a key of several lines into a separate file and set TALKDESK_PRIVATE_KEY_FILE")
}

// withoutComment cuts a text at the first # that follows a blank.
func withoutComment(text string) string {
	blank := false
	for i, character := range text {
		if character == '#' && blank {
			return text[:i]
		}
		blank = unicode.IsSpace(character)
	}
	return text
}

var plainValue = regexp.MustCompile(`^[A-Za-z0-9._~:/@%+-]+$`)

// Quote returns a value as Parse reads it.
func Quote(value string) string {
	switch {
	case plainValue.MatchString(value):
		return value
	case !strings.Contains(value, "'"):
		return "'" + value + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`").Replace(value) + `"`
}
