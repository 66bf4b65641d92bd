package wrapper

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// NewFromEnvironment is [New] with the settings in these environment variables:
//
//	TALKDESK_ACCOUNT           the account's name, for example acme
//	TALKDESK_REGION            us (default), eu or canada
//	TALKDESK_CLIENT_ID         the client id
//	TALKDESK_CLIENT_SECRET     the client secret; or instead of it
//	TALKDESK_PRIVATE_KEY       the private key, or
//	TALKDESK_PRIVATE_KEY_FILE  the path of the file that contains it, and
//	TALKDESK_KEY_ID            the key's id, and
//	TALKDESK_KEY_ALGORITHM     the signing algorithm; by default ES256, ES384, ES512 or RS256, as fits the key
//	TALKDESK_SCOPE             scopes to request, separated by spaces; by default all that the client was granted
//	TALKDESK_BASE_URL          a different URL of the API, for example a sandbox's
//	TALKDESK_TOKEN_URL         a different token endpoint; TALKDESK_ACCOUNT is not needed then
//	TALKDESK_PLAIN_HTTP_HOSTS  hosts to which both may be plain http, separated by commas: see [WithPlainHTTPHosts]
//
// An empty variable counts as missing. The error names every missing variable.
// Options are applied after the variables and override them.
func NewFromEnvironment(options ...Option) (*Client, error) {
	return newFromVariables("the environment", os.Getenv, options)
}

// NewFromVariables is [NewFromEnvironment] for variables that are stored
// elsewhere, for example in a file or a secret store. lookup returns the value of
// a variable, or an empty string if there is none. It is not called after
// NewFromVariables has returned.
func NewFromVariables(lookup func(name string) string, options ...Option) (*Client, error) {
	return newFromVariables("variables", lookup, options)
}

func newFromVariables(source string, lookup variables, options []Option) (*Client, error) {
	client, err := lookup.newClient(options)
	if err != nil {
		return nil, fmt.Errorf("create a contract actions client from %s: %w", source, err)
	}
	return client, nil
}

// VariableError reports variables that are missing, conflict or have a bad value.
// [NewFromEnvironment] and [NewFromVariables] return it. What they refuse as [New]
// does, a key that cannot be used and plain http, is a different error.
type VariableError struct {
	Names []string // of the variables
	Err   error    // what is wrong with them; its text names them
}

// Error returns the text of Err.
func (e *VariableError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *VariableError) Unwrap() error { return e.Err }

// variables looks up the value of a variable.
type variables func(name string) string

func (v variables) newClient(options []Option) (*Client, error) {
	if v == nil {
		return nil, errors.New("the lookup function is nil")
	}
	settings, err := newSettings(append(v.options(), options...))
	if err != nil {
		return nil, err
	}
	account := v("TALKDESK_ACCOUNT")
	if err := v.missing(account == "" && settings.tokenURL == nil); err != nil {
		return nil, err
	}
	if _, err := settings.tokenEndpoint(account); err != nil {
		return nil, variableError("TALKDESK_ACCOUNT", err)
	}
	credentials, err := v.credentials()
	if err != nil {
		return nil, err
	}
	return newClient(account, credentials, settings)
}

// options returns the options for the variables that are set. Their errors name
// the variable.
func (v variables) options() (options []Option) {
	add := func(name string, option func(value string) Option) {
		if value := v(name); value != "" {
			options = append(options, func(s *settings) error {
				if err := option(value)(s); err != nil {
					return variableError(name, err)
				}
				return nil
			})
		}
	}
	add("TALKDESK_REGION", func(name string) Option { return WithRegion(Region(name)) })
	add("TALKDESK_SCOPE", func(scopes string) Option { return WithScopes(strings.Fields(scopes)...) })
	add("TALKDESK_BASE_URL", WithBaseURL)
	add("TALKDESK_TOKEN_URL", WithTokenURL)
	add("TALKDESK_PLAIN_HTTP_HOSTS", func(hosts string) Option {
		return WithPlainHTTPHosts(strings.Fields(strings.ReplaceAll(hosts, ",", " "))...)
	})
	return options
}

func variableError(name string, err error) error {
	return &VariableError{[]string{name}, fmt.Errorf("%s: %w", name, err)}
}

// missing returns an error with the variables that are needed and not set.
func (v variables) missing(account bool) error {
	var names, all []string
	add := func(isMissing bool, name, alternative string) {
		if isMissing {
			names, all = append(names, name), append(all, name+alternative)
		}
	}
	hasKey := v("TALKDESK_PRIVATE_KEY") != "" || v("TALKDESK_PRIVATE_KEY_FILE") != ""
	add(account, "TALKDESK_ACCOUNT", "")
	add(v("TALKDESK_CLIENT_ID") == "", "TALKDESK_CLIENT_ID", "")
	add(v("TALKDESK_CLIENT_SECRET") == "" && !hasKey, "TALKDESK_CLIENT_SECRET", " (or TALKDESK_PRIVATE_KEY and TALKDESK_KEY_ID)")
	add(hasKey && v("TALKDESK_KEY_ID") == "", "TALKDESK_KEY_ID", "")
	if len(names) == 0 {
		return nil
	}
	return &VariableError{names, fmt.Errorf("set %s", strings.Join(all, ", "))}
}

func (v variables) credentials() (Credentials, error) {
	for _, name := range []string{"TALKDESK_CLIENT_ID", "TALKDESK_CLIENT_SECRET", "TALKDESK_KEY_ID", "TALKDESK_KEY_ALGORITHM"} {
		if err := checkCredential("the value", v(name)); err != nil && v(name) != "" {
			return nil, variableError(name, err)
		}
	}
	id, secret, key, file := v("TALKDESK_CLIENT_ID"), v("TALKDESK_CLIENT_SECRET"), v("TALKDESK_PRIVATE_KEY"), v("TALKDESK_PRIVATE_KEY_FILE")
	switch {
	case key == "" && file == "":
		return ClientSecret{ID: id, Secret: Secret(secret)}, nil
	case secret != "":
		return nil, &VariableError{[]string{"TALKDESK_CLIENT_SECRET", "TALKDESK_PRIVATE_KEY", "TALKDESK_PRIVATE_KEY_FILE"},
			errors.New("both TALKDESK_CLIENT_SECRET and a private key are set: unset one")}
	case key != "" && file != "":
		return nil, &VariableError{[]string{"TALKDESK_PRIVATE_KEY", "TALKDESK_PRIVATE_KEY_FILE"},
			errors.New("both TALKDESK_PRIVATE_KEY and TALKDESK_PRIVATE_KEY_FILE are set: unset one")}
	case file != "":
		var content []byte
		opened, err := os.Open(file)
		if err == nil {
			defer opened.Close()
			content, err = io.ReadAll(io.LimitReader(opened, 64<<10)) // no key is larger, and some files never end
		}
		if err != nil {
			// Without the path: some users put the key itself into this variable.
			return nil, &VariableError{[]string{"TALKDESK_PRIVATE_KEY_FILE"},
				fmt.Errorf("the file that TALKDESK_PRIVATE_KEY_FILE names cannot be read: %w", cmp.Or(errors.Unwrap(err), err))}
		}
		key = string(content)
	}
	return PrivateKey{ID: id, KeyID: v("TALKDESK_KEY_ID"), Key: Secret(key), Algorithm: v("TALKDESK_KEY_ALGORITHM")}, nil
}
