package wrapper_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

var firstUpdate = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)

// updatedHourly are n contract actions, updated one an hour after the other.
// The latest update belongs to the one that was created as the given one of n.
func updatedHourly(n int, latest int) []wrapper.ContractAction {
	actions := make([]wrapper.ContractAction, n)
	for i := range actions {
		actions[i] = wrapper.ContractAction{
			ID: fmt.Sprint(i), ActionType: wrapper.TypeNew, Status: wrapper.StatusCompleted, StatusMessage: "Done.",
			CreatedAt: firstUpdate.Add(time.Duration(i) * time.Hour), UpdatedAt: firstUpdate.Add(time.Duration(i) * time.Hour),
		}
	}
	actions[latest].UpdatedAt = firstUpdate.Add(time.Duration(n) * time.Hour)
	return actions
}

func TestStopBeforeReadsNoFurtherThanItHasTo(t *testing.T) {
	// The action that was created first was updated last. Whatever the service
	// does with order_by, it has to be among those that are delivered.
	shuffled, sorted := updatedHourly(1000, 0), updatedHourly(1000, 999)
	same := slices.Clone(sorted)
	for i := range same {
		same[i].UpdatedAt, same[i].CreatedAt = firstUpdate, firstUpdate
	}
	outOfOrder := sandbox.Fault{Rewrite: rewriteJSON(func(page map[string]any) {
		slices.Reverse(page["_embedded"].(map[string]any)["contract_actions"].([]any))
	})}
	honoured := sandbox.WithSeed(0)
	for name, test := range map[string]struct {
		actions  []wrapper.ContractAction
		service  sandbox.Option
		faults   [2][]sandbox.Fault // of the first listing and of the next one
		requests [2]int             // of the first with the one that verifies the order
		event    wrapper.EventKind
	}{
		"a service that honours the order": {shuffled, honoured, [2][]sandbox.Fault{}, [2]int{2, 1}, ""},
		"one that ignores it":              {shuffled, sandbox.WithIgnoredParameters("order_by"), [2][]sandbox.Fault{}, [2]int{1 + 4, 4}, wrapper.EventOrderIgnored},
		"one that refuses it":              {shuffled, sandbox.WithRefusedParameters("order_by"), [2][]sandbox.Fault{}, [2]int{1 + 20, 20}, wrapper.EventPreferencesRefused},
		// Even where the order was verified before.
		"a page out of order": {sorted, honoured, [2][]sandbox.Fault{1: {outOfOrder}}, [2]int{2, 4}, wrapper.EventOrderIgnored},
		// Where all were updated at the same time, no order can be seen to be honoured.
		"no order to be seen": {same, honoured, [2][]sandbox.Fault{}, [2]int{4, 4}, ""},
		// Then the list is read on, and what is wrong with the service shows there.
		"an order that cannot be verified": {sorted, honoured, [2][]sandbox.Fault{{{}, {Status: 403}}}, [2]int{4, 1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithAccount(account, test.actions...), test.service)
			observe, events := counted()
			client := newClient(t, server, observe)
			before := firstUpdate.Add(980 * time.Hour)
			older := func(action wrapper.ContractAction) bool { return action.UpdatedAt.Before(before) }
			byID := func(a, b wrapper.ContractAction) int { return strings.Compare(a.ID, b.ID) }
			want := slices.SortedFunc(slices.Values(slices.DeleteFunc(slices.Clone(test.actions), older)), byID)
			for i, requests := range test.requests {
				server.Fail(test.faults[i]...)
				made := server.ActionRequests()
				actions := must(collect(client.Actions(t.Context(), account, wrapper.NoPrefetch(), wrapper.StopBefore(before))))(t)
				got := slices.SortedFunc(slices.Values(slices.DeleteFunc(actions, older)), byID)
				if !slices.EqualFunc(got, want, func(a, b wrapper.ContractAction) bool { return a.ID == b.ID }) {
					t.Errorf("got %v, want %v", got, want)
				}
				if made = server.ActionRequests() - made; made != requests {
					t.Errorf("%d requests, want %d", made, requests)
				}
			}
			if test.event != "" && events[test.event] != 1 {
				t.Errorf("the events are %v, want one %q", events, test.event)
			}
		})
	}
}

func TestTheLastPageOfAnAccountIsTheOneThatReachesBack(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount("a", updatedHourly(600, 599)...), sandbox.WithAccount("b", updatedHourly(600, 599)...))
	last := map[string]int{}
	pages := newClient(t, server).PagesOf(t.Context(), slices.Values([]string{"a", "b"}), wrapper.StopBefore(firstUpdate.Add(590*time.Hour)))
	for _, page := range must(collect(pages))(t) {
		if page.Page.Last {
			last[page.AccountID] += len(page.Page.Actions)
		}
	}
	if last["a"] != 250 || last["b"] != 250 {
		t.Errorf("the last pages have %v contract actions, want 250 each", last)
	}
}
