package wrapper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// ListOption configures one listing.
type ListOption func(*listOptions) error

type listOptions struct {
	required    parameters // sent always
	preferred   parameters // omitted if the service refuses them
	stopBefore  time.Time  // zero: read to the end
	from        string
	maxPages    int // 0: no limit
	noPrefetch  bool
	keepRaw     bool
	concurrency int // of PagesOf and ActionsOf; 0: the default
}

// parameters are the query parameters of any list: no other operation has more than
// that of contract actions.
type parameters = gen.ListContractActionsParams

// defaultPerPage is the contract's maximum (source: V): fewer and larger pages are
// faster.
var defaultPerPage = func() int {
	parameters := gen.ListContractActionsParameters()
	perPage := slices.IndexFunc(parameters, func(p gen.Parameter) bool { return p.Name == "per_page" })
	return parameters[perPage].Maximum
}()

func newListOptions(options []ListOption, order Order) (chosen listOptions, err error) {
	if err := apply(&chosen, options); err != nil {
		return chosen, err
	}
	chosen.preferred.OrderBy = cmp.Or(chosen.preferred.OrderBy, &order)
	chosen.preferred.PerPage = cmp.Or(chosen.preferred.PerPage, &defaultPerPage)
	if first := cmp.Or(chosen.required.OrderBy, chosen.preferred.OrderBy); !chosen.stopBefore.IsZero() && *first != UpdatedAtDescending {
		return chosen, fmt.Errorf("StopBefore requires the order %s, not %s", UpdatedAtDescending, *first)
	}
	chosen.concurrency = cmp.Or(chosen.concurrency, 8)
	return chosen, nil
}

// PerPage requests n contract actions per page, at most 250 (source: V; the service
// responds with 400 to more). The default is 250. The parameter is sent with the
// first request; the service's links repeat it.
func PerPage(n int) ListOption {
	return option(n >= 1, func(o *listOptions) { o.required.PerPage = &n }, "PerPage(%d): use at least 1", n)
}

// Order is the order of a list.
type Order = gen.ContractActionOrder

// The documented orders (source: V).
const (
	CreatedAtAscending  = gen.ContractActionOrderCreatedAtAscending
	CreatedAtDescending = gen.ContractActionOrderCreatedAtDescending
	UpdatedAtAscending  = gen.ContractActionOrderUpdatedAtAscending
	UpdatedAtDescending = gen.ContractActionOrderUpdatedAtDescending
)

// OrderBy requests an order. The default is [CreatedAtAscending]: contract actions
// created during the listing are at the end of the list, so that no other moves to
// a different page. The service's own default is newest first (source: V).
//
// The parameter is sent with the first request; the service's links repeat it. It
// is not checked whether the service honours it.
func OrderBy(order Order) ListOption {
	return option(order != "", func(o *listOptions) { o.required.OrderBy = &order }, "OrderBy: the order is empty")
}

// Filter requests only the contract actions that match an expression, such as
//
//	status eq 'FAILED' and action_type eq 'NEWTDE'
//
// The fields are status and action_type. Of the operators, only eq is documented
// for this operation (source: V); and, or, not and parentheses are documented for
// other lists of the vendor (source: G).
//
// The parameter is sent with the first request; the service's links repeat it. It
// is not checked whether the service honours it: if that matters, compare the
// fields of the contract actions. Whether the service's total counts only matches
// is undocumented, so it is not compared with a filtered listing.
func Filter(expression string) ListOption {
	return option(expression != "", func(o *listOptions) { o.required.Filter = &expression }, "Filter: the expression is empty")
}

// Prefer makes [Filter], [OrderBy] and [PerPage] preferences: if the service
// responds to the first request with 400, the listing starts again without them.
// The client remembers that and omits them from then on. An
// [EventPreferencesRefused] reports it. Without Prefer, a 400 ends the listing with
// an [*Error].
func Prefer(options ...ListOption) ListOption {
	return func(all *listOptions) error {
		var chosen listOptions
		if err := apply(&chosen, options); err != nil {
			return err
		}
		preferred := chosen.required
		if chosen.required = (parameters{}); chosen != (listOptions{}) {
			return errors.New("Prefer accepts only Filter, OrderBy and PerPage")
		}
		all.preferred = override(all.preferred, preferred)
		return nil
	}
}

// override returns params with the parameters that over has.
func override(params, over parameters) parameters {
	params.Filter = cmp.Or(over.Filter, params.Filter)
	params.OrderBy = cmp.Or(over.OrderBy, params.OrderBy)
	params.PerPage = cmp.Or(over.PerPage, params.PerPage)
	return params
}

// StopBefore lists the contract actions that were updated at or after t: it prefers
// the order [UpdatedAtDescending], and ends the listing after the first page with
// an older contract action. Pages are delivered whole, so the last one may have
// contract actions older than t.
//
// What is updated while several pages are read moves to the front of the list. So
// the listing then reads the front again, until it fits on one page. A contract
// action that was delivered is delivered again only if it was updated again.
//
// The listing ends early only if the service is known to honour the order: every
// page must be in order and, once for each client, a request in the opposite order
// must return an older contract action first. Otherwise the whole list is read, and
// an [EventOrderIgnored] reports it.
func StopBefore(t time.Time) ListOption {
	return option(!t.IsZero(), func(o *listOptions) {
		o.stopBefore = t
		o.preferred.OrderBy = new(UpdatedAtDescending)
	}, "StopBefore: the time is zero")
}

// From starts the listing at a link instead of the first page: the Next of a [Page]
// that was read before, possibly by a different process. Empty means the first page;
// Next is empty on the last page, where nothing is left to list.
//
// A link of a different account is refused, as is one outside of the API's origin.
// The listing cannot check how many contract actions the whole list has.
func From(next string) ListOption {
	return option(true, func(o *listOptions) { o.from = next }, "")
}

// MaxPages ends the listing after n pages, without an error if there are more.
func MaxPages(n int) ListOption {
	return option(n >= 1, func(o *listOptions) { o.maxPages = n }, "MaxPages(%d): use at least 1", n)
}

// NoPrefetch fetches each page when the caller asks for it. By default the next page
// is fetched while the caller works on the current one.
func NoPrefetch() ListOption {
	return option(true, func(o *listOptions) { o.noPrefetch = true }, "")
}

// KeepRaw keeps the body of each page in [Page].Raw, for fields that the contract
// does not have. A body that contains an access token of the request ends the
// listing with an [*Error].
func KeepRaw() ListOption {
	return option(true, func(o *listOptions) { o.keepRaw = true }, "")
}

// Concurrency sets the number of accounts that [Client.PagesOf] and
// [Client.ActionsOf] list concurrently. The default is 8. It has no effect on the
// listing of one account.
func Concurrency(n int) ListOption {
	return option(n >= 1, func(o *listOptions) { o.concurrency = n }, "Concurrency(%d): use at least 1", n)
}

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

// beginPreferring starts with the preferences, unless the service is known to refuse
// them.
func (l *listing[Item]) beginPreferring() error {
	required := l.options.required
	all := override(l.options.preferred, required)
	l.preferred = preferredParameters{l.name, all.Filter != required.Filter, all.OrderBy != required.OrderBy, all.PerPage != required.PerPage}
	if _, refused := l.client.service.refused.Load(l.preferred); refused {
		all = required
	}
	l.preferring = all != required
	return l.beginWith(all)
}

// beginWith starts with the page that the parameters request.
func (l *listing[Item]) beginWith(all parameters) error {
	request, err := l.request(l.client.base, &all)
	if err == nil {
		l.first = request.URL
		l.begin(l.first)
	}
	return err
}

// send gets the page at l.next. If the service refuses the first request, send
// repeats it without the preferences. They are remembered as the cause if that
// succeeds.
func (l *listing[Item]) send(ctx context.Context) (*apiResponse, gen.List[Item], error) {
	response, list, err := l.get(ctx, l.next)
	preferring := l.preferring
	l.preferring = false
	refused, ok := errors.AsType[*Error](err)
	if !preferring || !ok || refused.StatusCode != http.StatusBadRequest {
		return response, list, err
	}
	l.client.observer.observe(ctx, Event{
		Kind: EventPreferencesRefused, Operation: l.name, AccountID: l.accountID,
		Attempt: refused.Attempts, Status: refused.StatusCode, RequestID: printable(refused.RequestID),
	})
	if err := l.beginWith(l.options.required); err != nil {
		return nil, list, err
	}
	if response, list, err = l.get(ctx, l.next); err == nil {
		l.client.service.refused.Store(l.preferred, true)
	}
	return response, list, err
}
