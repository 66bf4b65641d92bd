package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/wire"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// ids are account ids 1 to n.
func ids(n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range n {
			if !yield(fmt.Sprint("account-", i+1)) {
				return
			}
		}
	}
}

// withAccounts gives each of them its own number of contract actions.
func withAccounts(n int) []sandbox.Option {
	var options []sandbox.Option
	for id := range ids(n) {
		options = append(options, sandbox.WithGeneratedAccount(id, 30*len(options)))
	}
	return options
}

func TestEveryActionOfEveryAccountArrivesOnceAndInOrder(t *testing.T) {
	for _, concurrency := range []int{1, 3, 100} {
		server := sandbox.Start(t, withAccounts(12)...)
		server.Fail(sandbox.Fault{Status: 503}, sandbox.Fault{Drop: true}, sandbox.Fault{Status: 401})
		got := map[string][]wrapper.ContractAction{}
		for _, action := range must(collect(newClient(t, server).ActionsOf(t.Context(), ids(12), wrapper.Concurrency(concurrency))))(t) {
			got[action.AccountID] = append(got[action.AccountID], action.Action)
		}
		for id := range ids(12) {
			want := server.Actions(id)
			slices.Reverse(want) // listed oldest first
			if !slices.EqualFunc(got[id], want, func(a, b wrapper.ContractAction) bool { return a.ID == b.ID }) {
				t.Errorf("concurrency %d: %s has %d contract actions, want %d in order", concurrency, id, len(got[id]), len(want))
			}
		}
	}
}

func TestAnAccountThatFailsDoesNotEndTheOthers(t *testing.T) {
	server := sandbox.Start(t, append(withAccounts(5), sandbox.WithForbiddenAccount("account-2"))...)
	all := slices.Values(append(slices.Collect(ids(5)), "../account-1", "account-6"))
	got := map[string]error{}
	for page, err := range newClient(t, server).PagesOf(t.Context(), all) {
		if failure, ok := errors.AsType[*wrapper.AccountError](err); ok && strings.Contains(err.Error(), fmt.Sprintf("of account %q", failure.AccountID)) {
			got[failure.AccountID] = failure.Err
		} else if err != nil {
			t.Fatal(err)
		} else if page.Page.Last {
			got[page.AccountID] = nil
		}
	}
	for id, want := range map[string]error{
		"account-1": nil, "account-2": wrapper.ErrForbidden, "account-3": nil, "account-4": nil, "account-5": nil,
		"../account-1": wrapper.ErrInvalidAccountID, "account-6": wrapper.ErrNotFound,
	} {
		if err, ended := got[id]; !ended || !errors.Is(err, want) || len(got) != 7 {
			t.Errorf("%s: the error is %v, want %v", id, err, want)
		}
	}
}

func TestTheLastPageOfAnAccountIsToldFromOneThatAnErrorFollows(t *testing.T) {
	keep := func(map[string]any) {}
	for name, test := range map[string]struct {
		edit     func(page map[string]any) // the third page
		maxPages int
		want     string // of each page whether it is the last, and whether an error comes
	}{
		"a whole list":              {keep, 9, "false false true"},
		"no more pages than wanted": {keep, 2, "false false"},
		"as many pages as wanted":   {keep, 3, "false false true"},
		"a list that is short":      {func(page map[string]any) { page["total"] = 8 }, 9, "false false false error"},
		"a link that leads nowhere": {func(page map[string]any) {
			page["_links"] = map[string]any{"next": map[string]any{"href": "https://elsewhere.test/"}}
		}, 9, "false false false error"},
	} {
		server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 5))
		server.Fail(sandbox.Fault{}, sandbox.Fault{}, sandbox.Fault{Rewrite: rewriteJSON(test.edit)})
		got := ""
		for page, err := range newClient(t, server).PagesOf(t.Context(), slices.Values([]string{account}), wrapper.PerPage(2), wrapper.MaxPages(test.maxPages)) {
			if err != nil {
				got += " error"
			} else {
				got += fmt.Sprint(" ", page.Page.Last)
			}
		}
		if got != " "+test.want {
			t.Errorf("%s: got%s, want %s", name, got, test.want)
		}
	}
}

func TestNoMoreAccountsThanAllowedAreUnderWay(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, _ *wrapper.Client) {
		var underWay, most atomic.Int32
		client := newClientInProcess(t, server, wrapper.WithHTTPClient(&http.Client{Transport: roundTripper(func(request *http.Request) (*http.Response, error) {
			most.Store(max(most.Load(), underWay.Add(1)))
			defer underWay.Add(-1)
			time.Sleep(time.Second)
			return wire.InProcess{Handler: server}.RoundTrip(request)
		})}))
		must(collect(client.ActionsOf(t.Context(), ids(20), wrapper.Concurrency(4))))(t)
		if most.Load() != 4 {
			t.Errorf("%d requests at a time, want 4", most.Load())
		}
	}, withAccounts(20)...)
}

func TestAccountsAreNotReadFurtherAheadThanNeeded(t *testing.T) {
	inBubble(t, func(t *testing.T, _ *sandbox.Server, client *wrapper.Client) {
		taken := 0
		counted := func(yield func(string) bool) {
			for id := range ids(20) {
				if taken++; !yield(id) {
					return
				}
			}
		}
		for range client.PagesOf(t.Context(), counted, wrapper.Concurrency(4)) {
			synctest.Wait()
			break
		}
		if taken > 6 { // four under way, one for which the first has made room, and one that waits
			t.Errorf("%d ids were taken", taken)
		}
	}, withAccounts(20)...)
}

func TestLeavingTheLoopOverAccountsLeavesNothingBehind(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) { // which fails if a goroutine is left
		server.Fail(sandbox.Fault{}, sandbox.Fault{Delay: time.Hour})
		before := time.Now()
		for range client.PagesOf(t.Context(), ids(20)) {
			break
		}
		if time.Since(before) != 0 {
			t.Error("leaving waited for a request")
		}
	}, withAccounts(20)...)
}

func TestACancelledContextIsNotTheEndOfTheAccounts(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		server.Fail(slices.Repeat([]sandbox.Fault{{Delay: time.Second}}, 100)...)
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		var last error
		broken := 0
		for _, err := range client.PagesOf(ctx, ids(20), wrapper.Concurrency(3)) {
			if last = err; errors.As(err, new(*wrapper.AccountError)) {
				broken++
			}
		}
		if errors.As(last, new(*wrapper.AccountError)) || !errors.Is(last, context.DeadlineExceeded) || !strings.Contains(last.Error(), "not every account was started") {
			t.Errorf("the last error is %v", last)
		}
		if broken != 3 {
			t.Errorf("%d accounts broke off, want the 3 that were under way", broken)
		}
	}, withAccounts(20)...)
}

func TestAPanicOfTheAccountIDsIsTheCallersToRecover(t *testing.T) {
	client, _ := newClientOfBodies(t, pageWith())
	panics(t, func() { _, _ = collect(client.PagesOf(t.Context(), func(func(string) bool) { panic("oops") })) })
}

// panics fails the test unless the call panics with "oops".
func panics(t *testing.T, call func()) {
	t.Helper()
	defer func() {
		if recovered := recover(); recovered != "oops" {
			t.Errorf("recovered %v", recovered)
		}
	}()
	call()
}
