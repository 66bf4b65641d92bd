package wrapper_test

import (
	"fmt"
	"slices"
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
	actions := updatedHourly(1000, 0)
	var recent []string
	for i := 980; i < 1000; i++ {
		recent = append(recent, fmt.Sprint(i))
	}
	recent = append(recent, "0")
	slices.Sort(recent)

	for name, test := range map[string]struct {
		service  sandbox.Option
		requests int // of the first listing: with the one that verifies the order
		again    int // of the next one
		event    wrapper.EventKind
	}{
		"a service that honours the order": {sandbox.WithSeed(0), 2, 1, ""},
		"one that ignores it":              {sandbox.WithIgnoredParameters("order_by"), 1 + 4, 4, wrapper.EventOrderIgnored},
		"one that refuses it":              {sandbox.WithRefusedParameters("order_by"), 1 + 20, 20, wrapper.EventPreferencesRefused},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithAccount(account, actions...), test.service)
			observe, events := counted()
			client := newClient(t, server, observe)
			for _, requests := range []int{test.requests, test.again} {
				before := server.ActionRequests()
				var ids []string
				for _, action := range must(collect(client.Actions(t.Context(), account, wrapper.StopBefore(firstUpdate.Add(980*time.Hour)))))(t) {
					if !action.UpdatedAt.Before(firstUpdate.Add(980 * time.Hour)) {
						ids = append(ids, action.ID)
					}
				}
				slices.Sort(ids)
				if !slices.Equal(ids, recent) {
					t.Errorf("got %v, want %v", ids, recent)
				}
				if made := server.ActionRequests() - before; made != requests {
					t.Errorf("%d requests, want %d", made, requests)
				}
			}
			if test.event != "" && events[test.event] != 1 {
				t.Errorf("the events are %v, want one %q", events, test.event)
			}
		})
	}
}

// A page that is out of order ends the shortcut, even where the order was
// verified before.
func TestAPageOutOfOrderEndsTheShortcut(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount(account, updatedHourly(1000, 999)...))
	observe, events := counted()
	client := newClient(t, server, observe)
	list := func() (requests int) {
		before := server.ActionRequests()
		must(collect(client.Pages(t.Context(), account, wrapper.StopBefore(firstUpdate.Add(980*time.Hour)))))(t)
		return server.ActionRequests() - before
	}
	if requests := list(); requests != 2 {
		t.Errorf("%d requests, want the page and the one that verifies the order", requests)
	}
	server.Fail(sandbox.Fault{Rewrite: rewriteJSON(func(page map[string]any) {
		actions := page["_embedded"].(map[string]any)["contract_actions"].([]any)
		slices.Reverse(actions)
	})})
	if requests := list(); requests != 4 || events[wrapper.EventOrderIgnored] != 1 {
		t.Errorf("%d requests and the events %v, want all four pages and one %q", requests, events, wrapper.EventOrderIgnored)
	}
}

// Where all were updated at the same time, no order can be seen to be honoured.
func TestStopBeforeReadsOnWhereNoOrderCanBeSeen(t *testing.T) {
	actions := updatedHourly(600, 0)
	for i := range actions {
		actions[i].UpdatedAt = firstUpdate
		actions[i].CreatedAt = firstUpdate
	}
	server := sandbox.Start(t, sandbox.WithAccount(account, actions...))
	got, err := collect(newClient(t, server).Actions(t.Context(), account, wrapper.StopBefore(firstUpdate.Add(time.Hour))))
	if err != nil || len(got) != 600 || server.ActionRequests() != 3 {
		t.Errorf("got %d contract actions from %d requests and the error %v, want 600 from 3", len(got), server.ActionRequests(), err)
	}
}

// If the order cannot be verified, the list is read on, and what is wrong with
// the service shows there.
func TestAnOrderThatCannotBeVerifiedIsNotTrusted(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount(account, updatedHourly(600, 599)...))
	server.Fail(sandbox.Fault{}, sandbox.Fault{Status: 403})
	got, err := collect(newClient(t, server).Actions(t.Context(), account, wrapper.NoPrefetch(), wrapper.StopBefore(firstUpdate.Add(590*time.Hour))))
	if err != nil || len(got) != 500 {
		t.Errorf("got %d contract actions and the error %v, want two pages of 250: the second verification succeeds", len(got), err)
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
