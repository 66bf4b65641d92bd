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

// ContractAction is one change of a subscription, and its progress. It and
// the other types of the wire are those of package gen, named here so that one
// import is enough.
type (
	ContractAction       = gen.ContractAction
	ContractActionStatus = gen.ContractActionStatus
	ContractActionType   = gen.ContractActionType
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
	// Header is the answer's.
	Header http.Header
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
			err = listing.run(ctx, func(page *Page) bool { return yield(page, nil) })
		}
		if err != nil {
			yield(nil, fmt.Errorf("list contract actions of account %.80q: %w", accountID, err))
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
	next      *url.URL
	seen      map[string]bool
	tally     tally
}

func (c *Client) newListing(accountID string, options []ListOption) (*listing, error) {
	if err := checkAccountID(accountID); err != nil {
		return nil, err
	}
	l := &listing{client: c, accountID: accountID, options: listOptions{prefetch: true}, seen: map[string]bool{}}
	for _, option := range options {
		if err := option(&l.options); err != nil {
			return nil, err
		}
	}
	first, err := gen.NewListContractActionsRequest(c.base, accountID, &gen.ListContractActionsParams{PerPage: l.options.perPage})
	if err != nil {
		return nil, err
	}
	l.next, l.tally.fromStart = first.URL, l.options.from == ""
	if !l.tally.fromStart {
		if l.next, err = c.home.resolve(first.URL, l.options.from); err != nil {
			return nil, err
		}
	}
	l.seen[l.next.String()] = true
	return l, nil
}

// fetched is a page and what is wrong after it. The page can be good although
// its next link is not.
type fetched struct {
	page *Page
	err  error
}

// run fetches page after page until there is none, the caller has enough, or
// something is wrong.
func (l *listing) run(ctx context.Context, yield func(*Page) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	ahead := make(chan fetched, 1)
	pending := false
	defer func() {
		cancel()
		if pending {
			<-ahead // join the fetch that nobody needs any more
		}
	}()

	for pages := 1; ; pages++ {
		var current fetched
		if pending {
			current, pending = <-ahead, false
		} else {
			current = l.fetch(ctx)
		}
		more := current.err == nil && l.next != nil && pages != l.options.maxPages
		if more && l.options.prefetch {
			pending = true
			go func() { ahead <- l.fetch(ctx) }()
		}
		if current.page != nil && !yield(current.page) {
			return nil
		}
		if !more {
			return current.err
		}
	}
}

// fetch gets the page at l.next and moves l.next on: nil after the last page.
func (l *listing) fetch(ctx context.Context) fetched {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.next.String(), nil)
	if err != nil {
		return fetched{err: err}
	}
	request.Header = l.client.header
	c := newCall(request, l.accountID)
	result, err := l.client.chain(c)
	if err != nil {
		return fetched{err: err}
	}
	body, unusable := decodeAnswer(result)
	if unusable != nil {
		unusable.Attempts, unusable.Elapsed = c.attempts, c.elapsed()
		return fetched{err: unusable}
	}
	page := newPage(body, result.header)
	if err := l.tally.add(page, body.Count); err != nil {
		return fetched{page, err}
	}
	return fetched{page, l.advance(page, body.Links, result.token)}
}

func decodeAnswer(result *answer) (*gen.ContractActionPage, *Error) {
	if result.status != http.StatusOK {
		return nil, unusable(result, "not a status that this operation has", nil)
	}
	body, err := decodePage(result.body)
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
func (l *listing) advance(page *Page, links *gen.Links, token string) error {
	here := l.next
	l.next = nil
	if page.Next == "" {
		return l.tally.end(page)
	}
	if self := href(links, func(links *gen.Links) *gen.Link { return links.Self }); self != "" {
		if address, err := here.Parse(self); err == nil {
			l.seen[address.String()] = true
		}
	}
	next, err := l.client.home.resolve(here, page.Next)
	var refused *LinkError
	if errors.As(err, &refused) {
		refused.Link = hide(refused.Link, token)
		return refused
	}
	if l.seen[next.String()] {
		return &LinkError{Link: hide(next.String(), token), Reason: "it leads back to a page that was already read"}
	}
	page.Next = next.String()
	l.next, l.seen[page.Next] = next, true
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

// checkAccountID refuses ids that would change the path they are put into.
func checkAccountID(id string) error {
	reason := ""
	switch {
	case id == "":
		reason = "it is empty"
	case id == "." || id == "..":
		reason = "it would change the path"
	}
	for _, c := range []byte(id) {
		// RFC 3986, unreserved characters: the only ones that mean nothing in
		// a path to any server or proxy on the way.
		if !isLetterOrDigit(c) && c != '-' && c != '.' && c != '_' && c != '~' {
			reason = "only letters, digits, '-', '.', '_' and '~' are allowed in it"
		}
	}
	if reason != "" {
		return fmt.Errorf("%w: %s (they look like 5ea75fe7aa224700012eae40)", ErrAccountID, reason)
	}
	return nil
}
