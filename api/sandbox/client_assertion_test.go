package sandbox_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// assertion is a client assertion before it is signed.
type assertion struct {
	method jwt.SigningMethod
	key    any
	header map[string]any
	claims jwt.MapClaims
}

// newAssertion is one that the server accepts.
func newAssertion(t *testing.T, server *sandbox.Server, now time.Time) *assertion {
	t.Helper()
	encoded, err := base64.StdEncoding.DecodeString(server.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.ParsePKCS8PrivateKey(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return &assertion{
		method: jwt.GetSigningMethod(server.Algorithm),
		key:    key,
		header: map[string]any{"kid": server.KeyID},
		claims: jwt.MapClaims{
			"iss": server.ClientID,
			"sub": server.ClientID,
			"aud": server.TokenURL,
			"jti": rand.Text(),
			"iat": now.Unix(),
			"exp": now.Add(5 * time.Minute).Unix(),
		},
	}
}

func (a *assertion) sign(t *testing.T) string {
	t.Helper()
	token := jwt.NewWithClaims(a.method, a.claims)
	maps.Copy(token.Header, a.header)
	signed, err := token.SignedString(a.key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func sendAssertion(t *testing.T, server *sandbox.Server, signed string) readResponse {
	t.Helper()
	return send(t, formRequest(t, server, "client_assertion_type", assertionType, "client_assertion", signed))
}

func TestAssertionIsAccepted(t *testing.T) {
	server := sandbox.Start(t)
	response := sendAssertion(t, server, newAssertion(t, server, time.Now()).sign(t)).wantStatus(t, http.StatusOK)
	token := decode[tokenResponse](t, response).AccessToken
	get(t, listURL(server, sandbox.DefaultAccountID), token).wantStatus(t, http.StatusOK)
}

func TestAudienceMayBeAList(t *testing.T) {
	server := sandbox.Start(t)
	a := newAssertion(t, server, time.Now())
	a.claims["aud"] = []string{"https://elsewhere.example.test/", server.TokenURL}
	sendAssertion(t, server, a.sign(t)).wantStatus(t, http.StatusOK)
}

func TestRefusedAssertions(t *testing.T) {
	clock := newManualClock()
	server := sandbox.Start(t, sandbox.WithClock(clock.Now))
	now := clock.Now()
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(name string, value any) func(*assertion) {
		return func(a *assertion) { a.claims[name] = value }
	}
	without := func(name string) func(*assertion) {
		return func(a *assertion) { delete(a.claims, name) }
	}
	tests := []struct {
		name   string
		change func(*assertion)
		reason string
	}{
		{"no kid", func(a *assertion) { delete(a.header, "kid") }, "kid is not the id of a key"},
		{"unknown kid", func(a *assertion) { a.header["kid"] = "other" }, "kid is not the id of a key"},
		{"somebody else's key", func(a *assertion) { a.key = stranger }, "signature is invalid"},
		{"not signed", func(a *assertion) { a.method, a.key = jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType }, "signing method"},
		{"signed with the public key as a secret", func(a *assertion) {
			public, err := x509.MarshalPKIXPublicKey(a.key.(*ecdsa.PrivateKey).Public())
			if err != nil {
				t.Fatal(err)
			}
			a.method, a.key = jwt.SigningMethodHS256, public
		}, "signing method"},
		{"other algorithm than the key's", func(a *assertion) {
			key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			a.method, a.key = jwt.SigningMethodES384, key
		}, "signs with ES256"},
		{"no iss", without("iss"), "iss claim is required"},
		{"other iss", claim("iss", "other"), "invalid issuer"},
		{"no sub", without("sub"), "sub claim is required"},
		{"other sub", claim("sub", "other"), "invalid subject"},
		{"no aud", without("aud"), "aud claim is required"},
		{"the base URL as aud", claim("aud", server.URL), "invalid audience"},
		{"aud with https instead of http", claim("aud", "https"+strings.TrimPrefix(server.TokenURL, "http")), "invalid audience"},
		{"no exp", without("exp"), "exp claim is required"},
		{"expired", claim("exp", now.Add(-time.Minute).Unix()), "expired"},
		{"valid for long", claim("exp", now.Add(6*time.Minute).Unix()), "more than five minutes"},
		{"valid for long since long", func(a *assertion) {
			a.claims["iat"], a.claims["exp"] = now.Add(-time.Hour).Unix(), now.Add(time.Minute).Unix()
		}, "more than five minutes"},
		{"no iat", without("iat"), "iat is missing"},
		{"issued in the future", claim("iat", now.Add(time.Minute).Unix()), "before issued"},
		{"not valid yet", claim("nbf", now.Add(time.Minute).Unix()), "not valid yet"},
		{"no jti", without("jti"), "jti is missing"},
		{"empty jti", claim("jti", ""), "jti is missing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := newAssertion(t, server, now)
			test.change(a)
			signed := a.sign(t)
			response := sendAssertion(t, server, signed).wantStatus(t, http.StatusUnauthorized)
			got := decode[tokenError](t, response)
			if got.Error != "invalid_client" || !strings.Contains(got.Description, test.reason) {
				t.Errorf("body = %+v, want invalid_client because of %q", got, test.reason)
			}
			if strings.Contains(string(response.body), signed) {
				t.Errorf("the response contains the assertion: %s", response.body)
			}
		})
	}

	t.Run("other type", func(t *testing.T) {
		request := formRequest(t, server, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
			"client_assertion", newAssertion(t, server, now).sign(t))
		send(t, request).wantStatus(t, http.StatusUnauthorized)
	})
	for name, changed := range map[string]func(string) string{
		"no assertion":        func(string) string { return "" },
		"nonsense":            func(string) string { return "a.b.c" },
		"without a signature": func(signed string) string { return signed[:strings.LastIndex(signed, ".")+1] },
	} {
		t.Run(name, func(t *testing.T) {
			signed := newAssertion(t, server, now).sign(t)
			sendAssertion(t, server, changed(signed)).wantStatus(t, http.StatusUnauthorized)
		})
	}
}

func TestAssertionWorksOnce(t *testing.T) {
	clock := newManualClock()
	server := sandbox.Start(t, sandbox.WithClock(clock.Now))
	first := newAssertion(t, server, clock.Now())
	signed := first.sign(t)
	sendAssertion(t, server, signed).wantStatus(t, http.StatusOK)

	response := sendAssertion(t, server, signed).wantStatus(t, http.StatusUnauthorized)
	if got := decode[tokenError](t, response); !strings.Contains(got.Description, "jti has been used") {
		t.Errorf("body = %+v, want the reason", got)
	}

	// The id can be used again once the first assertion has expired.
	clock.advance(6 * time.Minute)
	again := newAssertion(t, server, clock.Now())
	again.claims["jti"] = first.claims["jti"]
	sendAssertion(t, server, again.sign(t)).wantStatus(t, http.StatusOK)
}

func TestRefusedAssertionDoesNotUseUpItsID(t *testing.T) {
	server := sandbox.Start(t)
	a := newAssertion(t, server, time.Now())
	a.claims["aud"] = "wrong"
	sendAssertion(t, server, a.sign(t)).wantStatus(t, http.StatusUnauthorized)
	a.claims["aud"] = server.TokenURL
	sendAssertion(t, server, a.sign(t)).wantStatus(t, http.StatusOK)
}

func TestPublicKeysOfAllAlgorithms(t *testing.T) {
	elliptical := func(curve elliptic.Curve) crypto.Signer {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]crypto.Signer{
		"ES256": elliptical(elliptic.P256()), "ES384": elliptical(elliptic.P384()), "ES512": elliptical(elliptic.P521()),
		"RS256": rsaKey, "RS384": rsaKey, "RS512": rsaKey, "PS256": rsaKey, "PS384": rsaKey, "PS512": rsaKey,
	}
	var options []sandbox.Option
	for algorithm, key := range keys {
		options = append(options, sandbox.WithPublicKey("key-"+algorithm, algorithm, key.Public()))
	}
	server := sandbox.Start(t, options...)
	for algorithm, key := range keys {
		t.Run(algorithm, func(t *testing.T) {
			a := newAssertion(t, server, time.Now())
			a.method, a.key = jwt.GetSigningMethod(algorithm), key
			a.header["kid"] = "key-" + algorithm
			sendAssertion(t, server, a.sign(t)).wantStatus(t, http.StatusOK)
		})
	}
	t.Run("the server's own", func(t *testing.T) {
		sendAssertion(t, server, newAssertion(t, server, time.Now()).sign(t)).wantStatus(t, http.StatusOK)
	})
}

func TestPublicKeyThatCannotVerifyNeverAccepts(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithPublicKey("shared", "HS256", []byte("secret")))
	a := newAssertion(t, server, time.Now())
	a.method, a.key, a.header["kid"] = jwt.SigningMethodHS256, []byte("secret"), "shared"
	sendAssertion(t, server, a.sign(t)).wantStatus(t, http.StatusUnauthorized)
}
