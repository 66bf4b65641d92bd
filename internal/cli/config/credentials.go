package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/talkdesk-express/contractactions/internal/cli/config/secretcommand"
	"github.com/talkdesk-express/contractactions/internal/cli/files"
)

const (
	secretVariable  = "TALKDESK_CLIENT_SECRET"
	commandVariable = "TALKDESK_CLIENT_SECRET_COMMAND"
	keyVariable     = "TALKDESK_PRIVATE_KEY"
	keyFileVariable = "TALKDESK_PRIVATE_KEY_FILE"
)

// Credentials describes the credentials, for people.
func (c *Config) Credentials() string {
	switch {
	case c.Get(secretVariable) != "":
		return "client secret"
	case c.Get(commandVariable) != "":
		return "client secret, printed by a command"
	}
	return "private key " + c.Get("TALKDESK_KEY_ID")
}

// withCredentials returns Get with the private key in place of its file, so that
// all files are read in the same way, and with the secret in place of the command
// that prints it. Other settings that conflict are left to the client.
func (c *Config) withCredentials(ctx context.Context) (func(name string) string, error) {
	command, commandSource := c.sources.find(commandVariable)
	file, fileSource := c.sources.find(keyFileVariable)
	if command != "" {
		for _, other := range []string{secretVariable, keyVariable, keyFileVariable} {
			if c.Get(other) != "" {
				return nil, fmt.Errorf("both %s and %s are set: unset one", other, commandVariable)
			}
		}
		stderr := c.stderr
		if c.ErrorsJSON {
			stderr = nil
		}
		secret, err := secretcommand.Run(ctx, command, c.Timeout, stderr)
		if err != nil {
			return nil, fmt.Errorf("the command of %s %w (%[1]s is from %[3]s)", commandVariable, err, commandSource)
		}
		return c.getWith(secretVariable, secret), nil
	}
	if file == "" || c.Get(keyVariable) != "" || c.Get(secretVariable) != "" {
		return c.Get, nil
	}
	ctx, cancel := c.WithTimeout(ctx)
	defer cancel()
	key, err := readKey(ctx, file, fileSource)
	return c.getWith(keyVariable, key), err
}

// getWith returns Get with a credential in place of where it comes from.
func (c *Config) getWith(variable, value string) func(name string) string {
	return func(name string) string {
		switch name {
		case variable:
			return value
		case keyFileVariable:
			return ""
		}
		return c.Get(name)
	}
}

func readKey(ctx context.Context, name, source string) (string, error) {
	file, err := files.ReadPrivate(ctx, name)
	// Without the name: some users put the key itself into this variable.
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		err = failed.Err
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("the file that %s names cannot be read: %w (%[1]s is from %[3]s)", keyFileVariable, err, source)
	case file.Exposed != nil:
		return "", file.Exposed
	case len(bytes.TrimSpace(file.Content)) == 0:
		return "", fmt.Errorf("the file that %s names is empty (%[1]s is from %s)", keyFileVariable, source)
	}
	return string(file.Content), nil
}
