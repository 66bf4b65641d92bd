package wrapper_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// RFC 6749, section 2.3.1: id and secret are form-urlencoded, then joined.
func TestOddCharactersInIDAndSecret(t *testing.T) {
	for _, secret := range []string{"plain", "a:b", "a b+c", "100%&=?/", "%41", "pässwörd ☂", `"quoted"\`} {
		server := sandbox.Start(t, sandbox.WithClient("client:"+secret, secret))
		if err := onePage(t.Context(), newClient(t, server)); err != nil {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

func TestWhatTheTokenEndpointReceives(t *testing.T) {
	scopes := []string{wrapper.ScopeWrite, "express-accounts:read"}
	for name, test := range map[string]struct {
		credentials func(*sandbox.Server) wrapper.Credentials
		scopes      []string
		want        url.Values
	}{
		"client_secret_basic":            {func(s *sandbox.Server) wrapper.Credentials { return secretOf(s) }, nil, url.Values{}},
		"client_secret_basic and scopes": {func(s *sandbox.Server) wrapper.Credentials { return secretOf(s) }, scopes, url.Values{"scope": {strings.Join(scopes, " ")}}},
		"private_key_jwt": {func(s *sandbox.Server) wrapper.Credentials { return keyOf(s) }, nil, url.Values{
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {"signed"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t)
			listsOnePage(t, newClientWith(t, server, test.credentials(server), withScopes(test.scopes)...))
			received := server.Requests()[0]
			if received.Form.Has("client_assertion") {
				received.Form.Set("client_assertion", "signed") // it differs each time
			}
			test.want.Set("grant_type", "client_credentials")
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
