package wrapper

import (
	"errors"
	"fmt"
	"io/fs"
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
//	TALKDESK_KEY_ID            the key's id, and
//	TALKDESK_KEY_ALGORITHM     its algorithm, if that is not ES256, ES384, ES512 or RS256, as fits the key
//	TALKDESK_SCOPE             scopes to request, separated by spaces; without it, all that the client was granted
//	TALKDESK_BASE_URL          another address of the API, for example a sandbox's
//	TALKDESK_TOKEN_URL         another token endpoint; then TALKDESK_ACCOUNT is not needed
//
// An empty variable counts as missing. The error names all that are missing.
// Options come after the variables and win.
func NewFromEnvironment(options ...Option) (*Client, error) {
	client, err := environment(os.Getenv).newClient(options)
	if err != nil {
		return nil, fmt.Errorf("create a contract actions client from the environment: %w", err)
	}
	return client, nil
}

// NewFromVariables is [NewFromEnvironment] for variables that are kept
// elsewhere, such as in a file or a secret store. lookup returns the variable's
// value, or nothing if there is none; it is not kept.
func NewFromVariables(lookup func(name string) string, options ...Option) (*Client, error) {
	if lookup == nil {
		return nil, errors.New("create a contract actions client from variables: the lookup is nil")
	}
	client, err := environment(lookup).newClient(options)
	if err != nil {
		return nil, fmt.Errorf("create a contract actions client from variables: %w", err)
	}
	return client, nil
}

// VariableError reports variables that are missing, conflict or have a bad value.
// [NewFromEnvironment] and [NewFromVariables] return it.
type VariableError struct {
	Names []string // of the variables
	Err   error    // what is wrong with them; its text names them
}

// Error returns the text of Err.
func (e *VariableError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *VariableError) Unwrap() error { return e.Err }

// environment looks variables up.
type environment func(name string) string

func (e environment) newClient(options []Option) (*Client, error) {
	settings, err := newSettings(append(e.options(), options...))
	if err != nil {
		return nil, err
	}
	account := e("TALKDESK_ACCOUNT")
	if missing := e.missing(account == "" && settings.tokenURL == ""); len(missing) > 0 {
		return nil, missingError(missing)
	}
	credentials, err := e.credentials()
	if err != nil {
		return nil, err
	}
	return newClient(account, credentials, settings)
}

// options are those that variables stand for. Their errors name the variable.
func (e environment) options() []Option {
	var options []Option
	add := func(name string, option func(value string) Option) {
		if value := e(name); value != "" {
			options = append(options, func(s *settings) error {
				if err := option(value)(s); err != nil {
					return &VariableError{[]string{name}, fmt.Errorf("%s: %w", name, err)}
				}
				return nil
			})
		}
	}
	add("TALKDESK_REGION", func(name string) Option { return WithRegion(Region(strings.ToLower(name))) })
	add("TALKDESK_SCOPE", func(scope string) Option { return WithScopes(strings.Fields(scope)...) })
	add("TALKDESK_BASE_URL", WithBaseURL)
	add("TALKDESK_TOKEN_URL", WithTokenURL)
	return options
}

func missingError(missing []string) error {
	failure := &VariableError{Err: fmt.Errorf("set %s", strings.Join(missing, ", "))}
	for _, text := range missing {
		name, _, _ := strings.Cut(text, " ") // without the alternative
		failure.Names = append(failure.Names, name)
	}
	return failure
}

// missing lists the variables that are needed and not set.
func (e environment) missing(account bool) []string {
	var missing []string
	if account {
		missing = append(missing, "TALKDESK_ACCOUNT")
	}
	if e("TALKDESK_CLIENT_ID") == "" {
		missing = append(missing, "TALKDESK_CLIENT_ID")
	}
	if e("TALKDESK_CLIENT_SECRET") == "" && !e.hasKey() {
		missing = append(missing, "TALKDESK_CLIENT_SECRET (or TALKDESK_PRIVATE_KEY and TALKDESK_KEY_ID)")
	}
	if e.hasKey() && e("TALKDESK_KEY_ID") == "" {
		missing = append(missing, "TALKDESK_KEY_ID")
	}
	return missing
}

func (e environment) hasKey() bool {
	return e("TALKDESK_PRIVATE_KEY") != "" || e("TALKDESK_PRIVATE_KEY_FILE") != ""
}

func (e environment) credentials() (Credentials, error) {
	if !e.hasKey() {
		return ClientSecret{ID: e("TALKDESK_CLIENT_ID"), Secret: Secret(e("TALKDESK_CLIENT_SECRET"))}, nil
	}
	if e("TALKDESK_CLIENT_SECRET") != "" {
		return nil, &VariableError{[]string{"TALKDESK_CLIENT_SECRET", "TALKDESK_PRIVATE_KEY", "TALKDESK_PRIVATE_KEY_FILE"},
			errors.New("both TALKDESK_CLIENT_SECRET and a private key are set: unset one")}
	}
	key, err := e.key()
	return PrivateKey{
		ID:        e("TALKDESK_CLIENT_ID"),
		KeyID:     e("TALKDESK_KEY_ID"),
		Key:       key,
		Algorithm: e("TALKDESK_KEY_ALGORITHM"),
	}, err
}

func (e environment) key() (Secret, error) {
	key, file := e("TALKDESK_PRIVATE_KEY"), e("TALKDESK_PRIVATE_KEY_FILE")
	switch {
	case file == "":
		return Secret(key), nil
	case key != "":
		return "", &VariableError{[]string{"TALKDESK_PRIVATE_KEY", "TALKDESK_PRIVATE_KEY_FILE"},
			errors.New("both TALKDESK_PRIVATE_KEY and TALKDESK_PRIVATE_KEY_FILE are set: unset one")}
	}
	content, err := os.ReadFile(file)
	if err != nil {
		// Without the name: some put the key itself into this variable.
		var failed *fs.PathError
		if errors.As(err, &failed) {
			err = failed.Err
		}
		return "", &VariableError{[]string{"TALKDESK_PRIVATE_KEY_FILE"},
			fmt.Errorf("the file that TALKDESK_PRIVATE_KEY_FILE names cannot be read: %w", err)}
	}
	return Secret(content), nil
}
