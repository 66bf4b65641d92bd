package wrapper

import (
	"cmp"
	"fmt"
	"hash/maphash"
)

// IncompleteError reports a list that is incomplete according to the service's own
// counters, or that changed while being read. Every page received was delivered
// before it.
type IncompleteError struct {
	// Reason says which numbers differ.
	Reason string
	// Page is the number of the last page received: the service's or, if it sent
	// none, counted from 1.
	Page int
	// Expected is the number that the service sent. Received is the number of
	// contract actions on the page, contract actions in the list, or pages that
	// were received. Duplicates count once in Received; if the service sent no
	// total, they count twice in Expected.
	Expected, Received int
}

// Error returns the reason and the numbers.
func (e *IncompleteError) Error() string {
	return fmt.Sprintf("the list is incomplete at page %d: %s (expected %d, received %d); list again", e.Page, e.Reason, e.Expected, e.Received)
}

// completeness compares the service's counters with what arrived.
type completeness struct {
	fromStart         bool // false after From: earlier pages are unknown
	filtered          bool // total may count more than the filtered list has
	page              int  // the number of the latest page: the service's or, if it sent none, counted from 1
	pages, items      int
	duplicates        int // among the items
	ids               seenIDs
	total, totalPages int // the largest sent: pages may omit them
}

// addItem counts an item, by its id.
func (c *completeness) addItem(id string) {
	c.items++
	if c.ids.add(id) {
		c.duplicates++
	}
}

// addPage counts a page of received items, and checks its own count, if the service
// sent one.
func (c *completeness) addPage(page *Page, received int, count *int) error {
	c.pages++
	c.page = cmp.Or(page.Number, c.pages)
	c.total, c.totalPages = max(page.Total, c.total), max(page.TotalPages, c.totalPages)
	if count != nil && *count != received {
		return &IncompleteError{Reason: "count differs from the items on the page", Page: c.page, Expected: *count, Received: received}
	}
	return nil
}

// end checks the whole list after its last page.
func (c *completeness) end(last *Page) error {
	if knowsNumber := c.fromStart || last.Number > 0; knowsNumber && c.page < c.totalPages {
		return &IncompleteError{Reason: "it ends before total_pages", Page: c.page, Expected: c.totalPages, Received: c.page}
	}
	if c.duplicates == 0 && c.fromStart && !c.filtered && c.items < c.total {
		return &IncompleteError{Reason: "fewer items than total", Page: c.page, Expected: c.total, Received: c.items}
	}
	return c.duplicatesError()
}

// duplicatesError reports duplicates: the list moved while being read, and what
// moved the other way may be missing.
func (c *completeness) duplicatesError() error {
	if c.duplicates == 0 {
		return nil
	}
	expected := c.items
	if c.fromStart && !c.filtered {
		expected = max(c.items, c.total)
	}
	return &IncompleteError{
		Reason:   fmt.Sprintf("items received more than once: %d; the list changed while being read, so others may be missing", c.duplicates),
		Page:     c.page,
		Expected: expected,
		Received: c.items - c.duplicates,
	}
}

// seenIDs remembers the latest 4096 ids, and up to as many older ones, so that a
// listing of any length needs the same memory.
type seenIDs struct{ newer, older hashes }

// add remembers an id and reports whether it was seen before.
func (s *seenIDs) add(id string) (seen bool) {
	const generation = 4096
	if s.newer == nil || len(s.newer) >= generation {
		s.newer, s.older = make(hashes), s.newer
	}
	seen = s.older.has(id)
	return s.newer.add(id) || seen
}

// hashes is a set of texts. It keeps 64-bit hashes: among a million, the probability
// that two are equal is below one in a billion.
type hashes map[uint64]struct{}

var hashSeed = maphash.MakeSeed()

func (h hashes) has(text string) bool {
	_, known := h[maphash.String(hashSeed, text)]
	return known
}

// add adds a text and reports whether it was known before.
func (h hashes) add(text string) (known bool) {
	size := len(h)
	h[maphash.String(hashSeed, text)] = struct{}{}
	return len(h) == size
}
