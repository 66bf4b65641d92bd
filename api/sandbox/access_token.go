package sandbox

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// accessTokens holds the access tokens that have been issued.
type accessTokens struct {
	clock    func() time.Time
	lifetime time.Duration

	mutex   sync.Mutex
	byValue map[string]accessToken
}

type accessToken struct {
	scopes  []string
	expires time.Time
	revoked bool
}

func newAccessTokens(clock func() time.Time, lifetime time.Duration) *accessTokens {
	return &accessTokens{clock: clock, lifetime: lifetime, byValue: make(map[string]accessToken)}
}

// keepExpired is how long an expired token is remembered, so that the response
// can say that it has expired.
const keepExpired = time.Hour

func (t *accessTokens) issue(scopes []string) *tokenResponse {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	now := t.clock()
	for value, old := range t.byValue {
		if now.Sub(old.expires) > keepExpired {
			delete(t.byValue, value)
		}
	}
	value := rand.Text()
	t.byValue[value] = accessToken{scopes: scopes, expires: now.Add(t.lifetime)}
	return &tokenResponse{
		AccessToken: value,
		TokenType:   "Bearer",
		ExpiresIn:   int(max(0, t.lifetime) / time.Second),
		Scope:       strings.Join(scopes, " "),
	}
}

// RevokeTokens revokes every access token issued so far: requests with one of
// them are answered with 401. Tokens issued later are not affected.
func (s *Server) RevokeTokens() {
	s.accessTokens.mutex.Lock()
	defer s.accessTokens.mutex.Unlock()
	for value, token := range s.accessTokens.byValue {
		token.revoked = true
		s.accessTokens.byValue[value] = token
	}
}

// bearerChallenge is the WWW-Authenticate header of a 401 without an error code
// (RFC 6750, section 3).
const bearerChallenge = `Bearer realm="sandbox"`

// require passes requests on that have a valid token with the scopes that the
// contract requires for the operation.
func (t *accessTokens) require(contract *contract, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		value, ok := credentialsOf(r.Header, "Bearer")
		if !ok {
			rejectToken(w, bearerChallenge, "There must be one Authorization header, of the form Bearer and a token.")
			return
		}
		token, problem := t.find(value)
		if problem != "" {
			rejectToken(w, bearerChallenge+`, error="invalid_token"`, problem)
			return
		}
		if alternatives := contract.scopeAlternatives(r); !token.hasOneOf(alternatives) {
			rejectScopes(w, alternatives)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// find returns a token, or the reason why it is not valid.
func (t *accessTokens) find(value string) (token accessToken, problem string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	token, ok := t.byValue[value]
	switch {
	case !ok:
		return accessToken{}, "The access token is unknown."
	case token.revoked:
		return accessToken{}, "The access token has been revoked."
	case !t.clock().Before(token.expires):
		return accessToken{}, "The access token has expired."
	}
	return token, ""
}

// hasOneOf reports whether the token has all scopes of one alternative.
func (t accessToken) hasOneOf(alternatives [][]string) bool {
	return slices.ContainsFunc(alternatives, func(scopes []string) bool {
		return !slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(t.scopes, scope) })
	})
}

func rejectToken(w http.ResponseWriter, challenge, description string) {
	w.Header().Set("WWW-Authenticate", challenge)
	invalidToken(description).send(w)
}

func rejectScopes(w http.ResponseWriter, alternatives [][]string) {
	names := make([]string, len(alternatives))
	for i, scopes := range alternatives {
		names[i] = strings.Join(scopes, " ")
	}
	w.Header().Set("WWW-Authenticate",
		fmt.Sprintf(`%s, error="insufficient_scope", scope=%q`, bearerChallenge, strings.Join(names, " ")))
	missingScope("Required is one of " + strings.Join(names, ", ") + ".").send(w)
}
