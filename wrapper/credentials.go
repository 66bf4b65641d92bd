package wrapper

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Credentials is how a client gets its access tokens: a [ClientSecret], a
// [PrivateKey], or [Tokens]. There are no others.
type Credentials interface {
	// fetcher checks the credentials and returns how to get a token.
	fetcher(endpoint tokenEndpoint) (fetchToken, error)
}

// ClientSecret authenticates with a client id and a secret, sent as HTTP
// Basic (client_secret_basic; RFC 6749, section 2.3.1).
type ClientSecret struct {
	ID     string
	Secret Secret
}

func (s ClientSecret) fetcher(endpoint tokenEndpoint) (fetchToken, error) {
	switch {
	case s.ID == "":
		return nil, errors.New("the client id is empty")
	case s.Secret == "":
		return nil, errors.New("the client secret is empty")
	case endpoint.err != nil:
		return nil, endpoint.err
	}
	config := &clientcredentials.Config{
		ClientID:     s.ID,
		ClientSecret: string(s.Secret),
		TokenURL:     endpoint.url,
		Scopes:       endpoint.scopes,
		AuthStyle:    oauth2.AuthStyleInHeader, // left open, the library would probe and send the secret twice
	}
	// The forms in which a server could repeat the secret.
	id, secret := url.QueryEscape(s.ID), url.QueryEscape(string(s.Secret))
	sent := tracesOf(string(s.Secret), base64.StdEncoding.EncodeToString([]byte(id+":"+secret)))
	return endpoint.fetch(func(ctx context.Context) (*oauth2.Token, traces, error) {
		token, err := config.Token(ctx)
		return token, sent, err
	}), nil
}

// PrivateKey authenticates with a signed assertion (private_key_jwt; RFC 7523,
// section 2.2).
type PrivateKey struct {
	// ID is the client id.
	ID string
	// KeyID names the key to the token endpoint.
	KeyID string
	// Key is the private key, EC or RSA: PEM, or Base64-encoded PKCS#8
	// without armour, which is how the vendor hands it out.
	Key Secret
	// Algorithm is the one that came with the key: ES256, ES384, ES512, RS256,
	// RS384, RS512, PS256, PS384 or PS512. Empty picks the one that fits an EC
	// key's curve, and RS256 for RSA.
	Algorithm string
}

func (k PrivateKey) fetcher(endpoint tokenEndpoint) (fetchToken, error) {
	switch {
	case k.ID == "":
		return nil, errors.New("the client id is empty")
	case k.KeyID == "":
		return nil, errors.New("the key id is empty")
	case k.Key == "":
		return nil, errors.New("the private key is empty")
	}
	sign, err := newSigner(k.Key, k.Algorithm)
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	if endpoint.err != nil {
		return nil, endpoint.err
	}
	return endpoint.fetch(func(ctx context.Context) (*oauth2.Token, traces, error) {
		assertion, err := sign.assertion(k.ID, k.KeyID, endpoint.url, time.Now())
		if err != nil {
			return nil, nil, err
		}
		config := &clientcredentials.Config{
			TokenURL:  endpoint.url,
			Scopes:    endpoint.scopes,
			AuthStyle: oauth2.AuthStyleInParams,
			EndpointParams: url.Values{
				"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
				"client_assertion":      {assertion},
			},
		}
		token, err := config.Token(ctx)
		return token, tracesOf(assertion), err
	}), nil
}

// Tokens takes access tokens from a source of yours. The client caches them
// until shortly before they expire and asks the source again then, or when the
// service refuses one. The source need not be safe for concurrent use.
func Tokens(source oauth2.TokenSource) Credentials { return ownTokens{source} }

type ownTokens struct{ source oauth2.TokenSource }

// Format keeps a source that is a plain struct from printing its token.
func (ownTokens) Format(state fmt.State, _ rune) { io.WriteString(state, redacted) }

func (o ownTokens) fetcher(tokenEndpoint) (fetchToken, error) {
	if o.source == nil {
		return nil, errors.New("the token source is nil")
	}
	return func(context.Context) (*oauth2.Token, error) {
		token, err := o.source.Token()
		if err == nil {
			err = checkToken(token)
		}
		var refused *oauth2.RetrieveError
		switch {
		case errors.As(err, &refused): // whose text repeats the answer's body
			return nil, &TokenError{source: "the caller's token source", Code: refused.ErrorCode, Description: refused.ErrorDescription}
		case err != nil:
			return nil, &TokenError{source: "the caller's token source", cause: err}
		}
		return token, nil
	}, nil
}

// Secret is a string that does not show itself: through fmt, encoding/json,
// encoding.TextMarshaler and log/slog it prints as [redacted]. Convert it with
// string(secret) to use it.
//
// Three ways around it remain, where nobody asks the secret how to print:
// package fmt in an unexported field of a struct of yours and with the verbs
// %p and %w (which go vet refuses for it), and encoding/json in the key of a
// map. Keep secrets in exported fields, and in values.
type Secret string

const redacted = "[redacted]"

// String returns [redacted].
func (Secret) String() string { return redacted }

// GoString returns [redacted].
func (Secret) GoString() string { return redacted }

// Format writes [redacted], whatever the verb.
func (Secret) Format(state fmt.State, _ rune) { io.WriteString(state, redacted) }

// MarshalJSON returns "[redacted]", quoted.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText returns [redacted].
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns [redacted].
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
