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

// grants are the access tokens that have been issued.
type grants struct {
	clock    func() time.Time
	lifetime time.Duration

	mutex   sync.Mutex
	byToken map[string]grant
}

type grant struct {
	scopes  []string
	expires time.Time
	revoked bool
}

func newGrants(clock func() time.Time, lifetime time.Duration) *grants {
	return &grants{clock: clock, lifetime: lifetime, byToken: make(map[string]grant)}
}

// keepExpired is how long a token is remembered after its end, for the sake of
// an error message that says what is wrong with it.
const keepExpired = time.Hour

func (g *grants) issue(scopes []string) *tokenAnswer {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	now := g.clock()
	for token, old := range g.byToken {
		if now.Sub(old.expires) > keepExpired {
			delete(g.byToken, token)
		}
	}
	token := rand.Text()
	g.byToken[token] = grant{scopes: scopes, expires: now.Add(g.lifetime)}
	return &tokenAnswer{
		AccessToken: token,
		TokenType:   "Bearer",
		ExpiresIn:   int(max(0, g.lifetime) / time.Second),
		Scope:       strings.Join(scopes, " "),
	}
}

// RevokeTokens ends all tokens that have been issued so far: requests with
// them are refused with 401 from now on, while new tokens are granted as
// before.
func (s *Server) RevokeTokens() {
	s.grants.mutex.Lock()
	defer s.grants.mutex.Unlock()
	for token, revoked := range s.grants.byToken {
		revoked.revoked = true
		s.grants.byToken[token] = revoked
	}
}

// bearerChallenge is the WWW-Authenticate header of a 401 without an error code
// (RFC 6750, section 3).
const bearerChallenge = `Bearer realm="sandbox"`

// requireToken passes on requests with a token that allows them.
func (g *grants) requireToken(contract *contract, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := bearerToken(r.Header)
		if !ok {
			refuseToken(w, bearerChallenge, "There must be one Authorization header, of the form Bearer and a token.")
			return
		}
		found, problem := g.find(token)
		if problem != "" {
			refuseToken(w, bearerChallenge+`, error="invalid_token"`, problem)
			return
		}
		if alternatives := contract.scopeAlternatives(r); !found.hasOneOf(alternatives) {
			refuseScopes(w, alternatives)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// bearerToken takes the token out of the Authorization header.
func bearerToken(header http.Header) (string, bool) {
	values := header.Values("Authorization")
	if len(values) != 1 {
		return "", false
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	return token, strings.EqualFold(scheme, "Bearer") && token != ""
}

// find returns what was granted with a token, or what is wrong with the token.
func (g *grants) find(token string) (found grant, problem string) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	found, ok := g.byToken[token]
	switch {
	case !ok:
		return grant{}, "The access token is unknown."
	case found.revoked:
		return grant{}, "The access token has been revoked."
	case !g.clock().Before(found.expires):
		return grant{}, "The access token has expired."
	}
	return found, ""
}

// hasOneOf reports whether the token has all scopes of one alternative.
func (g grant) hasOneOf(alternatives [][]string) bool {
	return slices.ContainsFunc(alternatives, func(scopes []string) bool {
		return !slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(g.scopes, scope) })
	})
}

func refuseToken(w http.ResponseWriter, challenge, description string) {
	w.Header().Set("WWW-Authenticate", challenge)
	invalidToken(description).send(w)
}

func refuseScopes(w http.ResponseWriter, alternatives [][]string) {
	names := make([]string, len(alternatives))
	for i, scopes := range alternatives {
		names[i] = strings.Join(scopes, " ")
	}
	w.Header().Set("WWW-Authenticate",
		fmt.Sprintf(`%s, error="insufficient_scope", scope=%q`, bearerChallenge, strings.Join(names, " ")))
	missingScope("Required is one of " + strings.Join(names, ", ") + ".").send(w)
}
