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
	// Last reports whether the listing ends with this page and has all that was
	// asked for: there is no next link, or [StopBefore] ends it. It is false
	// where [MaxPages] ends it before, and where an error follows.
	Last bool
	// Header is the response's.
	Header http.Header
}

// Pages lists the contract actions of an Express account page by page. Each
// range over the result is a listing of its own.
//
// It follows the service's next links and nothing else, and ends after the
// page that has none. An error ends it: an [*Error] if the service refused or
// sent something unusable, a [*TokenError] if no token could be had, a
// [*LinkError] if a link was not to be followed, an [*IncompleteError] if by
// the service's own numbers something is missing, [ErrInvalidAccountID] if accountID
// cannot be one, or the context's error. The page that comes with an error is
// nil. Whatever was received before has been delivered.
//
// While the caller works on a page, the next one is fetched, see
// [NoPrefetch]. Leaving the loop ends that request.
func (c *Client) Pages(ctx context.Context, accountID string, options ...ListOption) iter.Seq2[*Page, error] {
	return func(yield func(*Page, error) bool) {
		err := c.deliver(ctx, accountID, options, func(page *Page) bool { return yield(page, nil) })
		if err != nil {
			yield(nil, fmt.Errorf("list contract actions of account %.80q: %w", accountID, err))
		}
	}
}

// deliver is [Client.Pages] without the account in the error.
func (c *Client) deliver(ctx context.Context, accountID string, options []ListOption, yield func(*Page) bool) error {
	listing, err := c.newListing(accountID, options)
	if err == nil {
		err = listing.deliver(ctx, yield)
	}
	if err != nil {
		return withContextError(ctx, err)
	}
	return nil
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
	client       *Client
	accountID    string
	options      listOptions
	first        firstRequest
	next         *url.URL
	visited      visited
	called       string // what the last page called the next one
	completeness completeness
	cutoff       cutoff
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
	if l.completeness.fromStart = chosen.from == ""; !l.completeness.fromStart {
		if start, err = c.apiOrigin.resolve(l.first.url, chosen.from); err != nil {
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
	l.visited.add(start)
	query := start.Query()
	l.completeness.filtered = query.Has("filter")
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
			page.Last = err == nil && l.completeness.duplicates == 0 && (l.next == nil || l.reachedCutoff(ctx, page))
			if !yield(page) {
				return nil
			}
		}
		if err != nil {
			return err
		}
		if page.Last || pages == l.options.maxPages {
			return l.completeness.duplicatesError(l.completeness.number(page)) // also if the list goes on
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
	page := newPage(body, result.sent.withholdHeader(result.header))
	if err := l.completeness.add(page, body.Count); err != nil {
		return page, err
	}
	return page, l.advance(result, page, body.Links)
}

func decodeAnswer(result *apiResponse) (*gen.ContractActionPage, *Error) {
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
func (l *listing) advance(result *apiResponse, page *Page, links *gen.Links) error {
	l.next = nil
	if page.Next == "" {
		return l.completeness.end(page)
	}
	l.visited.add(result.url)
	// Usually the page calls itself what the page before called it.
	if self := href(links, func(links *gen.Links) *gen.Link { return links.Self }); self != l.called {
		if self, err := result.url.Parse(self); err == nil {
			l.visited.add(self)
		}
	}
	l.called = page.Next
	next, err := l.client.apiOrigin.resolve(result.url, page.Next)
	if err == nil && l.visited.add(next) {
		err = &LinkError{Link: next.String(), Reason: "it leads back to a page that was already read"}
	}
	var refused *LinkError
	if errors.As(err, &refused) {
		refused.Link = result.sent.withhold(refused.Link)
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

// oneAhead calls fetch on a goroutine of its own, so that the next page is
// fetched while yield works on the one before. The goroutine has ended when
// oneAhead returns: if yield has enough, fetch's context ends.
//
// One goroutine fetches all pages. One for each of them would have to be
// started, and its stack to grow, on the way to every page.
func oneAhead(ctx context.Context, fetch func(context.Context, func(*Page) bool) error, yield func(*Page) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	var (
		pages    = make(chan *Page) // without room, or there would be two ahead
		left     = make(chan struct{})
		err      = errors.New("fetching the next page ended without a result")
		panicked any
	)
	go func() {
		defer close(pages)
		// If the caller's transport panics or ends the goroutine, the caller's
		// loop is where it shows.
		defer func() { panicked = recover() }()
		err = fetch(ctx, func(page *Page) bool {
			select {
			case pages <- page:
				return true
			case <-left: // and not the end of the context: a page that is there is delivered
				return false
			}
		})
	}()
	defer func() {
		cancel()
		close(left)
		for range pages { // until the goroutine has ended
		}
	}()

	for page := range pages {
		if !yield(page) {
			return nil
		}
	}
	if panicked != nil {
		panic(panicked)
	}
	return err
}
