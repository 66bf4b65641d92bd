//go:build peers

package peers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// otherScope is one that the provider knows and that does not help.
const otherScope = "express-accounts:read"

// registration is a client that the provider knows: by its secret, or by the
// public half of a key.
type registration struct {
	ID        string `json:"id"`
	Secret    string `json:"secret,omitempty"`
	PublicKey []byte `json:"publicKey,omitempty"` // SubjectPublicKeyInfo, DER
	KeyID     string `json:"keyID,omitempty"`
	Algorithm string `json:"algorithm,omitempty"`
	Scope     string `json:"scope"`
}

// introspector is the client that the API authenticates as when it asks about
// a token.
var introspector = registration{ID: "api", Secret: "secret-of-the-api", Scope: otherScope}

// provider is a running oidc-provider.
type provider struct {
	url string
}

func startProvider(t *testing.T, clients ...registration) *provider {
	t.Helper()
	configuration, err := json.Marshal(map[string]any{
		"scopes":       []string{wrapper.ScopeRead, wrapper.ScopeWrite, otherScope},
		"introspector": introspector.ID,
		"clients":      append(slices.Clone(clients), introspector),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &provider{startPeer(t, []string{"CONFIGURATION=" + string(configuration)}, "server.mjs")}
}

func (p *provider) tokenURL() string { return p.url + "/oauth/token" }

// grant is what the provider says of a token (RFC 7662).
type grant struct {
	Active   bool   `json:"active"`
	ClientID string `json:"client_id"`
	Scope    string `json:"scope"`
}

func (p *provider) introspect(token string) (grant, error) {
	form := url.Values{"token": {token}}
	request, err := http.NewRequest(http.MethodPost, p.url+"/oauth/introspection", strings.NewReader(form.Encode()))
	if err != nil {
		return grant{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(introspector.ID, introspector.Secret)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return grant{}, err
	}
	defer response.Body.Close()
	var found grant
	err = json.NewDecoder(response.Body).Decode(&found)
	return found, err
}
