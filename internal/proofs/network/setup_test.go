package network

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// network is a sandbox, a client, and a proxy between them for each endpoint,
// so that the endpoints share no connections.
type network struct {
	service     *sandbox.Server
	upstream    string // the sandbox's address
	actions     *toxiproxy.Proxy
	tokens      *toxiproxy.Proxy
	connections *connections
	client      *wrapper.Client
}

func newNetwork(t *testing.T, timeout time.Duration) *network {
	t.Helper()
	connections, httpClient := newConnections(t)
	service := sandbox.Start(t, sandbox.WithGeneratedAccount(account, actions))
	listening, err := url.Parse(service.URL)
	if err != nil {
		t.Fatal(err)
	}
	n := &network{
		service:     service,
		upstream:    listening.Host,
		actions:     newProxy(t, listening.Host),
		tokens:      newProxy(t, listening.Host),
		connections: connections,
	}
	n.client, err = wrapper.New("", wrapper.ClientSecret{ID: service.ClientID, Secret: wrapper.Secret(service.ClientSecret)},
		wrapper.WithBaseURL("http://"+n.actions.Listen),
		wrapper.WithTokenURL("http://"+n.tokens.Listen+sandbox.TokenPath),
		wrapper.WithHTTPClient(httpClient),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: attempts, BaseDelay: time.Nanosecond, AttemptTimeout: timeout}))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// list returns the ids of the contract actions that come before the end or an
// error.
func (n *network) list(t *testing.T) (ids []string, err error) {
	for action, err := range n.client.Actions(t.Context(), account, wrapper.PerPage(50)) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, action.ID)
	}
	return ids, nil
}

// wantWholeList checks that everything came, once, in order, without an error.
func (n *network) wantWholeList(t *testing.T, ids []string, err error) {
	t.Helper()
	var want []string
	for _, action := range n.service.Actions(account) {
		want = append(want, action.ID)
	}
	slices.Reverse(want) // a listing is oldest first, unlike the service by itself
	if err != nil || !slices.Equal(ids, want) {
		t.Errorf("%d contract actions, then %v; want each of the %d once, in order", len(ids), err, len(want))
	}
}

// wantNothingBut checks that nothing came but the error.
func wantNothingBut(t *testing.T, want error, ids []string, err error) {
	t.Helper()
	if len(ids) != 0 || err == nil || want != errUnnamed && !errors.Is(err, want) {
		t.Errorf("%d contract actions, then %v; want none, then %v", len(ids), err, want)
	}
}

func (n *network) wantConnections(t *testing.T, address string, want int) {
	t.Helper()
	if opened := n.connections.to(address); opened != want {
		t.Errorf("%d connections, want %d", opened, want)
	}
}

// pagesAsked are the numbers of the pages that the service was asked for.
func (n *network) pagesAsked() string {
	var pages []string
	for _, request := range n.service.Requests() {
		if request.Path == sandbox.TokenPath {
			continue
		}
		query, _ := url.ParseQuery(request.RawQuery)
		pages = append(pages, cmp.Or(query.Get("page"), "1"))
	}
	return strings.Join(pages, " ")
}

// endpoints are where the client sends requests, and how the error of each
// tells how many.
var endpoints = []struct {
	name     string
	proxy    func(*network) *toxiproxy.Proxy
	attempts func(error) int
}{
	{
		"contract actions",
		func(n *network) *toxiproxy.Proxy { return n.actions },
		func(err error) int {
			if failure, ok := errors.AsType[*wrapper.Error](err); ok {
				return failure.Attempts
			}
			return 0
		},
	},
	{
		"token",
		func(n *network) *toxiproxy.Proxy { return n.tokens },
		func(err error) int {
			if failure, ok := errors.AsType[*wrapper.TokenError](err); ok {
				return failure.Attempts
			}
			return 0
		},
	},
}
