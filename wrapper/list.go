package wrapper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/prefetch"
	"github.com/talkdesk-express/contractactions/internal/transport"
)

// operation describes one of the contract's lists: what listing it needs to know.
type operation[Item any] struct {
	name      string // in events
	accountID string // in events; empty if the list is not an account's
	scopes    [][]string
	order     Order // the default: new items arrive at the end
	request   func(base string, parameters *parameters) (*http.Request, error)
	decode    func(body []byte) (gen.List[Item], error)
	id        func(*Item) string
	updated   func(*Item) time.Time // nil if items have no such time
}

// page is a page of any list. Its Page has no Actions.
type page[Item any] struct {
	*Page
	items []Item
}

// list passes the pages of a list to yield, the next being fetched meanwhile.
func list[Item any](ctx context.Context, c *Client, o operation[Item], options []ListOption, yield func(page[Item]) bool) error {
	l, err := newListing(c, o, options)
	if err == nil && l.options.noPrefetch {
		err = l.run(ctx, yield)
	} else if err == nil {
		err = prefetch.OneAhead(ctx, l.run, yield)
	}
	return withContextError(ctx, err)
}

// listing follows the next links of one list.
type listing[Item any] struct {
	operation[Item]
	client       *Client
	options      listOptions
	preferred    preferredParameters
	preferring   bool     // the next request is the first, and has what is preferred
	first        *url.URL // the first page of the list
	next         *url.URL // nil after the last page
	visited      hashes   // of pages
	announced    string   // the next link of the previous page
	completeness completeness
	cutoff       *cutoff // nil: none
}

func newListing[Item any](c *Client, o operation[Item], options []ListOption) (*listing[Item], error) {
	chosen, err := newListOptions(options, o.order)
	if err != nil {
		return nil, err
	}
	if o.updated == nil && !chosen.stopBefore.IsZero() {
		return nil, errors.New("StopBefore does not apply to this list")
	}
	l := &listing[Item]{operation: o, client: c, options: chosen}
	if err := l.beginPreferring(); err != nil || chosen.from == "" {
		return l, err
	}
	start, err := c.apiOrigin.resolve(l.first, chosen.from)
	if err != nil {
		return nil, err
	}
	if isOfAnotherAccount(start.Path, l.first.Path, o.accountID) {
		return nil, &LinkError{Link: withoutUser(start), Reason: "it belongs to another account"}
	}
	l.preferring = false
	l.begin(start)
	return l, nil
}

// begin makes start the first page. Its parameters determine what the listing can
// check.
func (l *listing[Item]) begin(start *url.URL) {
	query := start.Query()
	l.next, l.visited = start, make(hashes)
	l.visited.add(spelling(start))
	l.completeness = completeness{fromStart: l.options.from == "", filtered: query.Has("filter")}
	l.cutoff = nil
	if before := l.options.stopBefore; !before.IsZero() && Order(query.Get("order_by")) == UpdatedAtDescending {
		l.cutoff = &cutoff{before: before, delivered: make(hashes)}
	}
}

// run fetches page after page to the end of the listing, an error, or until yield
// returns false.
func (l *listing[Item]) run(ctx context.Context, yield func(page[Item]) bool) error {
	for pages := 1; ; pages++ {
		page, err := l.fetch(ctx)
		if page.Page == nil {
			return err
		}
		if l.cutoff != nil {
			page.items = l.sift(ctx, page.items)
		}
		if err == nil {
			page.Last, err = l.isLast(ctx, page.Page)
		}
		if !yield(page) {
			return nil
		}
		if err != nil || page.Last {
			return err
		}
		if pages == l.options.maxPages {
			return l.completeness.duplicatesError() // also if the list continues
		}
	}
}

// fetch gets the page at l.next and advances l.next. A page returned with an error
// is complete, but the listing cannot go beyond it.
func (l *listing[Item]) fetch(ctx context.Context) (page[Item], error) {
	response, list, err := l.send(ctx)
	if err != nil {
		return page[Item]{}, err
	}
	received := page[Item]{items: list.Items, Page: &Page{
		Number: list.Page, PerPage: list.PerPage, Total: list.Total, TotalPages: list.TotalPages,
		Raw: response.raw, Next: list.Next, Header: response.sent.WithholdHeader(response.header),
	}}
	if list.Count != nil {
		received.Count = *list.Count
	}
	for i := range list.Items {
		l.completeness.addItem(l.id(&list.Items[i]))
	}
	if err := l.completeness.addPage(received.Page, len(list.Items), list.Count); err != nil {
		return received, err
	}
	return received, l.advance(response, received.Page, list.Self)
}

// get gets the page at target.
func (l *listing[Item]) get(ctx context.Context, target *url.URL) (*apiResponse, gen.List[Item], error) {
	request := &http.Request{Method: http.MethodGet, URL: target, Host: target.Host}
	r := &apiRequest{request: request.WithContext(ctx), operation: l.name, accountID: l.accountID, scopes: l.scopes, started: time.Now()}
	response, err := l.client.handle(r)
	if err != nil {
		return nil, gen.List[Item]{}, err
	}
	defer transport.Release(response.buffer) // after which the body is invalid
	var list gen.List[Item]
	if response.status != http.StatusOK {
		err = errors.New("not a status that this operation has")
	} else if list, err = l.decode(response.body); err == nil && l.options.keepRaw {
		if response.raw = bytes.Clone(response.body); response.sent.In(string(response.raw)) {
			err = errors.New("the body contains the access token, so it is not kept")
		}
	}
	for i := range list.Items {
		if err == nil && l.id(&list.Items[i]) == "" {
			err = fmt.Errorf("item %d of the page has no id", i+1)
		}
	}
	if err != nil {
		return nil, list, r.failed(responseError(response, err.Error(), nil))
	}
	return response, list, nil
}

// advance sets the page to fetch next, and refuses one that was already read.
func (l *listing[Item]) advance(response *apiResponse, page *Page, self string) error {
	requested := l.next
	if l.next = nil; page.Next == "" {
		return nil
	}
	if *response.url != *requested { // after a redirect
		l.visited.add(spelling(response.url))
	}
	// The page's own link is usually the next link of the previous page.
	if self != l.announced {
		if self, err := response.url.Parse(self); err == nil {
			l.visited.add(spelling(self))
		}
	}
	l.announced = page.Next
	next, err := l.client.apiOrigin.resolve(response.url, page.Next)
	if err == nil && l.visited.add(spelling(next)) {
		err = &LinkError{Link: next.String(), Reason: "it leads back to a page that was already read"}
	}
	if err != nil {
		return withholdError(response.sent, err)
	}
	page.Next, l.next = next.String(), next
	return nil
}

// isLast reports whether the listing ends with the page, and checks it if so.
func (l *listing[Item]) isLast(ctx context.Context, page *Page) (bool, error) {
	ended := l.next == nil
	if l.cutoff != nil {
		// Below an item from before the cutoff are older ones, if the order is honoured.
		ended = ended || l.cutoff.oldest.Before(l.cutoff.before) && l.testOrder(ctx)
		ended = ended && !l.restartAtFront(ctx)
	}
	if !ended {
		return false, nil
	}
	err := l.completeness.duplicatesError()
	if l.next == nil {
		err = l.completeness.end(page)
	}
	return err == nil, err
}
