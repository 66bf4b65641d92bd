package wrapper_test

import (
	"fmt"
	"maps"
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
		// Then the list is read on, what is wrong with the service shows there, and the front is read again.
		"an order that cannot be verified": {sorted, honoured, [2][]sandbox.Fault{{{}, {Status: 403}}}, [2]int{5, 1}, ""},
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

func TestTheFrontIsReadAgainWithoutRefusedPreferences(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount(account, updatedHourly(1000, 999)...), sandbox.WithRefusedParameters("filter"))
	must(collect(newClient(t, server).Actions(t.Context(), account, wrapper.PerPage(100), wrapper.StopBefore(firstUpdate.Add(500*time.Hour)),
		wrapper.OrderBy(wrapper.UpdatedAtDescending), wrapper.Prefer(wrapper.Filter("status eq 'COMPLETED'")))))(t)
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

// What is updated while several pages are read moves to the front of the list, and
// moves what is in between to later pages.
func TestStopBeforeFindsWhatIsUpdatedDuringTheListing(t *testing.T) {
	for name, updated := range map[string][]int{
		"an unread one":                     {300},
		"one that was read":                 {10},
		"the one at the page's end":         {250},
		"several":                           {10, 300, 450, 501},
		"one that was not recently updated": {900},
	} {
		t.Run(name, func(t *testing.T) {
			actions := updatedHourly(1000, 999)
			server := sandbox.Start(t, sandbox.WithAccount(account, actions...))
			since := firstUpdate.Add(400 * time.Hour) // 600 contract actions
			delivered, want, newest := map[string]int{}, map[string]int{}, map[string]time.Time{}
			for page, err := range newClient(t, server).Pages(t.Context(), account, wrapper.NoPrefetch(), wrapper.StopBefore(since)) {
				if err != nil {
					t.Fatal(err)
				}
				for _, action := range page.Actions {
					if !action.UpdatedAt.Before(since) {
						delivered[action.ID]++
						newest[action.ID] = action.UpdatedAt
					}
				}
				for i, n := range updated {
					if action := actions[len(actions)-1-n]; page.Number == 1 && len(page.Actions) == 250 {
						action.UpdatedAt = firstUpdate.Add(time.Duration(2000+i) * time.Hour)
						server.Put(account, action)
					}
				}
			}
			for i := range 600 {
				want[actions[len(actions)-1-i].ID] = 1
			}
			for i, n := range updated {
				id := actions[len(actions)-1-n].ID
				if want[id]++; n >= 250 {
					want[id] = 1 // not delivered before it was updated
				}
				if latest := firstUpdate.Add(time.Duration(2000+i) * time.Hour); !newest[id].Equal(latest) {
					t.Errorf("%s was last delivered as of %v, want %v", id, newest[id], latest)
				}
			}
			if !maps.Equal(delivered, want) {
				t.Errorf("delivered %d contract actions, want %d, each once for each update", len(delivered), len(want))
			}
		})
	}
}

// Those that were updated at the same instant fill several pages.
func TestChangesOfOneInstantAreReadTwiceAtMost(t *testing.T) {
	actions := updatedHourly(40, 39)
	for i := range 10 {
		actions[39-i].UpdatedAt = actions[39].UpdatedAt
	}
	server := sandbox.Start(t, sandbox.WithAccount(account, actions...))
	changes, err := collect(newClient(t, server).Changes(t.Context(), account, actions[39].UpdatedAt, wrapper.PerPage(4)))
	if err != nil || len(changes) != 10 || server.ActionRequests() > 2*3+1 {
		t.Errorf("%d changes from %d requests and the error %v, want 10 from 7 at most", len(changes), server.ActionRequests(), err)
	}
}

func TestChangesAreThoseSinceATime(t *testing.T) {
	actions := updatedHourly(600, 0)
	actions[599].UpdatedAt = actions[598].UpdatedAt // two in the same instant
	for name, test := range map[string]struct {
		since         time.Time
		changes, most int
	}{
		"nothing":           {actions[0].UpdatedAt.Add(1), 0, 2},
		"the latest":        {actions[0].UpdatedAt, 1, 2},
		"the same instant":  {actions[598].UpdatedAt, 3, 2},
		"some":              {actions[500].UpdatedAt, 101, 2},
		"more than a page":  {actions[200].UpdatedAt, 401, 4},
		"all, since a time": {firstUpdate, 600, 5},
		"all":               {time.Time{}, 600, 5},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithAccount(account, actions...))
			changes, err := collect(newClient(t, server).Changes(t.Context(), account, test.since))
			if err != nil || len(changes) != test.changes || server.ActionRequests() > test.most {
				t.Errorf("%d changes from %d requests and the error %v, want %d from at most %d", len(changes), server.ActionRequests(), err, test.changes, test.most)
			}
			if !slices.IsSortedFunc(changes, func(a, b wrapper.ContractAction) int { return b.UpdatedAt.Compare(a.UpdatedAt) }) {
				t.Error("they are not in order")
			}
		})
	}
}

func TestChangesOfSeveralAccountsAreSinceTheTimeOfEach(t *testing.T) {
	names := []string{"everything", "some", "nothing"}
	since := map[string]time.Time{
		"everything": time.Unix(0, 0), "some": firstUpdate.Add(590 * time.Hour), "nothing": firstUpdate.Add(9000 * time.Hour), "plain": {},
	}
	var accounts []sandbox.Option
	for name := range since {
		accounts = append(accounts, sandbox.WithAccount(name, updatedHourly(600, 0)...))
	}
	server := sandbox.Start(t, accounts...)
	client := newClient(t, server)
	got, first := map[string]int{}, map[string]string{}
	for _, page := range must(collect(client.ChangesOf(t.Context(), maps.All(since))))(t) {
		for _, action := range page.Page.Actions {
			if first[page.AccountID] == "" {
				first[page.AccountID] = action.ID
			}
			if !action.UpdatedAt.Before(since[page.AccountID]) {
				got[page.AccountID]++
			}
		}
	}
	if want := map[string]int{"everything": 600, "some": 11, "plain": 600}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, name := range names {
		if first[name] != "0" {
			t.Errorf("%s begins with %s, not with the latest update", name, first[name])
		}
	}
	one := maps.All(map[string]time.Time{"some": firstUpdate})
	_, err := collect(client.ChangesOf(t.Context(), one, wrapper.OrderBy(wrapper.CreatedAtAscending)))
	if err == nil || !strings.Contains(err.Error(), "StopBefore requires the order") {
		t.Errorf("with a different order: %v", err)
	}
	if _, err = collect(client.ChangesOf(t.Context(), nil)); err == nil || !strings.Contains(err.Error(), "is nil") {
		t.Errorf("without accounts: %v", err)
	}
}
