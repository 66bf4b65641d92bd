package sandbox

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	// assertionLifetime is documented in the general guide.
	assertionLifetime = 5 * time.Minute
	// clockLeeway tolerates clocks that differ.
	clockLeeway = 10 * time.Second
)

// assertionAlgorithms are the algorithms with key pairs. Accepting "none" or an
// HMAC algorithm would let anyone forge assertions.
var assertionAlgorithms = []string{
	"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
}

// verificationKey is a public key that verifies signatures of one algorithm.
type verificationKey struct {
	algorithm string
	public    crypto.PublicKey
}

// signingKey is a key as it is issued to the client.
type signingKey struct {
	id           string
	private      string
	algorithm    string
	verification verificationKey
}

// newSigningKey returns how the key is issued, or a random one for nil.
func newSigningKey(key *ecdsa.PrivateKey) signingKey {
	// Neither call can fail: rand.Reader always succeeds, and P-256 keys can be
	// encoded.
	if key == nil {
		key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	encoded, _ := x509.MarshalPKCS8PrivateKey(key)
	return signingKey{
		id:           "sandbox-key",
		private:      base64.StdEncoding.EncodeToString(encoded),
		algorithm:    "ES256",
		verification: verificationKey{algorithm: "ES256", public: key.Public()},
	}
}

// checkAssertion verifies a client assertion (RFC 7523, section 3).
func (c *clients) checkAssertion(form url.Values, audience string) (*client, *tokenError) {
	if form.Get("client_assertion_type") != assertionType {
		return nil, invalidClient("client_assertion_type must be " + assertionType + ".")
	}
	var claims jwt.RegisteredClaims
	// What the parser below rejects may be incomplete here.
	_, _, _ = jwt.NewParser().ParseUnverified(form.Get("client_assertion"), &claims)
	issuer := c.candidate(claims.Issuer)
	parser := jwt.NewParser(
		jwt.WithValidMethods(assertionAlgorithms),
		jwt.WithTimeFunc(c.clock),
		jwt.WithLeeway(clockLeeway),
		jwt.WithIssuer(issuer.id),
		jwt.WithSubject(issuer.id),
		jwt.WithAudience(audience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
	)
	claims = jwt.RegisteredClaims{}
	if _, err := parser.ParseWithClaims(form.Get("client_assertion"), &claims, issuer.keyOf); err != nil {
		return nil, invalidClient(fmt.Sprintf("client_assertion: %v.", err))
	}
	if err := checkOptionalClaims(claims); err != nil {
		return nil, invalidClient(fmt.Sprintf("client_assertion: %v.", err))
	}
	return issuer, c.useOnce(claims)
}

// keyOf returns the key that an assertion names. The algorithm must be that of
// the key, whatever the assertion says.
func (c *client) keyOf(token *jwt.Token) (any, error) {
	id, _ := token.Header["kid"].(string)
	key, ok := c.keys[id]
	if !ok {
		return nil, errors.New("kid is not the id of a key of this client")
	}
	if token.Method.Alg() != key.algorithm {
		return nil, fmt.Errorf("the key signs with %s", key.algorithm)
	}
	return key.public, nil
}

// checkOptionalClaims checks what the JWT library leaves to its users. The library
// has checked that iat is not in the future, so this limits exp as well.
func checkOptionalClaims(claims jwt.RegisteredClaims) error {
	switch {
	case claims.IssuedAt == nil:
		return errors.New("iat is missing")
	case claims.ExpiresAt.Sub(claims.IssuedAt.Time) > assertionLifetime+clockLeeway:
		return errors.New("exp is more than five minutes after iat")
	case claims.ID == "":
		return errors.New("jti is missing")
	}
	return nil
}

// useOnce rejects an assertion that has been used before. It is called for valid
// assertions only, which expire within minutes.
func (c *clients) useOnce(claims jwt.RegisteredClaims) *tokenError {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	now := c.clock()
	isOutdated := func(end time.Time) bool { return now.After(end) }
	hash := sha256.Sum256([]byte(claims.Issuer + "\x00" + claims.ID)) // which is short
	id := string(hash[:])
	if end, used := c.usedAssertions.values[id]; used && !isOutdated(end) {
		return invalidClient("client_assertion: the jti has been used before.")
	}
	c.usedAssertions.add(id, claims.ExpiresAt.Add(clockLeeway), isOutdated)
	return nil
}
