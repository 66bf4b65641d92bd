package wrapper

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"

	"github.com/talkdesk-express/contractactions/internal/redact"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Credentials are how a client obtains access tokens: a [ClientSecret], a
// [PrivateKey] or [Tokens]. There are no other implementations.
type Credentials interface {
	// fetcher checks the credentials and returns a function that obtains a token.
	fetcher(endpoint tokenEndpoint) (fetchToken, error)
}

// ClientSecret authenticates with a client id and a secret that are sent with
// HTTP Basic authentication (client_secret_basic; RFC 6749, section 2.3.1). Both are
// printable ASCII (appendix A).
type ClientSecret struct {
	ID     string
	Secret Secret
}

func (s ClientSecret) fetcher(endpoint tokenEndpoint) (fetchToken, error) {
	if err := cmp.Or(checkCredential("the client id", s.ID), checkCredential("the client secret", string(s.Secret))); err != nil {
		return nil, err
	}
	config := clientcredentials.Config{
		ClientID:     s.ID,
		ClientSecret: string(s.Secret),
		AuthStyle:    oauth2.AuthStyleInHeader, // by default the library would probe, and send the secret twice
	}
	// The forms in which a server could repeat the secret.
	id, secret := url.QueryEscape(s.ID), url.QueryEscape(string(s.Secret))
	sent := redact.Of(string(s.Secret), base64.StdEncoding.EncodeToString([]byte(id+":"+secret)))
	return endpoint.fetcher(func() (clientcredentials.Config, redact.Secrets, error) { return config, sent, nil }), nil
}

// checkCredential refuses what cannot be a client id, a secret or a key id.
func checkCredential(name, value string) error {
	switch {
	case value == "":
		return errors.New(name + " is empty")
	case !printableASCII.MatchString(value):
		return errors.New(name + " contains a line break or a different character that is not printable ASCII (RFC 6749, appendix A): remove it")
	}
	return nil
}

// PrivateKey authenticates with a signed assertion (private_key_jwt; RFC 7523,
// section 2.2).
type PrivateKey struct {
	// ID is the client id: printable ASCII (RFC 6749, appendix A).
	ID string
	// KeyID identifies the key to the token endpoint. It is printable ASCII.
	KeyID string
	// Key is an EC or RSA private key: PEM, or PKCS#8 in Base64 without armour,
	// which is the form that the vendor issues (source: G).
	Key Secret
	// Algorithm is the one that was issued with the key: ES256, ES384, ES512,
	// RS256, RS384, RS512, PS256, PS384 or PS512. If it is empty, an EC key's
	// curve determines it, and an RSA key uses RS256.
	Algorithm string
}

func (k PrivateKey) fetcher(endpoint tokenEndpoint) (fetchToken, error) {
	if err := cmp.Or(checkCredential("the client id", k.ID), checkCredential("the key id", k.KeyID)); err != nil {
		return nil, err
	}
	if k.Key == "" {
		return nil, errors.New("the private key is empty")
	}
	key, method, err := k.parse()
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	endpoint.signs = true
	return endpoint.fetcher(func() (clientcredentials.Config, redact.Secrets, error) {
		assertion, err := k.assertion(key, method, endpoint.url)
		return clientcredentials.Config{
			AuthStyle: oauth2.AuthStyleInParams,
			EndpointParams: url.Values{
				"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
				"client_assertion":      {assertion},
			},
		}, redact.Of(assertion), err
	}), nil
}

// Tokens takes access tokens from source. The client caches a token until shortly
// before it expires, and asks source for the next one then, or when the service
// refuses it. Calls of source are never concurrent.
func Tokens(source oauth2.TokenSource) Credentials { return callersTokens{source} }

type callersTokens struct{ source oauth2.TokenSource }

// Format hides the token of a source that is a plain struct.
func (callersTokens) Format(state fmt.State, _ rune) { io.WriteString(state, redacted) }

func (c callersTokens) fetcher(tokenEndpoint) (fetchToken, error) {
	if c.source == nil {
		return nil, errors.New("the token source is nil")
	}
	return func(context.Context) (*oauth2.Token, error) {
		token, err := c.source.Token()
		if err == nil {
			err = checkToken(token)
		}
		if err == nil {
			return token, nil
		}
		failed := &TokenError{source: "the caller's token source", cause: err}
		if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok { // its text repeats the response's body
			failed.Code, failed.Description, failed.cause = refused.ErrorCode, refused.ErrorDescription, nil
		}
		return nil, failed
	}, nil
}

// Secret is a string that prints as [redacted] through fmt, encoding/json,
// encoding.TextMarshaler and log/slog. string(secret) returns its value.
//
// Three cases are out of its reach: package fmt in an unexported field of your
// struct, the verbs %p and %w, which go vet reports, and encoding/json for the
// key of a map. Keep secrets in exported fields and in values.
type Secret string

const redacted = "[redacted]"

// String returns [redacted].
func (Secret) String() string { return redacted }

// Format writes [redacted], whatever the verb.
func (Secret) Format(state fmt.State, _ rune) { io.WriteString(state, redacted) }

// MarshalText returns [redacted], and encoding/json uses it.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns [redacted].
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
