package wrapper

import (
	"errors"
	"slices"
	"strings"
)

// The scopes of which either allows the listing of contract actions (source:
// the contract, which says where its sources differ).
const (
	ScopeRead  = "express-accounts-contracts-actions:read"
	ScopeWrite = "express-accounts-contracts-actions:write"
)

// allowsListing reports whether a space-separated scope is enough for listing,
// as far as is known: an empty one is unknown.
func allowsListing(scope string) bool {
	granted := strings.Fields(scope)
	return len(granted) == 0 || slices.Contains(granted, ScopeRead) || slices.Contains(granted, ScopeWrite)
}

// withholdScopes withholds scopes that show a credential. Those of listing are
// none, even if the token is so short that they contain it.
func withholdScopes(scope string, credentials traces) string {
	scopes := strings.Fields(scope)
	for i, name := range scopes {
		if !allowsListing(name) {
			scopes[i] = credentials.withhold(name)
		}
	}
	return strings.Join(scopes, " ")
}

// WithScopes requests tokens with these scopes only. By default none is
// requested, and a token has every scope that the client was granted (source:
// G). The token endpoint refuses a scope that was not granted.
//
// It has no effect with [Tokens].
func WithScopes(scopes ...string) Option {
	return func(s *settings) error {
		if len(scopes) == 0 {
			return errors.New("no scope is given: leave the option out to request none")
		}
		for _, scope := range scopes {
			if !isScopeToken(scope) {
				return errors.New("a scope is empty or has a character that a scope cannot have (RFC 6749, section 3.3)")
			}
		}
		s.scopes = slices.Clone(scopes)
		return nil
	}
}

// isScopeToken implements scope-token of RFC 6749, section 3.3.
func isScopeToken(scope string) bool {
	return scope != "" && !strings.ContainsFunc(scope, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || r == '"' || r == '\\'
	})
}
