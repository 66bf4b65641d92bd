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

// preferredParameters is which parameters of an operation are sent as preferences.
type preferredParameters struct {
	operation                string
	filter, orderBy, perPage bool
}

// firstRequest is the first request of a listing: with its preferences, unless
// the service is known to refuse them.
type firstRequest struct {
	url       *url.URL
	without   *url.URL // the same without preferences; nil if there are none
	preferred preferredParameters
}

// prepare builds the first request.
func (l *listing[Item]) prepare() error {
	required := l.options.required
	all := override(l.options.preferred, required)
	plain, err := l.request(l.client.base, &required)
	if err != nil {
		return err
	}
	full, err := l.request(l.client.base, &all)
	if err != nil {
		return err
	}
	preferred := preferredParameters{l.name, all.Filter != required.Filter, all.OrderBy != required.OrderBy, all.PerPage != required.PerPage}
	if _, refused := l.client.service.refused.Load(preferred); refused {
		full = plain
	}
	l.first = firstRequest{url: full.URL, preferred: preferred}
	if full.URL.RawQuery != plain.URL.RawQuery {
		l.first.without = plain.URL
	}
	return nil
}

// send gets the page at l.next. If the service refuses the first request, send
// repeats it without the preferences. They are remembered as the cause if that
// succeeds.
func (l *listing[Item]) send(ctx context.Context) (*apiResponse, gen.List[Item], error) {
	response, list, err := l.get(ctx, l.next)
	without := l.first.without
	l.first.without = nil
	refused, ok := errors.AsType[*Error](err)
	if without == nil || !ok || refused.StatusCode != http.StatusBadRequest {
		return response, list, err
	}
	l.client.observer.observe(ctx, Event{
		Kind: EventPreferencesRefused, Operation: l.name, AccountID: l.accountID,
		Attempt: refused.Attempts, Status: refused.StatusCode, RequestID: printable(refused.RequestID),
	})
	l.begin(without)
	if response, list, err = l.get(ctx, without); err == nil {
		l.client.service.refused.Store(l.first.preferred, true)
	}
	return response, list, err
}
