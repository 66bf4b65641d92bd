package wrapper

import (
	"context"
	"fmt"
	"time"
)

// Grant is what is known of the client's access token, but for the token.
type Grant struct {
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
func (c *Client) Authenticate(ctx context.Context) (Grant, error) {
	token, err := c.tokens.get(ctx)
	if err != nil {
		return Grant{}, fmt.Errorf("authenticate: %w", withContextError(ctx, err))
	}
	return Grant{Endpoint: c.endpoint, Scope: token.scope, Expiry: token.expiry}, nil
}

// CanList reports whether the token's scope allows the listing of contract
// actions: it includes [ScopeRead] or [ScopeWrite], or is unknown.
func (g Grant) CanList() bool { return allowsListing(g.Scope) }
