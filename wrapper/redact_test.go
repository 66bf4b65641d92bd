package wrapper_test

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// shortSecrets occur in codes, headers, host names and the texts of errors.
var shortSecrets = []string{"3", "1", "a", "host", "client", "scope", "json", "express", "localhost"}

// Failures that will not pass are not repeated, whether they are shown or not.
func TestCausesAreClassifiedBeforeCredentialsAreWithheld(t *testing.T) {
	for _, secret := range append(shortSecrets, ownToken) {
		for name, test := range map[string]struct {
			failure  error
			requests int
		}{
			"an unknown host":          {&net.DNSError{Err: "no such host, 31 json express client scope", Name: "localhost", IsNotFound: true}, 1},
			"an untrusted certificate": {&tls.CertificateVerificationError{Err: errors.New("31 localhost json express client scope")}, 1},
			"a broken connection":      {&net.OpError{Op: "read", Net: "tcp31", Err: errors.New("reset by localhost json express client scope")}, 4},
		} {
			transport := roundTripper(func(*http.Request) (*http.Response, error) { return nil, test.failure })
			err := onePage(t.Context(), clientWithToken(t, secret, "http://localhost", &http.Client{Transport: transport}))
			failed, ok := errors.AsType[*wrapper.Error](err)
			if !ok || failed.Attempts != test.requests || !errors.Is(err, test.failure) {
				t.Fatalf("%s, %s: the error is %v, want it after %d requests", name, secret, err, test.requests)
			}
			if cause := errors.Unwrap(failed).Error(); (cause == withheld) == (secret == ownToken) {
				t.Errorf("%s, %s: the cause is %s", name, secret, cause)
			}
		}
	}
}

func TestTokenErrorsAreClassifiedBeforeCredentialsAreWithheld(t *testing.T) {
	for _, secret := range shortSecrets {
		for code, hint := range map[string]string{"invalid_client": "check the client id and its secret", "invalid_scope": "request no scope"} {
			_, err := authenticate(t, wrapper.Secret(secret), 400, `{"error":"`+code+`","error_description":"`+secret+`"}`)
			refused, ok := errors.AsType[*wrapper.TokenError](err)
			if !ok || refused.Code != code || refused.Description != withheld || !strings.Contains(err.Error(), hint) {
				t.Errorf("%s, %s: the error is %v", code, secret, err)
			}
		}
	}
}

func TestAShortTokenHidesNoScopeForListing(t *testing.T) {
	for _, secret := range shortSecrets {
		for scope, want := range map[string]string{wrapper.ScopeRead: wrapper.ScopeRead, "a:" + secret + " " + wrapper.ScopeWrite: withheld + " " + wrapper.ScopeWrite, "a:" + secret: withheld} {
			token, err := authenticate(t, "p-S3cr3t", 200, `{"access_token":"`+secret+`","scope":"`+scope+`"}`)
			if err != nil || token.Scope != want || token.CanList() != strings.Contains(scope, "contracts-actions") {
				t.Errorf("%s of %s: got %+v and the error %v", scope, secret, token, err)
			}
		}
	}
}

// authenticate is what the client makes of a token endpoint's response.
func authenticate(t *testing.T, secret wrapper.Secret, status int, body string) (wrapper.TokenInfo, error) {
	transport := roundTripper(func(*http.Request) (*http.Response, error) { return jsonResponse(status, body), nil })
	client := must(wrapper.New("acme", wrapper.ClientSecret{ID: "id", Secret: secret}, wrapper.WithHTTPClient(&http.Client{Transport: transport})))(t)
	return client.Authenticate(t.Context())
}

// clientWithToken retries without waits and sends this token.
func clientWithToken(t *testing.T, token, base string, client *http.Client) *wrapper.Client {
	t.Helper()
	source := wrapper.Tokens(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}))
	return must(wrapper.New("", source, wrapper.WithBaseURL(base), wrapper.WithHTTPClient(client), impatient))(t)
}
