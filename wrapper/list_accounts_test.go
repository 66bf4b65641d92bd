package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
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
		got := map[string][]string{}
		for action, err := range newClient(t, server).ActionsOf(t.Context(), ids(12), wrapper.Concurrency(concurrency)) {
			if err != nil {
				t.Fatal(err)
			}
			got[action.AccountID] = append(got[action.AccountID], action.Action.ID)
		}
		for id := range ids(12) {
			var want []string
			for _, action := range server.Actions(id) {
				want = append(want, action.ID)
			}
			slices.Reverse(want) // listed oldest first
			if !slices.Equal(got[id], want) {
				t.Errorf("concurrency %d: of %s came %d contract actions, want %d in order", concurrency, id, len(got[id]), len(want))
			}
		}
	}
}

func TestAnAccountThatFailsDoesNotEndTheOthers(t *testing.T) {
	options := append(withAccounts(5), sandbox.WithForbiddenAccount("account-2"))
	server := sandbox.Start(t, options...)
	all := slices.Values(append(slices.Collect(ids(5)), "../account-1", "account-6"))
	finished := map[string]bool{}
	failed := map[string]error{}
	for page, err := range newClient(t, server).PagesOf(t.Context(), all) {
		var failure *wrapper.AccountError
		switch {
		case errors.As(err, &failure):
			failed[failure.AccountID] = failure.Err
			if !strings.Contains(err.Error(), fmt.Sprintf("of account %q", failure.AccountID)) {
				t.Errorf("the error %q does not name the account", err)
			}
		case err != nil:
			t.Fatal(err)
		case page.Page.Last:
			finished[page.AccountID] = true
		}
	}
	if got := slices.Sorted(maps.Keys(finished)); fmt.Sprint(got) != "[account-1 account-3 account-4 account-5]" {
		t.Errorf("finished are %v", got)
	}
	if len(failed) != 3 || !errors.Is(failed["account-2"], wrapper.ErrForbidden) || !errors.Is(failed["../account-1"], wrapper.ErrInvalidAccountID) {
		t.Errorf("failed are %v", failed)
	}
}

func TestTheLastPageOfAnAccountIsToldFromOneThatAnErrorFollows(t *testing.T) {
	whole := func(body []byte) []byte { return body }
	tests := []struct {
		name    string
		rewrite func([]byte) []byte // of the third page
		options []wrapper.ListOption
		want    string // of each page whether it is the last, and whether an error comes
	}{
		{"a whole list", whole, nil, "false false true"},
		{"no more pages than wanted", whole, []wrapper.ListOption{wrapper.MaxPages(2)}, "false false"},
		{"as many pages as wanted", whole, []wrapper.ListOption{wrapper.MaxPages(3)}, "false false true"},
		{"a list that is short", rewriteJSON(func(page map[string]any) { page["total"] = 8 }), nil, "false false false error"},
		{"a link that leads nowhere", rewriteJSON(func(page map[string]any) {
			page["_links"] = map[string]any{"next": map[string]any{"href": "https://elsewhere.test/"}}
		}), nil, "false false false error"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 5))
			server.Fail(sandbox.Fault{}, sandbox.Fault{}, sandbox.Fault{Rewrite: test.rewrite})
			var got []string
			options := append(test.options, wrapper.PerPage(2))
			for page, err := range newClient(t, server).PagesOf(t.Context(), slices.Values([]string{account}), options...) {
				if err != nil {
					got = append(got, "error")
					continue
				}
				got = append(got, fmt.Sprint(page.Page.Last))
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestNoMoreAccountsThanAllowedAreUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(withAccounts(20)...)
		var underWay, most atomic.Int32
		client := newClientInProcess(t, server, wrapper.WithHTTPClient(&http.Client{Transport: roundTripper(func(request *http.Request) (*http.Response, error) {
			most.Store(max(most.Load(), underWay.Add(1)))
			defer underWay.Add(-1)
			time.Sleep(time.Second)
			return inProcess{server}.RoundTrip(request)
		})}))
		if _, err := collect(client.ActionsOf(t.Context(), ids(20), wrapper.Concurrency(4))); err != nil {
			t.Fatal(err)
		}
		if most.Load() != 4 {
			t.Errorf("%d requests at a time, want 4", most.Load())
		}
	})
}

func TestAccountsAreNotReadFurtherAheadThanNeeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newClientInProcess(t, sandbox.New(withAccounts(20)...))
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
	})
}

func TestLeavingTheLoopOverAccountsLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which fails if a goroutine is left
		server := sandbox.New(withAccounts(20)...)
		server.Fail(sandbox.Fault{}, sandbox.Fault{Delay: time.Hour})
		before := time.Now()
		for range newClientInProcess(t, server).PagesOf(t.Context(), ids(20)) {
			break
		}
		if time.Since(before) != 0 {
			t.Error("leaving waited for a request")
		}
	})
}

func TestACancelledContextIsNotTheEndOfTheAccounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(withAccounts(20)...)
		for range 100 {
			server.Fail(sandbox.Fault{Delay: time.Second})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		var last error
		broken := 0
		for _, err := range newClientInProcess(t, server).PagesOf(ctx, ids(20), wrapper.Concurrency(3)) {
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
	})
}

func TestOptionsThatMakeNoSenseForSeveralAccounts(t *testing.T) {
	client := newClient(t, sandbox.Start(t))
	for name, option := range map[string]wrapper.ListOption{
		"a link":         wrapper.From("?page=2"),
		"no concurrency": wrapper.Concurrency(0),
		"nothing":        nil,
	} {
		if actions, err := collect(client.ActionsOf(t.Context(), ids(3), option)); err == nil || len(actions) != 0 {
			t.Errorf("%s: got %d contract actions and no error", name, len(actions))
		}
	}
}

func TestAPanicAmongAccountsIsTheCallersToRecover(t *testing.T) {
	server := sandbox.Start(t, withAccounts(3)...)
	panicking := roundTripper(func(*http.Request) (*http.Response, error) { panic("oops") })
	tests := []struct {
		name     string
		accounts iter.Seq[string]
		options  []wrapper.Option
	}{
		{"of the transport", ids(3), []wrapper.Option{wrapper.WithHTTPClient(&http.Client{Transport: panicking})}},
		{"of the sequence", func(yield func(string) bool) { yield("account-1"); panic("oops") }, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				if recovered := recover(); recovered != "oops" {
					t.Errorf("recovered %v", recovered)
				}
			}()
			for range newClient(t, server, test.options...).PagesOf(t.Context(), test.accounts) {
			}
			t.Error("the loop ended")
		})
	}
}

// If every token is refused, that is not the fault of the accounts.
func TestAccountsAreNotStartedIfEveryTokenIsRefused(t *testing.T) {
	const unauthorized, noPermission = `{"code":"0011003","message":"Unauthorized"}`, `{"code":"3110001","message":"No permission"}`
	tests := []struct {
		name   string
		answer func(account int) *http.Response
		ends   bool
	}{
		{"all are refused", func(int) *http.Response { return jsonResponse(401, unauthorized) }, true},
		{"permission is missing", func(int) *http.Response { return jsonResponse(401, noPermission) }, false},
		{"every third is accepted", func(account int) *http.Response {
			if account%3 == 0 {
				return jsonResponse(200, `{"count":0}`)
			}
			return jsonResponse(401, unauthorized)
		}, false},
	}
	for _, test := range tests {
		for _, concurrency := range []int{1, 8} {
			if concurrency > 1 && !test.ends {
				continue // which of them come in a row is not certain
			}
			var requests atomic.Int32
			client := newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{Transport: roundTripper(func(request *http.Request) (*http.Response, error) {
				requests.Add(1)
				return test.answer(fixture(strconv.Atoi(strings.Split(request.URL.Path, "/")[3][len("account-"):]))), nil
			})}))
			var last error
			failed := 0
			for _, last = range client.PagesOf(t.Context(), ids(300), wrapper.Concurrency(concurrency)) {
				if last != nil {
					failed++
				}
			}
			var ofOne *wrapper.AccountError
			if ends := errors.Is(last, wrapper.ErrUnauthorized) && !errors.As(last, &ofOne); ends != test.ends {
				t.Errorf("%s, %d at a time: the last error is %v", test.name, concurrency, last)
			}
			if few := requests.Load() <= int32(6*concurrency) && failed <= 4*concurrency; few != test.ends {
				t.Errorf("%s, %d at a time: %d requests and %d errors", test.name, concurrency, requests.Load(), failed)
			}
		}
	}
}
