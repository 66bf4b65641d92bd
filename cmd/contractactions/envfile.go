package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// fileVariables are those that --env-file and profiles can set.
var fileVariables = []string{
	"TALKDESK_ACCOUNT", "TALKDESK_REGION", "TALKDESK_CLIENT_ID", "TALKDESK_CLIENT_SECRET",
	"TALKDESK_PRIVATE_KEY", "TALKDESK_PRIVATE_KEY_FILE", "TALKDESK_KEY_ID", "TALKDESK_KEY_ALGORITHM",
	"TALKDESK_SCOPE", "TALKDESK_BASE_URL", "TALKDESK_TOKEN_URL", "TALKDESK_ACCOUNT_IDS",
}

// readEnvFile returns the variables in a file. If it holds a secret, nobody but
// its owner may read it. No error repeats what is in the file.
func readEnvFile(name string) (map[string]string, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	values, err := parseEnv(string(content))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if values["TALKDESK_CLIENT_SECRET"] != "" || values["TALKDESK_PRIVATE_KEY"] != "" {
		if err := onlyForItsOwner(file); err != nil {
			return nil, err
		}
	}
	return values, checkKeyFile(filepath.Dir(name), values)
}

// checkKeyFile finds the key file from the directory of the file that names
// it, whatever directory the program runs in, and holds it to the same rule.
func checkKeyFile(directory string, values map[string]string) error {
	key := values["TALKDESK_PRIVATE_KEY_FILE"]
	if key == "" {
		return nil
	}
	if !filepath.IsAbs(key) {
		key = filepath.Join(directory, key)
		values["TALKDESK_PRIVATE_KEY_FILE"] = key
	}
	file, err := os.Open(key)
	if err != nil {
		return nil // wrapper reports it, without the name, which may be a key
	}
	defer file.Close()
	return onlyForItsOwner(file)
}

// onlyForItsOwner refuses a file that others than its owner can read or write.
// On Windows the bits say nothing: there, access lists decide, and those of a
// user's own directories keep others out.
func onlyForItsOwner(file fs.File) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		name := info.Name()
		if named, ok := file.(*os.File); ok {
			name = named.Name()
		}
		return fmt.Errorf("%s holds a secret, and others may read or change it (its mode is %04o): run chmod 600 %s",
			name, mode, shellQuote(name))
	}
	return nil
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// parseEnv reads NAME=VALUE lines as dotenv files have them. Nothing is
// expanded: a $ in a secret is a $, which is why this is no library. Variables
// of other programs are left out; an unknown one of ours is a slip.
func parseEnv(text string) (map[string]string, error) {
	values := make(map[string]string)
	number := 0
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, found := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		if name = strings.TrimSpace(name); !found || !variableName.MatchString(name) {
			return nil, fmt.Errorf("line %d is not NAME=VALUE", number)
		}
		if !strings.HasPrefix(name, "TALKDESK_") {
			continue
		}
		if !slices.Contains(fileVariables, name) {
			return nil, fmt.Errorf("line %d: %s is not a variable that a file can set; see 'contractactions auth --help'", number, name)
		}
		value, err := unquote(strings.TrimSpace(rest))
		if err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", number, name, err)
		}
		values[name] = value
	}
	return values, nil
}

// unquote returns a value without its quotes and without a comment after it.
func unquote(text string) (string, error) {
	if text == "" || text[0] != '"' && text[0] != '\'' {
		if strings.HasPrefix(text, "#") {
			return "", nil
		}
		value, _, _ := strings.Cut(text, " #")
		return strings.TrimSpace(value), nil
	}
	quote := text[0]
	var value strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == quote:
			if rest := strings.TrimSpace(text[i+1:]); rest != "" && rest[0] != '#' {
				return "", errors.New("there is something after the closing quote")
			}
			return value.String(), nil
		case text[i] == '\\' && quote == '"' && i+1 < len(text):
			i++
			value.WriteString(unescape(text[i]))
		default:
			value.WriteByte(text[i])
		}
	}
	return "", errors.New("the closing quote is missing; a key of several lines goes into a file of its own, see TALKDESK_PRIVATE_KEY_FILE")
}

// unescape is what a backslash and a character in double quotes stand for.
func unescape(character byte) string {
	switch character {
	case 'n':
		return "\n"
	case '"', '\\', '$', '`':
		return string(character)
	}
	return `\` + string(character)
}
