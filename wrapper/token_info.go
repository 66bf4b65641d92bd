package wrapper

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// TokenInfo is what is known of the client's access token, but for the token.
type TokenInfo struct {
	// Endpoint is the token endpoint's address; empty with [Tokens].
	Endpoint string
	// Scope is what the token was granted, separated by spaces: what the token
	// endpoint said, or else what was requested (RFC 6749, section 5.1). Empty
	// if neither is known.
	Scope string
	// Expiry is when the token expires.
	Expiry time.Time
}

// Authenticate gets an access token, unless the client holds a valid one, and
// says what it is good for. Nothing is asked of the API itself. There is no
// need to call it before anything else. The error is a [*TokenError] or the
// context's.
func (c *Client) Authenticate(ctx context.Context) (TokenInfo, error) {
	token, err := c.tokens.get(ctx)
	if err != nil {
		return TokenInfo{}, fmt.Errorf("authenticate: %w", withContextError(ctx, err))
	}
	return TokenInfo{Endpoint: c.endpoint, Scope: token.scope, Expiry: token.expiry}, nil
}

// CanList reports whether the token's scope allows the listing of contract
// actions: it includes [ScopeRead] or [ScopeWrite], or is unknown.
func (t TokenInfo) CanList() bool { return allowsListing(t.Scope) }

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
