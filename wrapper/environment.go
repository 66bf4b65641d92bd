package wrapper

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// NewFromEnvironment is [New] with what these environment variables say:
//
//	TALKDESK_ACCOUNT           the account's name, for example acme
//	TALKDESK_REGION            us (default), eu or canada
//	TALKDESK_CLIENT_ID         the client id
//	TALKDESK_CLIENT_SECRET     the client secret; or instead of it
//	TALKDESK_PRIVATE_KEY       the private key, or
//	TALKDESK_PRIVATE_KEY_FILE  the file that holds it, and
//	TALKDESK_KEY_ID            the key's id
//	TALKDESK_BASE_URL          another address of the API, for example a sandbox's
//	TALKDESK_TOKEN_URL         another token endpoint; then TALKDESK_ACCOUNT is not needed
//
// An empty variable counts as missing. The error names all that are missing.
// Options come after the variables and win.
func NewFromEnvironment(options ...Option) (*Client, error) {
	client, err := newFromEnvironment(os.Getenv, options)
	if err != nil {
		return nil, fmt.Errorf("create a contract actions client from the environment: %w", err)
	}
	return client, nil
}

func newFromEnvironment(variable func(string) string, options []Option) (*Client, error) {
	credentials, err := credentialsFrom(variable)
	if err != nil {
		return nil, err
	}
	var fromVariables []Option
	if name := variable("TALKDESK_REGION"); name != "" {
		region, err := ParseRegion(name)
		if err != nil {
			return nil, fmt.Errorf("TALKDESK_REGION: %w", err)
		}
		fromVariables = append(fromVariables, WithRegion(region))
	}
	if base := variable("TALKDESK_BASE_URL"); base != "" {
		fromVariables = append(fromVariables, WithBaseURL(base))
	}
	if token := variable("TALKDESK_TOKEN_URL"); token != "" {
		fromVariables = append(fromVariables, WithTokenURL(token))
	}
	return newClient(variable("TALKDESK_ACCOUNT"), credentials, append(fromVariables, options...))
}

func credentialsFrom(variable func(string) string) (Credentials, error) {
	var (
		id      = variable("TALKDESK_CLIENT_ID")
		secret  = variable("TALKDESK_CLIENT_SECRET")
		key     = variable("TALKDESK_PRIVATE_KEY")
		keyFile = variable("TALKDESK_PRIVATE_KEY_FILE")
		keyID   = variable("TALKDESK_KEY_ID")
	)
	var missing []string
	if variable("TALKDESK_ACCOUNT") == "" && variable("TALKDESK_TOKEN_URL") == "" {
		missing = append(missing, "TALKDESK_ACCOUNT")
	}
	if id == "" {
		missing = append(missing, "TALKDESK_CLIENT_ID")
	}
	hasKey := key != "" || keyFile != ""
	if secret == "" && !hasKey {
		missing = append(missing, "TALKDESK_CLIENT_SECRET (or TALKDESK_PRIVATE_KEY and TALKDESK_KEY_ID)")
	}
	if hasKey && keyID == "" {
		missing = append(missing, "TALKDESK_KEY_ID")
	}
	switch {
	case len(missing) > 0:
		return nil, fmt.Errorf("set %s", strings.Join(missing, ", "))
	case secret != "" && hasKey:
		return nil, errors.New("both TALKDESK_CLIENT_SECRET and a private key are set: unset one")
	case key != "" && keyFile != "":
		return nil, errors.New("both TALKDESK_PRIVATE_KEY and TALKDESK_PRIVATE_KEY_FILE are set: unset one")
	case keyFile != "":
		content, err := os.ReadFile(keyFile)
		if err != nil {
			return nil, fmt.Errorf("TALKDESK_PRIVATE_KEY_FILE: %w", err)
		}
		key = string(content)
	}
	if hasKey {
		return PrivateKey{ID: id, KeyID: keyID, Key: Secret(key)}, nil
	}
	return ClientSecret{ID: id, Secret: Secret(secret)}, nil
}
