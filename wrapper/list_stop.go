package wrapper

import (
	"context"
	"net/url"
	"time"
)

// Whether the service honours order_by, as far as the client knows.
const (
	orderUnknown int32 = iota
	orderHonoured
	orderIgnored
)

// cutoff determines when a listing that reads the latest updates first may end.
type cutoff struct {
	before         time.Time
	newest, oldest time.Time // of the actions received; zero before the first
}

// reachedCutoff reports whether all actions after the page were last updated before
// the cutoff. That requires that the service honours the order, which it checks.
func (l *listing) reachedCutoff(ctx context.Context, page *Page) bool {
	if l.client.service.order.Load() == orderIgnored {
		return false
	}
	if !l.cutoff.add(page.Actions) {
		l.reportOrderIgnored(ctx)
		return false
	}
	return l.cutoff.oldest.Before(l.cutoff.before) && l.orderHonoured(ctx)
}

// add adds the next contract actions and reports whether all are in order.
func (c *cutoff) add(actions []ContractAction) bool {
	for i := range actions {
		updated := actions[i].UpdatedAt
		if c.newest.IsZero() {
			c.newest, c.oldest = updated, updated
		}
		if updated.After(c.oldest) {
			return false
		}
		c.oldest = updated
	}
	return true
}

// orderHonoured requests, once for each client, the first contract action in the
// opposite order. A service that ignores order_by returns the newest again.
func (l *listing) orderHonoured(ctx context.Context) bool {
	switch {
	case l.client.service.order.Load() == orderHonoured:
		return true
	case !l.cutoff.oldest.Before(l.cutoff.newest):
		return false // both orders would look the same
	}
	_, body, err := l.request(ctx, opposite(l.first.url))
	if err != nil {
		return false // the request for the next page returns the error
	}
	switch actions := newPage(body, nil).Actions; {
	case len(actions) == 0:
		return false
	case actions[0].UpdatedAt.After(l.cutoff.oldest):
		l.reportOrderIgnored(ctx)
		return false
	}
	l.client.service.order.Store(orderHonoured)
	return true
}

func (l *listing) reportOrderIgnored(ctx context.Context) {
	l.client.service.order.Store(orderIgnored)
	l.client.observer.observe(ctx, Event{Kind: EventOrderIgnored, Operation: OperationList, AccountID: l.accountID})
}

// opposite returns the URL of the same list in the opposite order.
func opposite(first *url.URL) *url.URL {
	query := first.Query()
	query.Set("order_by", string(UpdatedAtAscending))
	query.Set("per_page", "1")
	probe := *first
	probe.RawQuery = query.Encode()
	return &probe
}
