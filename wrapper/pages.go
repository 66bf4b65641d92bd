package wrapper

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// The types of the wire are those of package gen, named here so that one import
// is enough.
type (
	// ContractAction is one change of a subscription, and its progress.
	ContractAction = gen.ContractAction
	// ContractActionStatus is how far a contract action has got.
	ContractActionStatus = gen.ContractActionStatus
	// ContractActionType is what a contract action does.
	ContractActionType = gen.ContractActionType
)

// The documented values of a contract action's type and status. There may be
// others: Valid tells.
const (
	TypeNew    = gen.ContractActionTypeNEWTDE
	TypeAmend  = gen.ContractActionTypeAMENDTDE
	TypeCancel = gen.ContractActionTypeCANCELTDE

	StatusCreated    = gen.ContractActionStatusCREATED
	StatusInProgress = gen.ContractActionStatusINPROGRESS
	StatusCompleted  = gen.ContractActionStatusCOMPLETED
	StatusFailed     = gen.ContractActionStatusFAILED
)

// Page is one page of a list.
type Page struct {
	// Actions are the contract actions of the page, in the service's order.
	Actions []ContractAction
	// Number, PerPage, Count, Total and TotalPages are the service's own
	// counters; 0 where it did not say.
	Number, PerPage, Count, Total, TotalPages int
	// Next is the link to the next page: the point to resume from, see
	// [From]. Empty on the last page.
	Next string
	// Header is the response's.
	Header http.Header

	last bool // whether the listing ends here although nothing is missing
}

// Pages lists the contract actions of an Express account page by page. Each
// range over the result is a listing of its own.
//
// It follows the service's next links and nothing else, and ends after the
// page that has none. An error ends it: an [*Error] if the service refused or
// sent something unusable, a [*TokenError] if no token could be had, a
// [*LinkError] if a link was not to be followed, an [*IncompleteError] if by
// the service's own numbers something is missing, [ErrAccountID] if accountID
// cannot be one, or the context's error. The page that comes with an error is
// nil. Whatever was received before has been delivered.
//
// While the caller works on a page, the next one is fetched, see
// [NoPrefetch]. Leaving the loop ends that request.
func (c *Client) Pages(ctx context.Context, accountID string, options ...ListOption) iter.Seq2[*Page, error] {
	return func(yield func(*Page, error) bool) {
		listing, err := c.newListing(accountID, options)
		if err == nil {
			err = listing.deliver(ctx, func(page *Page) bool { return yield(page, nil) })
		}
		if err != nil {
			yield(nil, fmt.Errorf("list contract actions of account %.80q: %w", accountID, withContextError(ctx, err)))
		}
	}
}

// Actions lists the contract actions of an Express account one by one, in the
// service's order. It is [Client.Pages] without the pages.
func (c *Client) Actions(ctx context.Context, accountID string, options ...ListOption) iter.Seq2[ContractAction, error] {
	return func(yield func(ContractAction, error) bool) {
		for page, err := range c.Pages(ctx, accountID, options...) {
			if err != nil {
				yield(ContractAction{}, err)
				return
			}
			for _, action := range page.Actions {
				if !yield(action, nil) {
					return
				}
			}
		}
	}
}

// listing is one walk along the next links.
type listing struct {
	client    *Client
	accountID string
	options   listOptions
	first     firstRequest
	next      *url.URL
	trail     trail
	called    string // what the last page called the next one
	tally     tally
	cutoff    cutoff
}

func (c *Client) newListing(accountID string, options []ListOption) (*listing, error) {
	if err := checkAccountID(accountID); err != nil {
		return nil, err
	}
	chosen, err := newListOptions(options)
	if err != nil {
		return nil, err
	}
	l := &listing{client: c, accountID: accountID, options: chosen, cutoff: cutoff{before: chosen.stopBefore}}
	if l.first, err = c.firstRequest(accountID, &chosen); err != nil {
		return nil, err
	}
	start := l.first.url
	if l.tally.fromStart = chosen.from == ""; !l.tally.fromStart {
		if start, err = c.home.resolve(l.first.url, chosen.from); err != nil {
			return nil, err
		}
		if isOfAnotherAccount(start.Path, l.first.url.Path, accountID) {
			return nil, &LinkError{Link: withoutUser(start), Reason: "it belongs to another account"}
		}
		l.first.without = nil
	}
	l.begin(start)
	return l, nil
}

// begin makes start the first page. What the listing may rely on depends on the
// parameters that are sent with it.
func (l *listing) begin(start *url.URL) {
	l.next = start
	l.trail.add(start)
	query := start.Query()
	l.tally.filtered = query.Has("filter")
	if Order(query.Get("order_by")) != UpdatedAtDescending {
		l.cutoff.before = time.Time{}
	}
}

// deliver yields the pages, each fetched while the caller works on the one
// before if that is wanted.
func (l *listing) deliver(ctx context.Context, yield func(*Page) bool) error {
	if l.options.noPrefetch {
		return l.run(ctx, yield)
	}
	return oneAhead(ctx, l.run, yield)
}

// run fetches page after page until there is none, the caller has enough, or
// something is wrong.
func (l *listing) run(ctx context.Context, yield func(*Page) bool) error {
	for pages := 1; ; pages++ {
		page, err := l.fetch(ctx)
		if page != nil {
			page.last = err == nil && (l.next == nil || l.reachedCutoff(ctx, page))
			if !yield(page) {
				return nil
			}
		}
		if err != nil {
			return err
		}
		if page.last || pages == l.options.maxPages {
			return l.tally.moved(l.tally.number(page)) // also if the list goes on
		}
	}
}

// fetch gets the page at l.next and moves l.next on: nil after the last page.
// A page beside an error is good, but what is after it is not.
func (l *listing) fetch(ctx context.Context) (*Page, error) {
	result, c, err := l.send(ctx)
	if err != nil {
		return nil, err
	}
	body, unusable := decodeAnswer(result)
	result.release()
	if unusable != nil {
		unusable.Attempts, unusable.Elapsed = c.attempts, c.elapsed()
		return nil, unusable
	}
	page := newPage(body, hideInHeader(result.header, result.tokens...))
	if err := l.tally.add(page, body.Count); err != nil {
		return page, err
	}
	return page, l.advance(result, page, body.Links)
}

func decodeAnswer(result *answer) (*gen.ContractActionPage, *Error) {
	if result.status != http.StatusOK {
		return nil, unusable(result, "not a status that this operation has", nil)
	}
	body, err := decodePage(result.body, gen.DecodeContractActionPage)
	if err == nil {
		err = checkPage(body, result.body)
	}
	if err != nil {
		return nil, unusable(result, err.Error(), nil)
	}
	return body, nil
}

func newPage(body *gen.ContractActionPage, header http.Header) *Page {
	page := &Page{
		Number:     value(body.Page),
		PerPage:    value(body.PerPage),
		Count:      value(body.Count),
		Total:      value(body.Total),
		TotalPages: value(body.TotalPages),
		Next:       href(body.Links, func(links *gen.Links) *gen.Link { return links.Next }),
		Header:     header,
	}
	if body.Embedded != nil {
		page.Actions = body.Embedded.ContractActions
	}
	return page
}

// advance sets where to go after page, and refuses to go in circles.
func (l *listing) advance(result *answer, page *Page, links *gen.Links) error {
	l.next = nil
	if page.Next == "" {
		return l.tally.end(page)
	}
	l.trail.add(result.url)
	// Usually the page calls itself what the page before called it.
	if self := href(links, func(links *gen.Links) *gen.Link { return links.Self }); self != l.called {
		if self, err := result.url.Parse(self); err == nil {
			l.trail.add(self)
		}
	}
	l.called = page.Next
	next, err := l.client.home.resolve(result.url, page.Next)
	if err == nil && l.trail.add(next) {
		err = &LinkError{Link: next.String(), Reason: "it leads back to a page that was already read"}
	}
	var refused *LinkError
	if errors.As(err, &refused) {
		refused.Link = hide(refused.Link, result.tokens...)
		return refused
	}
	page.Next, l.next = next.String(), next
	return nil
}

func value(counter *int) int {
	if counter == nil {
		return 0
	}
	return *counter
}

func href(links *gen.Links, which func(*gen.Links) *gen.Link) string {
	if links == nil {
		return ""
	}
	if link := which(links); link != nil && link.Href != nil {
		return *link.Href
	}
	return ""
}
