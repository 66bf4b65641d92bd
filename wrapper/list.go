package wrapper

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"

	"github.com/talkdesk-express/contractactions/gen"
)

// Types of package gen, so that a program needs one import only.
type (
	// ContractAction is a change of a subscription, and its progress.
	ContractAction = gen.ContractAction
	// ContractActionStatus is the progress of a contract action.
	ContractActionStatus = gen.ContractActionStatus
	// ContractActionType is the kind of change.
	ContractActionType = gen.ContractActionType
)

// The documented types and statuses (source: R). The service may send others: Valid
// reports false for them.
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
	// Actions are the contract actions on the page, in the service's order.
	Actions []ContractAction
	// Number, PerPage, Count, Total and TotalPages are the counters that the
	// service sent; 0 for one that it did not send.
	Number, PerPage, Count, Total, TotalPages int
	// Next is the link to the next page, and the point to resume from, see
	// [From]. It is empty on the last page.
	Next string
	// Last reports whether this page ends the listing with nothing missing:
	// there is no next link, or [StopBefore] ended it. It is false if [MaxPages]
	// ended the listing earlier, and if an error follows.
	Last bool
	// Header is the header of the response. A value that contains an access token
	// of the request is replaced.
	Header http.Header
}

// Pages lists the contract actions of an Express account page by page. Each
// range over the sequence starts a new listing.
//
// The listing follows the service's next links and nothing else, and ends after
// the page without one. It can end with an error, whose page is nil, after every
// page received before has been delivered:
//
//   - [*Error]: an error status, an invalid response, or no response
//   - [*TokenError]: no access token could be obtained
//   - [*LinkError]: a next link or redirect was refused
//   - [*IncompleteError]: the list is shorter than the service's own counters,
//     or changed while being read
//   - [ErrInvalidAccountID]: nothing was sent
//   - the context's error
//
// The next page is fetched while the caller works on the current one, see
// [NoPrefetch]. Leaving the loop cancels that request.
func (c *Client) Pages(ctx context.Context, accountID string, options ...ListOption) iter.Seq2[*Page, error] {
	return func(yield func(*Page, error) bool) {
		err := c.deliver(ctx, accountID, options, func(page *Page) bool { return yield(page, nil) })
		if err != nil {
			yield(nil, fmt.Errorf("list contract actions of account %.80q: %w", accountID, err))
		}
	}
}

// deliver passes the pages of an account to yield. Its error does not name the
// account.
func (c *Client) deliver(ctx context.Context, accountID string, options []ListOption, yield func(*Page) bool) error {
	listing, err := c.newListing(accountID, options)
	switch {
	case err != nil:
	case listing.options.noPrefetch:
		err = listing.run(ctx, yield)
	default:
		err = onGoroutine(ctx, listing.run, yield)
	}
	if err != nil {
		return withContextError(ctx, err)
	}
	return nil
}

// Actions lists the contract actions of an Express account one by one. It is
// [Client.Pages] without the pages.
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

// listing follows the next links of one list.
type listing struct {
	client       *Client
	accountID    string
	options      listOptions
	first        firstRequest
	next         *url.URL
	visited      visited
	announced    string // the next link of the previous page
	completeness completeness
	cutoff       *cutoff // nil: none
}

func (c *Client) newListing(accountID string, options []ListOption) (*listing, error) {
	if err := checkAccountID(accountID); err != nil {
		return nil, err
	}
	chosen, err := newListOptions(options)
	if err != nil {
		return nil, err
	}
	l := &listing{client: c, accountID: accountID, options: chosen, visited: make(visited)}
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

// begin makes start the first page. Its parameters determine what the listing can
// check.
func (l *listing) begin(start *url.URL) {
	l.next = start
	l.visited.add(start)
	query := start.Query()
	l.completeness.filtered = query.Has("filter")
	l.cutoff = nil
	if before := l.options.stopBefore; !before.IsZero() && Order(query.Get("order_by")) == UpdatedAtDescending {
		l.cutoff = &cutoff{before: before}
	}
}

// run fetches page after page to the end of the listing, an error, or until yield
// returns false.
func (l *listing) run(ctx context.Context, yield func(*Page) bool) error {
	for pages := 1; ; pages++ {
		page, err := l.fetch(ctx)
		if page != nil {
			page.Last = err == nil && l.completeness.duplicates == 0 && (l.next == nil || l.cutoff != nil && l.reachedCutoff(ctx, page))
			if !yield(page) {
				return nil
			}
		}
		if err != nil {
			return err
		}
		if page.Last || pages == l.options.maxPages {
			return l.completeness.duplicatesError(l.completeness.number(page)) // also if the list continues
		}
	}
}

// fetch gets the page at l.next and advances l.next: nil after the last page. A
// page returned with an error is complete, but the listing cannot go beyond it.
func (l *listing) fetch(ctx context.Context) (*Page, error) {
	response, body, err := l.send(ctx)
	if err != nil {
		return nil, err
	}
	page := newPage(body, response.sent.withholdHeader(response.header))
	if err := l.completeness.add(page, body.Count); err != nil {
		return page, err
	}
	return page, l.advance(response, page, body.Links)
}

// request gets the page at target.
func (l *listing) request(ctx context.Context, target *url.URL) (*apiResponse, *gen.ContractActionPage, error) {
	request := &http.Request{Method: http.MethodGet, URL: target, Host: target.Host, Header: l.client.header}
	r := newAPIRequest(request.WithContext(ctx), OperationList, l.accountID)
	response, err := l.client.handle(r)
	if err != nil {
		return nil, nil, err
	}
	body, err := decodeResponse(response)
	response.release()
	if err != nil {
		return nil, nil, r.failed(err)
	}
	return response, body, nil
}

func decodeResponse(response *apiResponse) (*gen.ContractActionPage, error) {
	if response.status != http.StatusOK {
		return nil, responseError(response, "not a status that this operation has", nil)
	}
	body, err := decodePage(response.body, gen.DecodeContractActionPage)
	if err == nil {
		err = checkPage(body, response.body)
	}
	if err != nil {
		return nil, responseError(response, err.Error(), nil)
	}
	if body.Links == nil {
		body.Links = new(gen.Links)
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
		Next:       href(body.Links.Next),
		Header:     header,
	}
	if body.Embedded != nil {
		page.Actions = body.Embedded.ContractActions
	}
	return page
}

// advance sets the page to fetch next, and refuses one that was already read.
func (l *listing) advance(response *apiResponse, page *Page, links *gen.Links) error {
	l.next = nil
	if page.Next == "" {
		return l.completeness.end(page)
	}
	l.visited.add(response.url)
	// The page's own link is usually the next link of the previous page.
	if self := href(links.Self); self != l.announced {
		if self, err := response.url.Parse(self); err == nil {
			l.visited.add(self)
		}
	}
	l.announced = page.Next
	next, err := l.client.apiOrigin.resolve(response.url, page.Next)
	if err == nil && l.visited.add(next) {
		err = &LinkError{Link: next.String(), Reason: "it leads back to a page that was already read"}
	}
	if refused, ok := errors.AsType[*LinkError](err); ok {
		return refused.withhold(response.sent)
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

func href(link *gen.Link) string {
	if link == nil || link.Href == nil {
		return ""
	}
	return *link.Href
}

// onGoroutine runs produce on its own goroutine and passes what it delivers to
// yield, on the caller's: produce continues while yield works, one value ahead.
// The goroutine has ended when onGoroutine returns. If yield returns false, the
// context of produce is cancelled.
func onGoroutine[T any](ctx context.Context, produce func(ctx context.Context, deliver func(T) bool) error, yield func(T) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	var (
		values   = make(chan T) // unbuffered: a buffer would let produce run two ahead
		left     = make(chan struct{})
		err      = errors.New("the listing's goroutine ended without a result")
		panicked any
	)
	go func() {
		defer close(values)
		// A panic of the caller's transport or sequence belongs to the caller's loop.
		defer func() { panicked = recover() }()
		err = produce(ctx, func(value T) bool {
			select {
			case values <- value:
				return true
			case <-left: // not the end of the context: a value that has arrived is delivered
				return false
			}
		})
	}()
	defer func() {
		cancel()
		close(left)
		for range values { // until the goroutine has ended
		}
	}()

	for value := range values {
		if !yield(value) {
			return nil
		}
	}
	if panicked != nil {
		panic(panicked)
	}
	return err
}
