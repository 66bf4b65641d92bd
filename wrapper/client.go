package wrapper

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/talkdesk-express/contractactions/gen"
)

// Client lists contract actions. Make one with [New] or [NewFromEnvironment]
// and keep it: it holds the access token and the connections. It is safe for
// concurrent use and needs no closing.
type Client struct {
	raw       *gen.Client
	base      string // the API's address, with a slash at its end; raw.Server is in the caller's hands
	apiOrigin origin
	tokens    *tokenCache
	chain     handler
	header    http.Header
	endpoint  string // the token endpoint's address; empty with Tokens
	observer  observer

	service *capabilities
}

// New returns a client that authenticates with the given credentials. Nothing
// is sent until it is used.
//
// account is the subdomain name of the Talkdesk account that the credentials
// belong to: the part before .talkdeskid.com in the address of its token
// endpoint (for example "acme"), not an Express account's id. It may be empty
// with [WithTokenURL] or [Tokens], which do not need it.
func New(account string, credentials Credentials, options ...Option) (*Client, error) {
	settings, err := newSettings(options)
	if err != nil {
		return nil, fmt.Errorf("create a contract actions client: %w", err)
	}
	client, err := newClient(account, credentials, settings)
	if err != nil {
		return nil, fmt.Errorf("create a contract actions client: %w", err)
	}
	return client, nil
}

func newClient(account string, credentials Credentials, settings *settings) (*Client, error) {
	if credentials == nil {
		return nil, errors.New("the credentials are nil: give a ClientSecret, a PrivateKey or Tokens")
	}
	endpoint := settings.tokenEndpoint(account)
	fetch, err := credentials.fetcher(endpoint)
	if err != nil {
		return nil, err
	}
	if _, own := credentials.(ownTokens); own {
		endpoint.url = ""
	}

	client := &Client{
		tokens:    newTokenCache(fetch, settings.retry, settings.observer),
		endpoint:  endpoint.url,
		observer:  settings.observer,
		service:   new(capabilities),
		base:      strings.TrimSuffix(settings.baseURL.String(), "/") + "/",
		apiOrigin: originOf(settings.baseURL),
		header: http.Header{
			"Accept":     {"application/json"},
			"User-Agent": {settings.userAgent},
		},
	}
	client.chain = send(settings.httpClient, client.apiOrigin, settings.retry.AttemptTimeout, settings.maxBody, settings.observer)
	if settings.limiter != nil {
		client.chain = limited(settings.limiter, client.chain)
	}
	client.chain = retrying(settings.retry, settings.observer, client.chain)
	client.chain = authenticated(client.tokens, client.chain)

	client.raw, err = gen.NewClient(client.base, gen.WithHTTPClient(rawDoer{client}))
	return client, err
}

// Format prints the API's address, whatever the verb. The rest changes while the
// client is in use, and some of it is secret.
func (c Client) Format(state fmt.State, _ rune) { fmt.Fprintf(state, "wrapper.Client(%s)", c.base) }

// Raw returns the generated client, for what this package does not wrap. Its
// requests go through the same chain: authenticated, kept to the API's
// origin, limited and, if they are safe, repeated. Answers that are not a
// success come as responses, as the generated code expects, with a body of at
// most 1 MiB.
func (c *Client) Raw() *gen.Client { return c.raw }

// rawDoer puts the chain under the generated client.
type rawDoer struct{ client *Client }

func (d rawDoer) Do(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	if request.Header == nil {
		request.Header = http.Header{}
	}
	for name, values := range d.client.header {
		if request.Header.Get(name) == "" {
			request.Header[name] = values
		}
	}
	result, err := d.client.chain(newAPIRequest(request, OperationRaw, ""))
	var refused *Error
	switch {
	case err == nil:
		return newHTTPResponse(request, result.status, result.header, result.body), nil
	case request.Context().Err() == nil && errors.As(err, &refused) && refused.StatusCode >= 300:
		return newHTTPResponse(request, refused.StatusCode, refused.Header, refused.Body), nil
	}
	return nil, withContextError(request.Context(), err)
}

func newHTTPResponse(request *http.Request, status int, header http.Header, body []byte) *http.Response {
	return &http.Response{
		Status:        statusLine(status),
		StatusCode:    status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       request,
	}
}
