//go:build peers

package peers

import (
	"cmp"
	"crypto"
	"crypto/elliptic"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// RFC 6749, section 2.3.1: id and secret are form-urlencoded before they are
// put into HTTP Basic. What is not encoded, or twice, does not get in.
func TestClientSecret(t *testing.T) {
	tests := []struct{ name, id, secret string }{
		{"plain", "reseller", "secret"},
		{"colons", "acme:express", ":secret:"},
		{"looks encoded", "100%41+", "%2B%25+ +"},
		{"all characters", printableASCII(), printableASCII()},
	}
	var clients []registration
	for _, test := range tests {
		clients = append(clients, registration{ID: test.id, Secret: test.secret, Scope: wrapper.ScopeWrite})
	}
	provider := startProvider(t, clients...)
	api := startResourceServer(t, provider)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			credentials := wrapper.ClientSecret{ID: test.id, Secret: wrapper.Secret(test.secret)}
			expectListed(t, test.id, newClient(t, credentials, wrapper.WithBaseURL(api), wrapper.WithTokenURL(provider.tokenURL()),
				wrapper.WithScopes(wrapper.ScopeWrite)))
		})
	}
}

// printableASCII are all characters that an id and a secret may consist of
// (RFC 6749, appendix A: VSCHAR).
func printableASCII() string {
	var all []byte
	for c := byte(' '); c <= '~'; c++ {
		all = append(all, c)
	}
	return string(all)
}

func TestPrivateKey(t *testing.T) {
	rsaKey := newRSAKey(t)
	tests := []struct {
		algorithm string
		key       crypto.Signer
		written   func(*testing.T, crypto.Signer) wrapper.Secret
	}{
		{"ES256", newECKey(t, elliptic.P256()), bare},
		{"ES384", newECKey(t, elliptic.P384()), armoured},
		{"ES512", newECKey(t, elliptic.P521()), bare},
		{"RS256", rsaKey, bare},
		{"RS512", rsaKey, armoured},
		{"PS256", rsaKey, bare},
		{"PS384", rsaKey, armoured},
	}
	var clients []registration
	for _, test := range tests {
		clients = append(clients, registered(t, "client of "+test.algorithm, test.algorithm, test.key))
	}
	provider := startProvider(t, clients...)
	api := startResourceServer(t, provider)
	for i, test := range tests {
		t.Run(test.algorithm, func(t *testing.T) {
			credentials := wrapper.PrivateKey{
				ID: clients[i].ID, KeyID: keyID, Key: test.written(t, test.key), Algorithm: test.algorithm,
			}
			expectListed(t, clients[i].ID, newClient(t, credentials, wrapper.WithBaseURL(api), wrapper.WithTokenURL(provider.tokenURL()),
				wrapper.WithScopes(wrapper.ScopeRead)))
		})
	}
}

// expectListed checks that the API was shown a token that the provider has
// granted to the client.
func expectListed(t *testing.T, clientID string, client *wrapper.Client) {
	t.Helper()
	actions, err := list(t, client, accountID)
	if err != nil || len(actions) != 1 || actions[0].ID != clientID {
		t.Errorf("got %+v, %v; want the contract action of %q", actions, err, clientID)
	}
}

func TestRefusedClients(t *testing.T) {
	key, otherKey := newECKey(t, elliptic.P256()), newECKey(t, elliptic.P256())
	password := registration{ID: "password", Secret: "right", Scope: wrapper.ScopeRead}
	signer := registered(t, "signer", "ES256", key)
	provider := startProvider(t, password, signer)
	alias := startAlias(t, provider.url) + "/oauth/token"
	goodKey := wrapper.PrivateKey{ID: signer.ID, KeyID: keyID, Key: bare(t, key)}

	for _, test := range []struct {
		name        string
		credentials wrapper.Credentials
		tokenURL    string              // empty for the provider's
		change      func(*http.Request) // nil for nothing
		because     string
	}{
		{
			name:        "unknown client",
			credentials: wrapper.ClientSecret{ID: "nobody", Secret: "right"},
			because:     "client not found",
		},
		{
			name:        "wrong secret",
			credentials: wrapper.ClientSecret{ID: password.ID, Secret: "wrong"},
			because:     "invalid secret provided",
		},
		{
			name:        "secret in place of a key",
			credentials: wrapper.ClientSecret{ID: signer.ID, Secret: "right"},
			because:     "the provided authentication mechanism does not match the registered client authentication method",
		},
		{
			name:        "wrong key",
			credentials: wrapper.PrivateKey{ID: signer.ID, KeyID: keyID, Key: bare(t, otherKey)},
			because:     "signature verification failed",
		},
		{
			name:        "unknown key id",
			credentials: wrapper.PrivateKey{ID: signer.ID, KeyID: "key-2", Key: bare(t, key)},
			because:     "no applicable key found in the JSON Web Key Set",
		},
		{
			name:        "wrong algorithm",
			credentials: wrapper.PrivateKey{ID: signer.ID, KeyID: keyID, Key: bare(t, newRSAKey(t))},
			because:     "alg mismatch",
		},
		{
			// The audience is the token URL that the client was given.
			name:        "wrong audience",
			credentials: goodKey,
			tokenURL:    alias,
			because:     "audience (aud) must equal the endpoint url, issuer identifier or token endpoint url",
		},
		{
			name:        "expired assertion",
			credentials: goodKey,
			change:      replaceAssertion(t, signed(t, key, signer.ID, provider.tokenURL(), time.Now().Add(-time.Minute))),
			because:     "jwt expired",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			tokenURL := cmp.Or(test.tokenURL, provider.tokenURL())
			var because string
			client := newClient(t, test.credentials, wrapper.WithBaseURL(provider.url), wrapper.WithTokenURL(tokenURL),
				through(transport{before: test.change, after: noteReason(&because)}))
			_, err := list(t, client, accountID)
			expectTokenError(t, err, "invalid_client", fmt.Sprintf("list contract actions of account %q: "+
				"get a token from %s: 401 Unauthorized: invalid_client: client authentication failed; "+
				"check the client id and its secret or key, and that they belong to this account and region", accountID, tokenURL))
			if because != test.because {
				t.Errorf("refused because %q, want %q", because, test.because)
			}
		})
	}
}

func TestRefusedScope(t *testing.T) {
	restricted := registration{ID: "restricted", Secret: "right", Scope: otherScope}
	provider := startProvider(t, restricted)
	client := newClient(t, wrapper.ClientSecret{ID: restricted.ID, Secret: wrapper.Secret(restricted.Secret)},
		wrapper.WithBaseURL(provider.url), wrapper.WithTokenURL(provider.tokenURL()), wrapper.WithScopes(wrapper.ScopeRead))
	_, err := list(t, client, accountID)
	expectTokenError(t, err, "invalid_scope", fmt.Sprintf("list contract actions of account %q: "+
		"get a token from %s: 400 Bad Request: invalid_scope: requested scope is not allowed; "+
		"request no scope to get all that the client was granted, or only scopes that it was granted", accountID, provider.tokenURL()))
}

// Without a requested scope it is the server's choice what a token is granted
// (RFC 6749, section 3.3): the vendor's grants everything, this one nothing.
func TestTokenWithoutScope(t *testing.T) {
	unscoped := registration{ID: "unscoped", Secret: "right", Scope: wrapper.ScopeRead}
	provider := startProvider(t, unscoped)
	client := newClient(t, wrapper.ClientSecret{ID: unscoped.ID, Secret: wrapper.Secret(unscoped.Secret)},
		wrapper.WithBaseURL(startResourceServer(t, provider)), wrapper.WithTokenURL(provider.tokenURL()))
	_, err := list(t, client, accountID)
	var refused *wrapper.Error
	if !errors.Is(err, wrapper.ErrForbidden) || !errors.As(err, &refused) || refused.Code != wrapper.CodeMissingScope {
		t.Errorf("got %v, want a 403 with the code %s", err, wrapper.CodeMissingScope)
	}
}

// expectTokenError checks what programs see, the code, and what people see.
func expectTokenError(t *testing.T, err error, code, text string) {
	t.Helper()
	var refused *wrapper.TokenError
	if !errors.As(err, &refused) || refused.Code != code {
		t.Fatalf("got %v, want a TokenError with the code %s", err, code)
	}
	if err.Error() != text {
		t.Errorf("the user sees\n%s\nwant\n%s", err, text)
	}
}

// An assertion of the test's own making is good once: so it is its age that
// the provider refuses above, and not that it is the test's.
func TestAssertionIsGoodOnce(t *testing.T) {
	key := newECKey(t, elliptic.P256())
	signer := registered(t, "signer", "ES256", key)
	provider := startProvider(t, signer)
	api := startResourceServer(t, provider)
	assertion := signed(t, key, signer.ID, provider.tokenURL(), time.Now().Add(time.Minute))
	var because string
	startClient := func() *wrapper.Client {
		return newClient(t, wrapper.PrivateKey{ID: signer.ID, KeyID: keyID, Key: bare(t, key)},
			wrapper.WithBaseURL(api), wrapper.WithTokenURL(provider.tokenURL()), wrapper.WithScopes(wrapper.ScopeRead),
			through(transport{before: replaceAssertion(t, assertion), after: noteReason(&because)}))
	}
	expectListed(t, signer.ID, startClient())
	_, err := list(t, startClient(), accountID)
	var refused *wrapper.TokenError
	if !errors.As(err, &refused) || because != "client assertion tokens must only be used once" {
		t.Errorf("got %v because %q, want a TokenError for the second use", err, because)
	}
}

// noteReason returns what notes why the provider refused. It tells its clients
// only that it did; server.mjs adds the reason.
func noteReason(reason *string) func(*http.Response) {
	return func(response *http.Response) { *reason = response.Header.Get("X-Refused-Because") }
}

// startAlias makes a server reachable by another address, of which the server
// learns nothing, and returns that address.
func startAlias(t *testing.T, address string) (alias string) {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(request *httputil.ProxyRequest) { request.SetURL(target) },
	})
	t.Cleanup(server.Close)
	return server.URL
}
