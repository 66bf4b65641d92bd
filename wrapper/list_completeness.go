package wrapper

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"net/url"
	"reflect"

	"github.com/talkdesk-express/contractactions/gen"
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
	// of the page, contract actions of the list, or pages. One that came twice
	// is received once; where the service did not say how many there are,
	// Expected counts it twice.
	Expected, Received int
}

// Error gives the reason and the numbers.
func (e *IncompleteError) Error() string {
	return fmt.Sprintf("the list is not complete at page %d: %s (expected %d, received %d); list again", e.Page, e.Reason, e.Expected, e.Received)
}

// checkPage refuses what decodes but is no page. Everything in a page is
// optional by itself, so that an error in the body of a success, say, would
// pass for the end of the list; and what has no id is nothing that anybody
// could look for.
func checkPage(page *gen.ContractActionPage, body []byte) error {
	if *page == (gen.ContractActionPage{}) && isOfAnotherKind(body) {
		return errors.New("the body has none of the fields of a page")
	}
	if page.Embedded == nil {
		return nil
	}
	for i := range page.Embedded.ContractActions {
		if page.Embedded.ContractActions[i].ID == "" {
			return fmt.Errorf("contract action %d of the page has no id", i+1)
		}
	}
	return nil
}

// isOfAnotherKind reports whether an object has fields, but none of a page.
func isOfAnotherKind(body []byte) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || len(fields) == 0 {
		return false
	}
	for name := range jsonFields(reflect.TypeFor[gen.ContractActionPage]()) {
		if _, present := fields[name]; present {
			return false
		}
	}
	return true
}

// completeness compares what the service says of a list with what it sent.
type completeness struct {
	fromStart         bool // false after From: what came before is unknown
	filtered          bool // whether total may count more than the list has
	pages, actions    int
	duplicates        int // of the actions: those whose id had been there
	ids               seenIDs
	total, totalPages int // the most that was said; pages may leave them out
}

// add counts a page in and checks the page by itself.
func (t *completeness) add(page *Page, count *int) error {
	t.pages++
	t.actions += len(page.Actions)
	t.total, t.totalPages = max(page.Total, t.total), max(page.TotalPages, t.totalPages)
	for i := range page.Actions {
		if t.ids.add(page.Actions[i].ID) {
			t.duplicates++
		}
	}
	if count != nil && *count != len(page.Actions) {
		return &IncompleteError{Reason: "count differs from the contract actions on the page", Page: t.number(page), Expected: *count, Received: len(page.Actions)}
	}
	return nil
}

// end checks the whole list, after its last page.
func (t *completeness) end(last *Page) error {
	number := t.number(last)
	if knowsNumber := t.fromStart || last.Number > 0; knowsNumber && number < t.totalPages {
		return &IncompleteError{Reason: "it ends before total_pages", Page: number, Expected: t.totalPages, Received: number}
	}
	if total := t.expected(); t.duplicates == 0 && t.actions < total {
		return &IncompleteError{Reason: "fewer contract actions than total", Page: number, Expected: total, Received: t.actions}
	}
	return t.duplicatesError(number)
}

// duplicatesError reports contract actions that came twice. The list has duplicatesError under
// the reader, and what duplicatesError the other way may have been missed.
func (t *completeness) duplicatesError(number int) error {
	if t.duplicates == 0 {
		return nil
	}
	return &IncompleteError{
		Reason:   fmt.Sprintf("%d duplicates: the list changed while being read; other actions may be missing", t.duplicates),
		Page:     number,
		Expected: max(t.actions, t.expected()),
		Received: t.actions - t.duplicates,
	}
}

// expected is the number of contract actions that this listing should receive
// by the service's total; 0 if that does not say.
func (t *completeness) expected() int {
	if !t.fromStart || t.filtered {
		return 0
	}
	return t.total
}

func (t *completeness) number(page *Page) int { return cmp.Or(page.Number, t.pages) }

// enough is how many texts a recent remembers at least.
const enough = 4096

// seenIDs remembers texts for a while: the last enough, and less than twice as
// many. It keeps hashes of 64 bits and no text alive. In a listing of a million,
// the chance that one is mistaken for another is below one in a thousand million.
type seenIDs struct{ newer, older map[uint64]struct{} }

var hashSeed = maphash.MakeSeed()

// add remembers a text and reports whether it was there.
func (r *seenIDs) add(text string) (before bool) { return r.addHash(maphash.String(hashSeed, text)) }

func (r *seenIDs) addHash(hash uint64) (before bool) {
	if len(r.newer) >= enough {
		r.newer, r.older = r.older, r.newer
		clear(r.newer)
	}
	if r.newer == nil {
		r.newer = map[uint64]struct{}{}
	}
	_, before = r.older[hash]
	known := len(r.newer)
	r.newer[hash] = struct{}{}
	return before || len(r.newer) == known // it has not grown
}

// visited is where a listing has been, so that it does not go in circles. It
// knows the last few thousand pages; for larger circles, it also knows one
// page further back, which it moves up each time the way has doubled (as
// Brent's algorithm does), so that memory stays flat and every circle ends.
type visited struct {
	recent    seenIDs
	length    int
	milestone uint64
	moveAt    int
}

// add remembers a page by its address, however that is spelt, and reports
// whether it had been there.
func (t *visited) add(page *url.URL) (before bool) {
	place := hashOf(page)
	before = t.recent.addHash(place) || t.moveAt > 0 && place == t.milestone
	if t.length++; t.length > t.moveAt {
		t.milestone, t.moveAt = place, 2*t.length
	}
	return before
}

func hashOf(page *url.URL) uint64 {
	var hash maphash.Hash
	hash.SetSeed(hashSeed)
	origin := originOf(page)
	path := page.EscapedPath()
	if path == "" {
		path = "/"
	}
	for _, part := range []string{origin.scheme, origin.host, origin.port, path, page.RawQuery} {
		hash.WriteString(part)
		hash.WriteByte(0)
	}
	return hash.Sum64()
}
