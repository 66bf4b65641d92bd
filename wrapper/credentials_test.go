package wrapper_test

import (
	"fmt"
	"net/http"
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
	for _, test := range []struct {
		credentials wrapper.Credentials
		scopes      []string
		want        string
	}{
		{secretOf(server), nil, "grant_type=client_credentials"},
		{secretOf(server), []string{wrapper.ScopeWrite, "a:b"}, "grant_type=client_credentials&scope=express-accounts-contracts-actions%3Awrite+a%3Ab"},
		{keyOf(server), nil, "client_assertion=signed&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&grant_type=client_credentials"},
	} {
		before := len(server.Requests())
		_, err := newClientWith(t, server, test.credentials, withScopes(test.scopes)...).Authenticate(t.Context())
		received := server.Requests()[before]
		isAssertion := received.Form.Has("client_assertion")
		if isAssertion {
			received.Form.Set("client_assertion", "signed") // it differs each time
		}
		if received.Method != http.MethodPost || received.Form.Encode() != test.want || (received.Header.Get("Authorization") == "") != isAssertion {
			t.Errorf("received %s %s with the header %v, want %s; the error is %v", received.Method, received.Form.Encode(), received.Header, test.want, err)
		}
	}
}

func TestSecretsSayThatTheyAreSecret(t *testing.T) {
	secret := wrapper.Secret("p-S3cr3t")
	text, err := secret.MarshalText()
	for _, shown := range []string{secret.String(), fmt.Sprintf("%#v", secret), string(text), secret.LogValue().String()} {
		if shown != "[redacted]" || err != nil {
			t.Errorf("got %q and the error %v", shown, err)
		}
	}
}

// plainSource is a token source that carries its token in the open.
type plainSource struct{ token string }

func (s plainSource) Token() (*oauth2.Token, error) { return &oauth2.Token{AccessToken: s.token}, nil }
