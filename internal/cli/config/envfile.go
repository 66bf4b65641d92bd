package config

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// fileVariables are the variables that --env-file and profiles can set.
var fileVariables = []string{
	"TALKDESK_ACCOUNT", "TALKDESK_REGION", "TALKDESK_CLIENT_ID", secretVariable, commandVariable,
	keyVariable, keyFileVariable, "TALKDESK_KEY_ID", "TALKDESK_KEY_ALGORITHM",
	"TALKDESK_SCOPE", "TALKDESK_BASE_URL", "TALKDESK_TOKEN_URL", "TALKDESK_PLAIN_HTTP_HOSTS",
	"TALKDESK_ACCOUNT_IDS",
}

// readEnvFile returns the variables in a file. The name of a key file in it is
// relative to its directory. Errors never contain a value from the file.
func readEnvFile(ctx context.Context, name string) (map[string]string, error) {
	file, err := readFile(ctx, name)
	if err != nil {
		return nil, err
	}
	values, err := parseEnv(string(file.content))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	// Whoever can change a command can run one.
	if values[secretVariable] != "" || values[commandVariable] != "" || values[keyVariable] != "" {
		err = file.exposed
	}
	if key := values[keyFileVariable]; key != "" && !filepath.IsAbs(key) {
		values[keyFileVariable] = filepath.Join(filepath.Dir(name), key)
	}
	return values, err
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// parseEnv reads NAME=VALUE lines, as dotenv files and POSIX shells have them. It
// expands nothing, unlike the libraries: a $ in a secret stays a $. It skips the
// variables of other programs, and refuses unknown ones that begin with TALKDESK_
// as typing errors.
func parseEnv(text string) (map[string]string, error) {
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
		if !slices.Contains(fileVariables, name) {
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
