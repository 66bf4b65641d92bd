package wrapper_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// RFC 6749, section 2.3.1: id and secret are form-urlencoded, then joined.
func TestOddCharactersInIDAndSecret(t *testing.T) {
	for _, secret := range []string{"plain", "a:b", "a b+c", "100%&=?/", "%41", `"quoted"\`} {
		server := sandbox.Start(t, sandbox.WithClient("client:"+secret, secret))
		if err := onePage(t.Context(), newClient(t, server)); err != nil {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

func TestWhatTheTokenEndpointReceives(t *testing.T) {
	server := sandbox.Start(t)
	key := wrapper.PrivateKey{ID: server.ClientID, KeyID: server.KeyID, Key: wrapper.Secret(server.PrivateKey)}
	basic := url.Values{"grant_type": {"client_credentials"}}
	assertion := url.Values{
		"grant_type":            {"client_credentials"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {"signed"},
	}
	scoped := maps.Clone(basic)
	scoped.Set("scope", wrapper.ScopeWrite+" express-accounts:read")
	tests := map[string]struct {
		credentials wrapper.Credentials
		scopes      []string
		want        url.Values
	}{
		"client_secret_basic":            {secretOf(server), nil, basic},
		"client_secret_basic and scopes": {secretOf(server), []string{wrapper.ScopeWrite, "express-accounts:read"}, scoped},
		"private_key_jwt":                {key, nil, assertion},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			before := len(server.Requests())
			options := []wrapper.Option{wrapper.WithBaseURL(server.URL), wrapper.WithTokenURL(server.TokenURL)}
			if test.scopes != nil {
				options = append(options, wrapper.WithScopes(test.scopes...))
			}
			client := must(wrapper.New("", test.credentials, options...))(t)
			if err := onePage(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			received := server.Requests()[before]
			if received.Form.Has("client_assertion") {
				received.Form.Set("client_assertion", "signed") // it differs each time
			}
			if received.Method != http.MethodPost || received.Form.Encode() != test.want.Encode() {
				t.Errorf("received %s %v, want %v", received.Method, received.Form, test.want)
			}
			if basic := received.Header.Get("Authorization") != ""; basic == test.want.Has("client_assertion") {
				t.Errorf("an Authorization header was received: %v", basic)
			}
		})
	}
}

func TestSecretsSayThatTheyAreSecret(t *testing.T) {
	secret := wrapper.Secret("p-S3cr3t")
	text, err := secret.MarshalText()
	for _, shown := range []string{secret.String(), secret.GoString(), string(text), secret.LogValue().String()} {
		if shown != "[redacted]" || err != nil {
			t.Errorf("got %q and the error %v", shown, err)
		}
	}
}

// plainSource is a token source that carries its token in the open.
type plainSource struct{ token string }

func (s plainSource) Token() (*oauth2.Token, error) { return &oauth2.Token{AccessToken: s.token}, nil }
