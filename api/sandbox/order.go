package sandbox

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// maxViews bounds the memory for the views of an account. A client can send any
// number of filters.
const maxViews = 8

// selection determines which actions are listed and in which order.
type selection struct {
	order      gen.ContractActionOrder
	expression string // of the filter; "" selects all
	matches    filter // nil selects all
}

// field returns the name of the field that the order sorts by.
func (s selection) field() string {
	field, _, _ := strings.Cut(string(s.order), ":")
	return field
}

func (s selection) descending() bool { return strings.HasSuffix(string(s.order), ":desc") }

// key identifies the view of a selection. Both directions share a view.
func (s selection) key() viewKey { return viewKey{s.field(), s.expression} }

type viewKey struct{ field, expression string }

// view is the sorted result of a selection. It is cached, so that a long list is
// not sorted again for each page.
type view struct {
	ascending []int // positions in account.actions
	// until is when the status of an action changes next, which makes the view
	// outdated. It is zero if no status changes.
	until time.Time
}

func (v view) isCurrent(now time.Time) bool {
	return v.until.IsZero() || now.Before(v.until)
}

// newView sorts the actions that match. Of two actions with the same value, the one
// added later comes later in ascending order.
func newView(tracked []trackedAction, selected selection, now time.Time, interval time.Duration) view {
	var v view
	sortedBy := make([]any, len(tracked))
	field, isField := fields[selected.field()]
	var action gen.ContractAction // outside of the loop, because it escapes
	var next time.Time
	for i := range tracked {
		action, next = tracked[i].at(now, interval)
		if !next.IsZero() && (v.until.IsZero() || next.Before(v.until)) {
			v.until = next
		}
		if selected.matches != nil && !selected.matches(&action) {
			continue
		}
		v.ascending = append(v.ascending, i)
		if isField {
			sortedBy[i] = field.Value(&action)
		}
	}
	slices.SortFunc(v.ascending, func(i, j int) int {
		return cmp.Or(compareFields(sortedBy[i], sortedBy[j]), cmp.Compare(i, j))
	})
	return v
}

// compareFields compares two values of the same field. Missing values come first,
// and those of a type without an order are equal.
func compareFields(a, b any) int {
	switch b := b.(type) {
	case nil:
		if a != nil {
			return 1
		}
	case time.Time:
		a, _ := a.(time.Time)
		return a.Compare(b)
	case string:
		a, _ := a.(string)
		return cmp.Compare(a, b)
	case int64:
		a, ok := a.(int64)
		if !ok {
			return -1
		}
		return cmp.Compare(a, b)
	}
	return 0
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
