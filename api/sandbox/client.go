package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// client is the only client that can request tokens, with its credentials.
type client struct {
	id     string
	secret string
	keys   map[string]verificationKey
	url    baseURL
	clock  func() time.Time

	mutex sync.Mutex
	// usedAssertions maps hashes of the ids (jti) of used assertions to when each
	// can be forgotten because its assertion has expired.
	usedAssertions latest[time.Time]
}

func newClient(settings *settings, key signingKey) *client {
	keys := map[string]verificationKey{key.id: key.verification}
	for id, public := range settings.publicKeys {
		keys[id] = public
	}
	return &client{
		id:     settings.clientID,
		secret: settings.clientSecret,
		keys:   keys,
		url:    settings.url,
		clock:  settings.clock,
	}
}

// authenticate checks that a token request comes from the client, which must use
// exactly one method of authentication (RFC 6749, section 2.3).
func (c *client) authenticate(r *http.Request, form url.Values) *tokenError {
	basic := r.Header.Get("Authorization") != ""
	assertion := form.Has("client_assertion") || form.Has("client_assertion_type")
	inForm := form.Has("client_secret")
	switch {
	case basic && (assertion || inForm), assertion && inForm, len(r.Header.Values("Authorization")) > 1:
		return invalidRequest("The client must use one method of authentication only.")
	case form.Has("client_id") && form.Get("client_id") != c.id:
		return invalidClient("client_id is not the id of this client.")
	case basic:
		return c.checkSecret(r)
	case assertion:
		return c.checkAssertion(form, c.url.of(r)+r.URL.Path)
	case inForm:
		return invalidClient("client_secret is not accepted in the form. Use HTTP Basic.")
	default:
		return invalidClient("The client must authenticate by HTTP Basic or by client_assertion.")
	}
}

// checkSecret verifies HTTP Basic, in which both parts are form-urlencoded
// (RFC 6749, section 2.3.1).
func (c *client) checkSecret(r *http.Request) *tokenError {
	// [http.Request.BasicAuth] accepts one space only.
	encoded, isBasic := credentialsOf(r.Header, "Basic")
	pair, err := base64.StdEncoding.DecodeString(encoded)
	encodedID, encodedSecret, isPair := strings.Cut(string(pair), ":")
	if !isBasic || err != nil || !isPair {
		return invalidClient("The Authorization header is not HTTP Basic.")
	}
	id, idErr := url.QueryUnescape(encodedID)
	secret, secretErr := url.QueryUnescape(encodedSecret)
	if idErr != nil || secretErr != nil {
		return invalidClient("The client id and the secret must be form-urlencoded.")
	}
	// Both comparisons always run, so that the time does not reveal which of them
	// failed.
	if equal(id, c.id)&equal(secret, c.secret) != 1 {
		return invalidClient("The client id or the secret is wrong.")
	}
	return nil
}

// equal returns 1 for equal texts. The time it takes depends only on the lengths.
func equal(a, b string) int {
	hashA, hashB := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(hashA[:], hashB[:])
}
