package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// late is the id of a CREATED action on the third page of the account.
func late(server *sandbox.Server) string {
	for _, action := range server.Actions(account)[500:] {
		if action.Status == wrapper.StatusCreated {
			return action.ID
		}
	}
	panic("no such action")
}

func TestWaitReturnsOnceTheActionHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sandbox.WithGeneratedAccount(account, 600), sandbox.WithProgress(time.Minute))
		client := newClientInProcess(t, server)
		var seen []wrapper.ContractActionStatus
		started := time.Now()
		action, err := client.Wait(t.Context(), account, late(server), wrapper.OnPoll(func(action wrapper.ContractAction) {
			if len(seen) == 0 || seen[len(seen)-1] != action.Status {
				seen = append(seen, action.Status)
			}
		}))
		if err != nil || action.ID == "" || (action.Status != wrapper.StatusCompleted && action.Status != wrapper.StatusFailed) {
			t.Fatalf("got %+v and the error %v", action, err)
		}
		if len(seen) < 2 || seen[len(seen)-1] != action.Status {
			t.Errorf("seen were %v", seen)
		}
		// Three pages for the first look, one for each other.
		if waited := time.Since(started); waited > 3*time.Minute || server.ActionRequests() > 3+15 {
			t.Errorf("%d requests in %v", server.ActionRequests(), waited)
		}
	})
}

func TestWaitReturnsAtOnceWhatHasEnded(t *testing.T) {
	server := sandbox.Start(t)
	for _, listed := range server.Actions(account) {
		if listed.Status != wrapper.StatusFailed {
			continue
		}
		action, err := newClient(t, server).Wait(t.Context(), account, listed.ID)
		if err != nil || action.Status != wrapper.StatusFailed {
			t.Errorf("got %+v and the error %v, want it FAILED and no error", action, err)
		}
		return
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
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sandbox.WithGeneratedAccount(account, 600))
		client := newClientInProcess(t, server)
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
	})
}

func TestWaitEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		created := wrapper.ContractAction{ID: "1", ActionType: wrapper.TypeNew, Status: wrapper.StatusCreated}
		server := sandbox.New(sandbox.WithAccount(account, created))
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		started := time.Now()
		action, err := newClientInProcess(t, server).Wait(ctx, account, "1")
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(fmt.Sprint(err), "the status was CREATED") || action.Status != wrapper.StatusCreated {
			t.Errorf("got %+v and the error %v", action, err)
		}
		if waited := time.Since(started); waited != time.Hour || server.ActionRequests() > 200 || server.ActionRequests() < 90 {
			t.Errorf("%d requests in %v", server.ActionRequests(), waited)
		}
	})
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
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sandbox.WithProgress(time.Minute))
		client := newClientInProcess(t, server)
		looks := 0
		if _, err := client.Wait(t.Context(), account, "123245132132", wrapper.OnPoll(func(wrapper.ContractAction) {
			if looks++; looks == 1 {
				for range 8 { // two looks, with all their repetitions
					server.Fail(sandbox.Fault{Status: 503})
				}
			}
		})); err != nil {
			t.Error(err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sandbox.WithGeneratedAccount(account, 120))
		server.Fail(sandbox.Fault{}, sandbox.Fault{Status: 403})
		action, err := newClientInProcess(t, server).Wait(t.Context(), account, "123245132132")
		if !errors.Is(err, wrapper.ErrForbidden) || action.ID == "" {
			t.Errorf("got %+v and the error %v, want the action and a 403", action, err)
		}
	})
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
