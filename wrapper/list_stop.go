package wrapper

import (
	"context"
	"slices"
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
	newest, oldest time.Time // of the items received; zero before the first
	again          bool      // the front is being read again
	fresh          bool      // something recent was not known, since the front
	pages          int       // read since the front of the list
	delivered      hashes    // of what is recent: the ids and times
}

// sift returns the items of a page without those that were delivered and have not
// been updated since. It checks that all others so far are in order.
func (l *listing[Item]) sift(ctx context.Context, items []Item) []Item {
	l.cutoff.pages++
	return slices.DeleteFunc(items, func(item Item) bool {
		updated := l.updated(&item)
		recent := !updated.Before(l.options.stopBefore)
		known := recent && l.cutoff.delivered.add(l.id(&item)+" "+updated.UTC().String())
		l.cutoff.fresh = l.cutoff.fresh || recent && !known
		switch {
		case l.cutoff.oldest.IsZero():
			l.cutoff.newest, l.cutoff.oldest = updated, updated
		case updated.After(l.cutoff.oldest) && !known:
			l.reportOrderIgnored(ctx)
		case updated.Before(l.cutoff.oldest):
			l.cutoff.oldest = updated
		}
		return known || l.cutoff.again && !recent
	})
}

// testOrder reports whether the service honours order_by. It requests, once for each
// client, the first item in the opposite order: a service that ignores order_by
// returns the newest again.
func (l *listing[Item]) testOrder(ctx context.Context) bool {
	switch {
	case l.client.service.order.Load() != orderUnknown:
		return l.client.service.order.Load() == orderHonoured
	case !l.cutoff.oldest.Before(l.cutoff.newest):
		return false // both orders would look the same
	}
	probe := *l.first
	query := probe.Query()
	query.Set("order_by", string(UpdatedAtAscending))
	query.Set("per_page", "1")
	probe.RawQuery = query.Encode()
	_, list, err := l.get(ctx, &probe)
	switch {
	case err != nil || len(list.Items) == 0:
		return false // the request for the next page returns the error
	case l.updated(&list.Items[0]).After(l.cutoff.oldest):
		l.reportOrderIgnored(ctx)
		return false
	}
	l.client.service.order.Store(orderHonoured)
	return true
}

func (l *listing[Item]) reportOrderIgnored(ctx context.Context) {
	if l.client.service.order.Swap(orderIgnored) == orderIgnored {
		return
	}
	l.client.observer.observe(ctx, Event{Kind: EventOrderIgnored, Operation: l.name, AccountID: l.accountID})
}

// restartAtFront starts over at the front of the list if items may have moved
// there while several pages were read, and reports whether it does. What was
// updated meanwhile is not older than the newest item that was read first. It ends
// where nothing was new, since items that were updated at the same instant can fill
// several pages.
func (l *listing[Item]) restartAtFront(ctx context.Context) bool {
	read := l.cutoff
	if read.pages < 2 || read.again && !read.fresh || !l.completeness.fromStart || !l.testOrder(ctx) {
		return false
	}
	l.begin(l.first)
	l.cutoff.before, l.cutoff.delivered, l.cutoff.again = read.newest, read.delivered, true
	return true
}
