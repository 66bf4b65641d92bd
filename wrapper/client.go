package wrapper

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/transport"
)

// Client lists contract actions. Create one with [New] or [NewFromEnvironment]
// and reuse it: it holds the access token and the connections. It is safe for
// concurrent use. There is no Close method.
type Client struct {
	raw       *gen.Client
	base      string // the API's URL, ending in a slash; callers can change raw.Server
	apiOrigin origin
	tokens    *tokenCache
	handle    handler
	endpoint  string // the token endpoint's URL; empty with Tokens
	observer  observer
	service   *capabilities
}

// New returns a client that authenticates with credentials. It sends no request.
//
// account is the subdomain name of the Talkdesk account that the credentials
// belong to: the part before .talkdeskid.com in the URL of its token endpoint,
// for example "acme" (source: G). It is not the id of an Express account. It may
// be empty with [WithTokenURL] or [Tokens].
//
// New returns an error if the credentials or an option are invalid.
func New(account string, credentials Credentials, options ...Option) (*Client, error) {
	var client *Client
	settings, err := newSettings(options)
	if err == nil {
		client, err = newClient(account, credentials, settings)
	}
	if err != nil {
		return nil, fmt.Errorf("create a contract actions client: %w", err)
	}
	return client, nil
}

func newClient(account string, credentials Credentials, settings *settings) (client *Client, err error) {
	if credentials == nil {
		return nil, errors.New("the credentials are nil: use a ClientSecret, a PrivateKey or Tokens")
	}
	var endpoint tokenEndpoint
	if _, hasSource := credentials.(callersTokens); !hasSource {
		if endpoint, err = settings.tokenEndpoint(account); err != nil {
			return nil, err
		}
	}
	fetch, err := credentials.fetcher(endpoint)
	if err != nil {
		return nil, err
	}
	client = &Client{
		tokens:    &tokenCache{fetch: fetch, observer: settings.observer, policy: settings.retry},
		endpoint:  endpoint.url,
		observer:  settings.observer,
		service:   new(capabilities),
		base:      strings.TrimSuffix(settings.baseURL.String(), "/") + "/",
		apiOrigin: originOf(settings.baseURL),
	}
	client.handle = newHandler(settings, client.apiOrigin, client.tokens)
	client.raw, err = gen.NewClient(client.base, gen.WithHTTPClient(rawDoer{client}))
	return client, err
}

// Format writes the API's URL, whatever the verb. The other fields change while
// the client is in use, and some are secret.
func (c Client) Format(state fmt.State, _ rune) { fmt.Fprintf(state, "wrapper.Client(%s)", c.base) }

// Raw returns the generated client, for requests that this package does not
// wrap. They are authenticated, restricted to the API's origin, limited and, if
// they are GET or HEAD, retried. A response with an error status is returned as
// the generated code expects, with at most 1 MiB of its body.
func (c *Client) Raw() *gen.Client { return c.raw }

// rawDoer sends the requests of the generated client through the handlers.
type rawDoer struct{ client *Client }

func (d rawDoer) Do(request *http.Request) (*http.Response, error) {
	once := request.Method != http.MethodGet && request.Method != http.MethodHead
	response, err := d.client.handle(&apiRequest{request: request, once: once, operation: OperationRaw, started: time.Now()})
	if err == nil {
		return transport.NewResponse(request, response.status, response.header, response.body), nil
	}
	if failed, ok := errors.AsType[*Error](err); ok && failed.StatusCode >= 300 && request.Context().Err() == nil {
		return transport.NewResponse(request, failed.StatusCode, failed.Header, failed.Body), nil
	}
	return nil, withContextError(request.Context(), err)
}

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
