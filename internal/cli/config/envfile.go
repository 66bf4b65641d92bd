package config

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

	"github.com/talkdesk-express/contractactions/internal/cli/output"
)

// fileVariables are the variables that --env-file and profiles can set.
var fileVariables = []string{
	"TALKDESK_ACCOUNT", "TALKDESK_REGION", "TALKDESK_CLIENT_ID", "TALKDESK_CLIENT_SECRET",
	"TALKDESK_PRIVATE_KEY", "TALKDESK_PRIVATE_KEY_FILE", "TALKDESK_KEY_ID", "TALKDESK_KEY_ALGORITHM",
	"TALKDESK_SCOPE", "TALKDESK_BASE_URL", "TALKDESK_TOKEN_URL", "TALKDESK_ACCOUNT_IDS",
}

// readEnvFile returns the variables in a file. A file that contains a secret must
// be readable for its owner only. Errors never contain a value from the file.
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

// checkKeyFile resolves the name of the key file relative to the directory of the
// file that names it, and applies the same rule to it.
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
		return nil // the client reports it, without the name, which may be a key
	}
	defer file.Close()
	return onlyForItsOwner(file)
}

// onlyForItsOwner refuses a file that others than its owner can read or write.
// On Windows the mode has no meaning: access lists decide, and those of a user's
// own directories exclude others.
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
		return fmt.Errorf("%s contains a secret, and others can read or change it (mode %04o): run chmod 600 %s",
			name, mode, output.ShellQuote(name))
	}
	return nil
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// parseEnv reads NAME=VALUE lines, as dotenv files have them. It expands nothing,
// unlike the libraries: a $ in a secret stays a $. It skips the variables of other
// programs, and refuses unknown ones that begin with TALKDESK_ as typing errors.
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
				return "", errors.New("remove the text after the closing quote")
			}
			return value.String(), nil
		case text[i] == '\\' && quote == '"' && i+1 < len(text):
			i++
			value.WriteString(unescape(text[i]))
		default:
			value.WriteByte(text[i])
		}
	}
	return "", errors.New("the closing quote is missing; put a key of several lines into a separate file and set TALKDESK_PRIVATE_KEY_FILE")
}

// unescape returns what a backslash and a character mean in double quotes.
func unescape(character byte) string {
	switch character {
	case 'n':
		return "\n"
	case '"', '\\', '$', '`':
		return string(character)
	}
	return `\` + string(character)
}
