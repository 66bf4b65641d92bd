package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// late is the id of a CREATED action on the third page of the account.
func late(server *sandbox.Server) string {
	actions := server.Actions(account)[500:]
	return actions[slices.IndexFunc(actions, func(action wrapper.ContractAction) bool { return action.Status == wrapper.StatusCreated })].ID
}

func TestWaitReturnsOnceTheActionHasEnded(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		var seen []wrapper.ContractActionStatus
		started := time.Now()
		action, err := client.Wait(t.Context(), account, late(server), wrapper.OnPoll(func(action wrapper.ContractAction) { seen = append(seen, action.Status) }))
		if seen = slices.Compact(seen); err != nil || action.ID == "" || !slices.Contains([]wrapper.ContractActionStatus{wrapper.StatusCompleted, wrapper.StatusFailed}, action.Status) {
			t.Fatalf("got %+v and the error %v", action, err)
		}
		if len(seen) < 2 || seen[len(seen)-1] != action.Status {
			t.Errorf("seen were %v", seen)
		}
		// Three pages for the first look, one for each other.
		if waited := time.Since(started); waited > 3*time.Minute || server.ActionRequests() > 3+15 {
			t.Errorf("%d requests in %v", server.ActionRequests(), waited)
		}
	}, sandbox.WithGeneratedAccount(account, 600), sandbox.WithProgress(time.Minute))
}

func TestWaitReturnsAtOnceWhatHasEnded(t *testing.T) {
	server := sandbox.Start(t)
	actions := server.Actions(account)
	failed := actions[slices.IndexFunc(actions, func(action wrapper.ContractAction) bool { return action.Status == wrapper.StatusFailed })]
	if action, err := newClient(t, server).Wait(t.Context(), account, failed.ID); err != nil || action.Status != wrapper.StatusFailed {
		t.Errorf("got %+v and the error %v, want it FAILED and no error", action, err)
	}
}

func TestWaitForWhatDoesNotExistIsAnErrorAtOnce(t *testing.T) {
	server := sandbox.Start(t)
	_, err := newClient(t, server).Wait(t.Context(), account, "no-such-id")
	if !errors.Is(err, wrapper.ErrActionNotFound) || server.ActionRequests() != 2 || !strings.Contains(err.Error(), `"no-such-id"`) {
		t.Errorf("the error is %v after %d requests, want ErrActionNotFound after 2", err, server.ActionRequests())
	}
	if _, err := newClient(t, server).Wait(t.Context(), "not-mine", "1"); !errors.Is(err, wrapper.ErrNotFound) {
		t.Errorf("the error is %v, want a 404", err)
	}
}

func TestWaitFindsAnActionThatHasMoved(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		looks := 0
		action, err := client.Wait(t.Context(), account, late(server), wrapper.OnPoll(func(action wrapper.ContractAction) {
			if looks++; looks == 1 {
				action.Status = wrapper.StatusCompleted
				server.Put(account, action)
				// The page that had it is empty for once.
				server.Fail(sandbox.Fault{Rewrite: rewriteJSON(func(page map[string]any) { delete(page, "_embedded"); delete(page, "count") })})
			}
		}))
		if err != nil || action.Status != wrapper.StatusCompleted || looks != 2 {
			t.Errorf("got %+v after %d looks and the error %v", action, looks, err)
		}
	}, sandbox.WithGeneratedAccount(account, 600))
}

func TestWaitWithTheLongestPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		created := wrapper.ContractAction{ID: "1", ActionType: wrapper.TypeNew, Status: wrapper.StatusCreated}
		client := newClientInProcess(t, sandbox.New(sandbox.WithAccount(account, created)))
		for _, first := range []time.Duration{time.Second, math.MaxInt64/2 + 1, math.MaxInt64} {
			ctx, cancel := context.WithTimeout(t.Context(), 10*365*24*time.Hour)
			looks := 0
			_, err := client.Wait(ctx, account, "1", wrapper.PollInterval(first, math.MaxInt64), wrapper.OnPoll(func(wrapper.ContractAction) { looks++ }))
			if most := 1 + int(100*time.Second/first); !errors.Is(err, context.DeadlineExceeded) || looks > most {
				t.Errorf("%v: the error is %v after %d looks, want the deadline after %d at most", first, err, looks, most)
			}
			cancel()
		}
	})
}

func TestWaitOutlastsAFailureThatPasses(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		looks := 0
		must(client.Wait(t.Context(), account, "123245132132", wrapper.OnPoll(func(wrapper.ContractAction) {
			if looks++; looks == 1 { // two looks, with all their repetitions
				server.Fail(slices.Repeat([]sandbox.Fault{{Status: 503}}, 8)...)
			}
		})))(t)
	}, sandbox.WithProgress(time.Minute))
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		server.Fail(sandbox.Fault{}, sandbox.Fault{Status: 403})
		action, err := client.Wait(t.Context(), account, "123245132132")
		if !errors.Is(err, wrapper.ErrForbidden) || action.ID == "" {
			t.Errorf("got %+v and the error %v, want the action and a 403", action, err)
		}
	}, sandbox.WithGeneratedAccount(account, 120))
}

func TestOptionsOfWaitThatMakeNoSense(t *testing.T) {
	client := newClient(t, sandbox.Start(t))
	for name, option := range map[string]wrapper.WaitOption{
		"no pause":                   wrapper.PollInterval(0, time.Second),
		"longest shorter than first": wrapper.PollInterval(time.Minute, time.Second),
		"nobody to tell":             wrapper.OnPoll(nil),
		"nothing":                    nil,
	} {
		if _, err := client.Wait(t.Context(), account, "1", option); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestWaitForSeveralPollsThemTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sandbox.WithGeneratedAccount(account, 600), sandbox.WithProgress(time.Minute))
		var ids []string
		for _, action := range server.Actions(account)[:200] {
			ids = append(ids, action.ID)
			action.Status = wrapper.StatusInProgress // others may have no end
			server.Put(account, action)
		}
		seen := map[string]int{}
		ids = append(ids, ids[0], "no-such-id")
		for action, err := range newClientInProcess(t, server).WaitFor(t.Context(), account, ids) {
			if notFound := errors.Is(err, wrapper.ErrActionNotFound); notFound != (action.ID == "no-such-id") || !notFound && err != nil {
				t.Errorf("got %+v and the error %v", action, err)
			}
			if err == nil && action.Status != wrapper.StatusCompleted && action.Status != wrapper.StatusFailed {
				t.Errorf("%s has not ended: it is %s", action.ID, action.Status)
			}
			seen[action.ID]++
		}
		for id, times := range seen {
			if times != 1 {
				t.Errorf("%q was delivered %d times", id, times)
			}
		}
		// Three pages to find that one does not exist, one for each other poll.
		if len(seen) != 201 || server.ActionRequests() > 3+15 {
			t.Errorf("%d were delivered, from %d requests", len(seen), server.ActionRequests())
		}
	})
}

func TestWaitForSeveralEndsEachWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sandbox.WithGeneratedAccount(account, 0))
		var ids []string
		for i := range 3 {
			ids = append(ids, fmt.Sprint(i))
			server.Put(account, wrapper.ContractAction{ID: ids[i], ActionType: wrapper.TypeNew, Status: wrapper.StatusCreated})
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		ended, started := 0, time.Now()
		for action, err := range newClientInProcess(t, server).WaitFor(ctx, account, ids, wrapper.PollPerPage(2)) {
			if ended++; !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(fmt.Sprint(err), "the status was CREATED") || action.Status != wrapper.StatusCreated {
				t.Errorf("got %+v and the error %v", action, err)
			}
		}
		// They are on two pages.
		if waited, polls := time.Since(started), server.ActionRequests()/2; ended != 3 || waited != time.Hour || polls > 200 || polls < 90 {
			t.Errorf("%d ended after %d polls in %v, want 3", ended, polls, waited)
		}
	})
}

func TestActionIsFoundOnTheFirstPageThatHasIt(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 600))
	client := newClient(t, server)
	for position, requests := range map[int]int{0: 1, 249: 1, 250: 2, 599: 3} {
		want, before := server.Actions(account)[position], server.ActionRequests()
		got, err := client.Action(t.Context(), account, want.ID)
		if err != nil || got.ID != want.ID || got.Status != want.Status || server.ActionRequests()-before != requests {
			t.Errorf("%d: got %+v from %d requests and the error %v, want %d", position, got, server.ActionRequests()-before, err, requests)
		}
	}
	if _, err := client.Action(t.Context(), account, "no-such-id"); !errors.Is(err, wrapper.ErrActionNotFound) || !strings.Contains(err.Error(), account) {
		t.Errorf("the error is %v", err)
	}
	if _, err := client.Action(t.Context(), "not-mine", "1"); !errors.Is(err, wrapper.ErrNotFound) {
		t.Errorf("the error is %v", err)
	}
}
