package wrapper

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/talkdesk-express/contractactions/gen"
)

// capabilities are what a client has learnt about undocumented behaviour of the
// service.
type capabilities struct {
	order   atomic.Int32 // orderUnknown, orderHonoured or orderIgnored
	refused sync.Map     // has every preferredParameters that was refused
}

// preferredParameters is which parameters are sent as preferences.
type preferredParameters struct{ filter, orderBy, perPage bool }

// firstRequest is the first request of a listing: with its preferences, unless
// the service is known to refuse them.
type firstRequest struct {
	url       *url.URL
	without   *url.URL // the same without preferences; nil if there are none
	preferred preferredParameters
}

func (c *Client) firstRequest(accountID string, options *listOptions) (firstRequest, error) {
	required, all := options.required, override(options.preferred, options.required)
	plain, err := c.listURL(accountID, required)
	if err != nil {
		return firstRequest{}, err
	}
	preferred := preferredParameters{all.Filter != required.Filter, all.OrderBy != required.OrderBy, all.PerPage != required.PerPage}
	if _, refused := c.service.refused.Load(preferred); refused || preferred == (preferredParameters{}) {
		return firstRequest{url: plain}, nil
	}
	full, err := c.listURL(accountID, all)
	return firstRequest{url: full, without: plain, preferred: preferred}, err
}

func (c *Client) listURL(accountID string, params gen.ListContractActionsParams) (*url.URL, error) {
	request, err := gen.NewListContractActionsRequest(c.base, accountID, &params)
	if err != nil {
		return nil, err
	}
	return request.URL, nil
}

// send gets the page at l.next. If the service refuses the first request, send
// repeats it without the preferences. They are remembered as the cause if that
// succeeds.
func (l *listing) send(ctx context.Context) (*apiResponse, *gen.ContractActionPage, error) {
	response, body, err := l.request(ctx, l.next)
	without := l.first.without
	l.first.without = nil
	refused, ok := errors.AsType[*Error](err)
	if without == nil || !ok || refused.StatusCode != http.StatusBadRequest {
		return response, body, err
	}
	l.client.observer.observe(ctx, Event{
		Kind: EventPreferencesRefused, Operation: OperationList, AccountID: l.accountID,
		Attempt: refused.Attempts, Status: refused.StatusCode, RequestID: printable(refused.RequestID),
	})
	l.begin(without)
	if response, body, err = l.request(ctx, without); err == nil {
		l.client.service.refused.Store(l.first.preferred, true)
	}
	return response, body, err
}
