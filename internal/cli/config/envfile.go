package config

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/talkdesk-express/contractactions/internal/cli/config/envfile"
	"github.com/talkdesk-express/contractactions/internal/cli/files"
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
	file, err := files.ReadPrivate(ctx, name)
	if err != nil {
		return nil, err
	}
	values, err := envfile.Parse(string(file.Content), fileVariables)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	// Whoever can change a command can run one.
	if values[secretVariable] != "" || values[commandVariable] != "" || values[keyVariable] != "" {
		err = file.Exposed
	}
	if key := values[keyFileVariable]; key != "" && !filepath.IsAbs(key) {
		values[keyFileVariable] = filepath.Join(filepath.Dir(name), key)
	}
	return values, err
}
