package sandbox

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// maxViews bounds the memory for views of one account: a client can ask for
// any number of filters.
const maxViews = 8

// selection is which actions are listed, and in which order.
type selection struct {
	order      gen.ContractActionOrder
	expression string // of the filter; "" selects all
	matches    filter // nil selects all
}

// field is what the order sorts by.
func (s selection) field() string {
	field, _, _ := strings.Cut(string(s.order), ":")
	return field
}

func (s selection) descending() bool { return strings.HasSuffix(string(s.order), ":desc") }

// key identifies the view of a selection. Both directions share one.
func (s selection) key() viewKey { return viewKey{s.field(), s.expression} }

type viewKey struct{ field, expression string }

// view is the sorted result of a selection. It is kept, so that reading a long
// list does not sort it once for every page.
type view struct {
	ascending []int // positions in account.actions
	// until is when the first action moves by itself, after which the view may
	// be wrong; zero if none moves.
	until time.Time
}

func (v view) isCorrectAt(now time.Time) bool {
	return v.until.IsZero() || now.Before(v.until)
}

// newView sorts what matches. Of two actions with the same time, the one that
// was added later counts as newer.
func newView(tracked []trackedAction, selected selection, now time.Time, interval time.Duration) view {
	var v view
	sortedBy := make([]time.Time, len(tracked))
	for i := range tracked {
		action, next := tracked[i].at(now, interval)
		if !next.IsZero() && (v.until.IsZero() || next.Before(v.until)) {
			v.until = next
		}
		if selected.matches != nil && !selected.matches(action) {
			continue
		}
		v.ascending = append(v.ascending, i)
		sortedBy[i] = action.CreatedAt
		if selected.field() == "updated_at" {
			sortedBy[i] = action.UpdatedAt
		}
	}
	slices.SortFunc(v.ascending, func(i, j int) int {
		return cmp.Or(sortedBy[i].Compare(sortedBy[j]), cmp.Compare(i, j))
	})
	return v
}

// positions returns up to limit positions from the given offset.
func (v view) positions(descending bool, offset, limit int) []int {
	total := len(v.ascending)
	from := min(offset, total)
	to := min(from+limit, total)
	if !descending {
		return v.ascending[from:to]
	}
	page := slices.Clone(v.ascending[total-to : total-from])
	slices.Reverse(page)
	return page
}
