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

// accessTokens holds the access tokens that have been issued last.
type accessTokens struct {
	clock    func() time.Time
	lifetime time.Duration

	mutex  sync.Mutex
	issued latest[*accessToken]
}

type accessToken struct {
	scopes  []string
	expires time.Time
	revoked bool
}

func newAccessTokens(clock func() time.Time, lifetime time.Duration) *accessTokens {
	return &accessTokens{clock: clock, lifetime: lifetime}
}

// keepExpired is how long an expired token is remembered, so that the response
// can say that it has expired.
const keepExpired = time.Hour

func (t *accessTokens) issue(scopes []string) *tokenResponse {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	now := t.clock()
	value := rand.Text()
	token := &accessToken{scopes: scopes, expires: now.Add(max(0, t.lifetime))}
	t.issued.add(value, token, func(old *accessToken) bool { return now.Sub(old.expires) > keepExpired })
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
	for _, token := range s.accessTokens.issued.values {
		token.revoked = true
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
	found := t.issued.values[value]
	switch {
	case found == nil:
		return accessToken{}, "The access token is unknown."
	case found.revoked:
		return accessToken{}, "The access token has been revoked."
	case !t.clock().Before(found.expires):
		return accessToken{}, "The access token has expired."
	}
	return *found, ""
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
