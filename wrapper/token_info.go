package wrapper

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// The scopes of the contract. To list contract actions, a token needs ScopeRead or
// ScopeWrite (source: the contract, where R and V differ); to list accounts, it
// needs ScopeAccounts.
const (
	ScopeRead     = gen.ScopeExpressAccountsContractsActionsRead
	ScopeWrite    = gen.ScopeExpressAccountsContractsActionsWrite
	ScopeAccounts = gen.ScopeExpressAccountsRead
)

// TokenInfo describes the client's access token. It does not contain the token.
type TokenInfo struct {
	// Endpoint is the URL of the token endpoint; empty with [Tokens].
	Endpoint string
	// Scope has the granted scopes, separated by spaces: those that the token
	// endpoint reported, otherwise those requested (RFC 6749, section 5.1). It is
	// empty if neither is known.
	Scope string
	// Expiry is when the token expires.
	Expiry time.Time
}

// CanList reports whether the token's scope allows listing contract actions: it
// includes [ScopeRead] or [ScopeWrite], or is unknown.
func (t TokenInfo) CanList() bool { return suffices(t.Scope, gen.ListContractActionsScopes()) }

// CanListAccounts reports the same for accounts: it includes [ScopeAccounts], or is
// unknown.
func (t TokenInfo) CanListAccounts() bool { return suffices(t.Scope, gen.ListAccountsScopes()) }

// suffices reports whether a scope includes all scopes of one of the alternatives,
// or is unknown.
func suffices(scope string, alternatives [][]string) bool {
	granted := strings.Fields(scope)
	return len(granted) == 0 || slices.ContainsFunc(alternatives, func(needed []string) bool {
		return !slices.ContainsFunc(needed, func(each string) bool { return !slices.Contains(granted, each) })
	})
}

// Authenticate returns information about the access token. It obtains one if the
// client has no valid token, and sends no request to the API. Calling it is
// optional: every other method obtains a token when needed. The error is a
// [*TokenError] or the context's.
func (c *Client) Authenticate(ctx context.Context) (TokenInfo, error) {
	token, err := c.tokens.get(ctx)
	if err != nil {
		return TokenInfo{}, fmt.Errorf("authenticate: %w", withContextError(ctx, err))
	}
	return TokenInfo{Endpoint: c.endpoint, Scope: token.scope, Expiry: token.expiry}, nil
}
