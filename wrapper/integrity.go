package wrapper

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
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

// tally compares what the service says of a list with what it sent.
type tally struct {
	fromStart         bool // false after From: what came before is unknown
	filtered          bool // whether total may count more than the list has
	pages, actions    int
	repeated          int // of the actions: those whose id had been there
	ids               recent
	total, totalPages int // the most that was said; pages may leave them out
}

// add counts a page in and checks the page by itself.
func (t *tally) add(page *Page, count *int) error {
	t.pages++
	t.actions += len(page.Actions)
	t.total, t.totalPages = max(page.Total, t.total), max(page.TotalPages, t.totalPages)
	for i := range page.Actions {
		if t.ids.add(page.Actions[i].ID) {
			t.repeated++
		}
	}
	if count != nil && *count != len(page.Actions) {
		return &IncompleteError{Reason: "count differs from the contract actions on the page", Page: t.number(page), Expected: *count, Received: len(page.Actions)}
	}
	return nil
}

// end checks the whole list, after its last page.
func (t *tally) end(last *Page) error {
	number := t.number(last)
	if knowsNumber := t.fromStart || last.Number > 0; knowsNumber && number < t.totalPages {
		return &IncompleteError{Reason: "it ends before total_pages", Page: number, Expected: t.totalPages, Received: number}
	}
	if total := t.expected(); t.repeated == 0 && t.actions < total {
		return &IncompleteError{Reason: "fewer contract actions than total", Page: number, Expected: total, Received: t.actions}
	}
	return t.moved(number)
}

// moved reports contract actions that came twice. The list has moved under
// the reader, and what moved the other way may have been missed.
func (t *tally) moved(number int) error {
	if t.repeated == 0 {
		return nil
	}
	return &IncompleteError{
		Reason:   fmt.Sprintf("%d duplicates: the list changed while being read; other actions may be missing", t.repeated),
		Page:     number,
		Expected: max(t.actions, t.expected()),
		Received: t.actions - t.repeated,
	}
}

// expected is the number of contract actions that this listing should receive
// by the service's total; 0 if that does not say.
func (t *tally) expected() int {
	if !t.fromStart || t.filtered {
		return 0
	}
	return t.total
}

func (t *tally) number(page *Page) int { return cmp.Or(page.Number, t.pages) }
