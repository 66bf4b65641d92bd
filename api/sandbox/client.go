package sandbox

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Client is a client that can request tokens with a secret.
type Client struct {
	ID     string
	Secret string
	// Scopes are those that the client has been granted. Nil means every scope in
	// openapi.yaml, and an empty slice none.
	Scopes []string
}

// client is a client with its credentials and scopes.
type client struct {
	id     string
	secret string
	keys   map[string]verificationKey // nil if it has none
	scopes []string
}

// clients authenticates the clients that can request tokens.
type clients struct {
	main  *client // that of the exported fields of [Server]
	byID  map[string]*client
	url   baseURL
	clock func() time.Time

	mutex sync.Mutex
	// usedAssertions maps hashes of the ids (jti) of used assertions to when each
	// can be forgotten because its assertion has expired.
	usedAssertions latest[time.Time]
}

func newClients(settings *settings, key signingKey) *clients {
	keys := map[string]verificationKey{key.id: key.verification}
	for id, public := range settings.publicKeys {
		keys[id] = public
	}
	main := &client{id: settings.clientID, secret: settings.clientSecret, keys: keys, scopes: scopeSet(settings.scopes...)}
	all := &clients{main: main, byID: make(map[string]*client), url: settings.url, clock: settings.clock}
	for _, other := range settings.otherClients {
		scopes := other.Scopes
		if scopes == nil {
			scopes = documentedScopes()
		}
		all.byID[other.ID] = &client{id: other.ID, secret: other.Secret, scopes: scopeSet(scopes...)}
	}
	all.byID[main.id] = main
	return all
}

// candidate returns the client with the id, or else the main one, as which the
// request will not be authenticated either.
func (c *clients) candidate(id string) *client { return cmp.Or(c.byID[id], c.main) }

// authenticate returns the client that a token request comes from. It must use
// exactly one method of authentication (RFC 6749, section 2.3).
func (c *clients) authenticate(r *http.Request, form url.Values) (*client, *tokenError) {
	assertion := form.Has("client_assertion") || form.Has("client_assertion_type")
	inForm := form.Has("client_secret")
	basic := usesHeader(r)
	var found *client
	var err *tokenError
	switch {
	case basic && (assertion || inForm), assertion && inForm, len(r.Header.Values("Authorization")) > 1:
		return nil, invalidRequest("The client must use one method of authentication only.")
	case basic:
		found, err = c.checkSecret(r)
	case assertion:
		found, err = c.checkAssertion(form, c.url.of(r)+r.URL.Path)
	case inForm:
		return nil, invalidClient("client_secret is not accepted in the form. Use HTTP Basic.")
	default:
		return nil, invalidClient("The client must authenticate by HTTP Basic or by client_assertion.")
	}
	if err == nil && form.Has("client_id") && form.Get("client_id") != found.id {
		err = invalidClient("client_id is not the id of this client.")
	}
	return found, err
}

// usesHeader reports whether the client tries to authenticate by the Authorization
// header.
func usesHeader(r *http.Request) bool { return r.Header.Get("Authorization") != "" }

// checkSecret verifies HTTP Basic, in which both parts are form-urlencoded
// (RFC 6749, section 2.3.1).
func (c *clients) checkSecret(r *http.Request) (*client, *tokenError) {
	// [http.Request.BasicAuth] accepts one space only.
	encoded, isBasic := credentialsOf(r.Header, "Basic")
	pair, err := base64.StdEncoding.DecodeString(encoded)
	encodedID, encodedSecret, isPair := strings.Cut(string(pair), ":")
	if !isBasic || err != nil || !isPair {
		return nil, invalidClient("The Authorization header is not HTTP Basic.")
	}
	id, idErr := url.QueryUnescape(encodedID)
	secret, secretErr := url.QueryUnescape(encodedSecret)
	if idErr != nil || secretErr != nil {
		return nil, invalidClient("The client id and the secret must be form-urlencoded.")
	}
	// Both comparisons always run, so that the time does not reveal which of them
	// failed.
	candidate := c.candidate(id)
	if equal(id, candidate.id)&equal(secret, candidate.secret) != 1 {
		return nil, invalidClient("The client id or the secret is wrong.")
	}
	return candidate, nil
}

// equal returns 1 for equal texts. The time it takes depends only on the lengths.
func equal(a, b string) int {
	hashA, hashB := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(hashA[:], hashB[:])
}
