package wrapper

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/talkdesk-express/contractactions/gen"
)

// firstRequest is how a listing begins: with its preferences, unless the
// service is known to refuse them.
type firstRequest struct {
	url       *url.URL
	without   *url.URL // the same without preferences; nil if there are none
	preferred string   // the names of the parameters that are preferences
}

func (c *Client) firstRequest(accountID string, options *listOptions) (first firstRequest, err error) {
	plain, err := c.listURL(accountID, options.required)
	if err != nil {
		return first, err
	}
	full, err := c.listURL(accountID, override(options.preferred, options.required))
	if err != nil {
		return first, err
	}
	first = firstRequest{url: full, without: plain, preferred: addedParameters(plain, full)}
	if first.preferred == "" || c.service.refuses(first.preferred) {
		return firstRequest{url: plain}, nil
	}
	return first, nil
}

func (c *Client) listURL(accountID string, params gen.ListContractActionsParams) (*url.URL, error) {
	request, err := gen.NewListContractActionsRequest(c.base, accountID, &params)
	if err != nil {
		return nil, err
	}
	return request.URL, nil
}

// addedParameters names the query parameters that only the second URL has.
func addedParameters(plain, full *url.URL) string {
	var names []string
	given := plain.Query()
	for name := range full.Query() {
		if !given.Has(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ",")
}

// capabilities are what a client has found out about undocumented behaviour of
// the service.
type capabilities struct {
	order atomic.Int32 // orderUnknown, orderHonoured or orderIgnored

	mu      sync.Mutex
	refused map[string]bool // combinations of parameters, by name: there are only a few
}

func (c *capabilities) refuses(names string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refused[names]
}

func (c *capabilities) addRefused(names string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refused == nil {
		c.refused = make(map[string]bool)
	}
	c.refused[names] = true
}

// send requests the page at l.next. The first request is repeated without its
// preferences if the service refuses it: they are remembered as the cause if it
// then succeeds.
func (l *listing) send(ctx context.Context) (*apiResponse, *apiRequest, error) {
	result, c, err := l.request(ctx, l.next)
	without := l.first.without
	l.first.without = nil
	if without == nil || !errors.Is(err, ErrBadRequest) {
		return result, c, err
	}
	l.client.observer.observe(ctx, EventPreferencesRefused, func() Event { return c.event(nil, err) })
	l.begin(without)
	if result, c, err = l.request(ctx, without); err == nil {
		l.client.service.addRefused(l.first.preferred)
	}
	return result, c, err
}

func (l *listing) request(ctx context.Context, target *url.URL) (*apiResponse, *apiRequest, error) {
	request := &http.Request{Method: http.MethodGet, URL: target, Host: target.Host, Header: l.client.header}
	c := newAPIRequest(request.WithContext(ctx), OperationList, l.accountID)
	result, err := l.client.chain(c)
	return result, c, err
}
