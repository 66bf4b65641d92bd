//go:build peers

package peers

import (
	"crypto"
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// signed is a client assertion as the client makes them, except that the test
// chooses when it expires.
func signed(t *testing.T, key crypto.Signer, clientID, audience string, expires time.Time) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.RegisteredClaims{
		Issuer:    clientID,
		Subject:   clientID,
		Audience:  jwt.ClaimStrings{audience},
		ID:        rand.Text(),
		IssuedAt:  jwt.NewNumericDate(expires.Add(-5 * time.Minute)),
		ExpiresAt: jwt.NewNumericDate(expires),
	})
	token.Header["kid"] = keyID
	assertion, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return assertion
}

// replaceAssertion returns what puts another assertion into every request for
// a token: the client makes none but good ones.
func replaceAssertion(t *testing.T, assertion string) func(*http.Request) {
	t.Helper()
	return func(request *http.Request) {
		if request.Method != http.MethodPost {
			return
		}
		if err := request.ParseForm(); err != nil {
			t.Error(err)
		}
		request.PostForm.Set("client_assertion", assertion)
		form := request.PostForm.Encode()
		request.Body, request.ContentLength = io.NopCloser(strings.NewReader(form)), int64(len(form))
	}
}
