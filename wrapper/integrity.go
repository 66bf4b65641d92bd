package wrapper

import (
	"fmt"
)

// IncompleteError reports a list that is not whole by the service's own
// numbers. Everything that was received has been delivered before it.
type IncompleteError struct {
	// Reason says which numbers disagree.
	Reason string
	// Page is the number of the last page received: the service's if it gave
	// one, otherwise counted from 1.
	Page int
	// Expected is what the service said, Received what came: contract actions
	// of the page, contract actions of the list, or pages.
	Expected, Received int
}

// Error gives the reason and the numbers.
func (e *IncompleteError) Error() string {
	return fmt.Sprintf("the list is not complete at page %d: %s (expected %d, received %d); list again", e.Page, e.Reason, e.Expected, e.Received)
}

// tally compares what the service says of a list with what it sent.
type tally struct {
	fromStart      bool // false after From: what came before is unknown
	pages, actions int
}

// add counts a page in and checks the page by itself.
func (t *tally) add(page *Page, count *int) error {
	t.pages++
	t.actions += len(page.Actions)
	if count != nil && *count != len(page.Actions) {
		return &IncompleteError{Reason: "count differs from the contract actions on the page", Page: t.number(page), Expected: *count, Received: len(page.Actions)}
	}
	return nil
}

// end checks the whole list, after its last page.
func (t *tally) end(last *Page) error {
	number := t.number(last)
	if knowsNumber := t.fromStart || last.Number > 0; knowsNumber && number < last.TotalPages {
		return &IncompleteError{Reason: "it ends before total_pages", Page: number, Expected: last.TotalPages, Received: number}
	}
	if t.fromStart && t.actions < last.Total {
		return &IncompleteError{Reason: "fewer contract actions than total", Page: number, Expected: last.Total, Received: t.actions}
	}
	return nil
}

func (t *tally) number(page *Page) int {
	if page.Number > 0 {
		return page.Number
	}
	return t.pages
}
