package wrapper

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// ListOption changes one listing.
type ListOption func(*listOptions) error

type listOptions struct {
	required   gen.ListContractActionsParams // never given up
	preferred  gen.ListContractActionsParams // given up if the service refuses them
	stopBefore time.Time                     // zero: read to the end
	from       string
	maxPages   int // 0: no limit
	noPrefetch bool

	concurrency int // of PagesOf and ActionsOf; 0: the default
}

// Defaults of a listing. The page size is the contract's maximum (source: V,
// see the contract), since fewer and larger pages are faster.
const (
	defaultPerPage     = 250
	defaultConcurrency = 8
)

func newListOptions(options []ListOption) (listOptions, error) {
	chosen, err := applyListOptions(options)
	if err != nil {
		return chosen, err
	}
	if chosen.orderBy() == nil {
		chosen.preferred.OrderBy = new(CreatedAtAscending)
	}
	if chosen.preferred.PerPage == nil {
		chosen.preferred.PerPage = new(defaultPerPage)
	}
	if order := chosen.orderBy(); !chosen.stopBefore.IsZero() && *order != UpdatedAtDescending {
		return chosen, fmt.Errorf("StopBefore needs the order %s, not %s", UpdatedAtDescending, *order)
	}
	chosen.concurrency = cmp.Or(chosen.concurrency, defaultConcurrency)
	return chosen, nil
}

func applyListOptions(options []ListOption) (listOptions, error) {
	var chosen listOptions
	for _, option := range options {
		if option == nil {
			return chosen, errors.New("a list option is nil")
		}
		if err := option(&chosen); err != nil {
			return chosen, err
		}
	}
	return chosen, nil
}

// orderBy is the order that the first request asks for, nil if none was chosen.
func (o *listOptions) orderBy() *Order { return cmp.Or(o.required.OrderBy, o.preferred.OrderBy) }

// PerPage asks for n contract actions on each page, at most 250 (source: V, see
// the contract; the service answers 400 to more). The default is 250. It is sent
// with the first request only: links carry it further.
func PerPage(n int) ListOption {
	return func(options *listOptions) error {
		if n < 1 {
			return fmt.Errorf("PerPage(%d): a page has at least one contract action", n)
		}
		options.required.PerPage = &n
		return nil
	}
}

// Order is the order in which the service lists contract actions.
type Order = gen.ContractActionOrder

// The documented orders (source: V, see the contract).
const (
	CreatedAtAscending  = gen.ContractActionOrderCreatedAtAscending
	CreatedAtDescending = gen.ContractActionOrderCreatedAtDescending
	UpdatedAtAscending  = gen.ContractActionOrderUpdatedAtAscending
	UpdatedAtDescending = gen.ContractActionOrderUpdatedAtDescending
)

// OrderBy asks for an order. The default is [CreatedAtAscending]: contract
// actions that are created during the listing arrive at its end, so that
// nothing moves from page to page. The service's own default is newest first.
//
// It is sent with the first request only: links carry it further. Whether the
// service honours it is not checked.
func OrderBy(order Order) ListOption {
	return func(options *listOptions) error {
		if order == "" {
			return errors.New("OrderBy: the order is empty")
		}
		options.required.OrderBy = &order
		return nil
	}
}

// Filter asks for the contract actions that match an expression only, such as
//
//	status eq 'FAILED' and action_type eq 'NEWTDE'
//
// The fields are status and action_type. Of the operators only eq is documented
// for this operation (source: V, see the contract); and, or, not and parentheses
// are documented for other lists of the vendor (source: G).
//
// It is sent with the first request only: links carry it further. Whether the
// service honours it is not checked: if that matters, compare the fields of
// what arrives. It is undocumented whether the service's total counts the
// matches, so a filtered listing is not compared with it.
func Filter(expression string) ListOption {
	return func(options *listOptions) error {
		if expression == "" {
			return errors.New("Filter: the expression is empty")
		}
		options.required.Filter = &expression
		return nil
	}
}

// Prefer makes [Filter], [OrderBy] and [PerPage] preferences: if the service
// answers 400 to the first request, the listing starts again without them. The
// client remembers it and does not send them again, and an
// [EventPreferencesRefused] reports it. Without Prefer, a 400 ends the listing
// with an [*Error].
func Prefer(options ...ListOption) ListOption {
	return func(all *listOptions) error {
		chosen, err := applyListOptions(options)
		if err != nil {
			return err
		}
		preferred := chosen.required
		if chosen.required = (gen.ListContractActionsParams{}); chosen != (listOptions{}) {
			return errors.New("Prefer takes Filter, OrderBy and PerPage only")
		}
		all.preferred = override(all.preferred, preferred)
		return nil
	}
}

// override returns the parameters with those of over in their place.
func override(params, over gen.ListContractActionsParams) gen.ListContractActionsParams {
	params.Filter = cmp.Or(over.Filter, params.Filter)
	params.OrderBy = cmp.Or(over.OrderBy, params.OrderBy)
	params.PerPage = cmp.Or(over.PerPage, params.PerPage)
	return params
}

// StopBefore reads what was updated at or after t: it prefers the order
// [UpdatedAtDescending], and ends the listing after the first page that reaches
// back before t. Pages are delivered whole, so the last one can have older
// contract actions too.
//
// The listing ends early only if the service is seen to honour the order: every
// page has to be in order, and once for each client a request for the opposite
// order has to return an older contract action first. Otherwise the whole list
// is read, and an [EventOrderIgnored] reports it.
func StopBefore(t time.Time) ListOption {
	return func(options *listOptions) error {
		if t.IsZero() {
			return errors.New("StopBefore: the time is zero")
		}
		options.stopBefore = t
		options.preferred.OrderBy = new(UpdatedAtDescending)
		return nil
	}
}

// From starts at a link instead of the first page: the Next of a [Page] that
// was read before, possibly by another process. Empty means the first page. After
// the last page there is nothing to resume: its Next is empty.
//
// The link of another account is refused, as is one outside the API's origin.
// A listing that starts in the middle cannot check how many contract actions
// the whole list has.
func From(next string) ListOption {
	return func(options *listOptions) error {
		options.from = next
		return nil
	}
}

// MaxPages ends the listing after n pages, without an error if there are more.
func MaxPages(n int) ListOption {
	return func(options *listOptions) error {
		if n < 1 {
			return fmt.Errorf("MaxPages(%d): at least one", n)
		}
		options.maxPages = n
		return nil
	}
}

// NoPrefetch fetches each page only when the caller asks for it. Without it,
// the next page is fetched while the caller works on the current one.
func NoPrefetch() ListOption {
	return func(options *listOptions) error {
		options.noPrefetch = true
		return nil
	}
}

// Concurrency is the number of accounts that [Client.PagesOf] and
// [Client.ActionsOf] list concurrently. The default is 8. It has no effect on
// the listing of one account.
func Concurrency(n int) ListOption {
	return func(options *listOptions) error {
		if n < 1 {
			return fmt.Errorf("Concurrency(%d): at least one account", n)
		}
		options.concurrency = n
		return nil
	}
}
