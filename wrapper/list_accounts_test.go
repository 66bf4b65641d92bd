package wrapper_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// manyAccounts are options for n empty accounts, and their ids in ascending order.
func manyAccounts(n int) (options []sandbox.Option, ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("5ea75fe7aa224700%08d", i))
		options = append(options, sandbox.WithAccount(ids[i]))
	}
	return options, ids
}

func TestAccountsAreListedAsContractActionsAre(t *testing.T) {
	options, ids := manyAccounts(600)
	for name, test := range map[string]struct {
		sandbox  []sandbox.Option
		options  []wrapper.ListOption
		reversed bool
		first    string
		requests int
	}{
		"by default":          {nil, nil, false, "order_by=id%3Aasc&per_page=250", 3},
		"descending":          {nil, []wrapper.ListOption{wrapper.OrderBy("id:desc")}, true, "order_by=id%3Adesc&per_page=250", 3},
		"a page size":         {nil, []wrapper.ListOption{wrapper.PerPage(100), wrapper.NoPrefetch()}, false, "order_by=id%3Aasc&per_page=100", 6},
		"refused preferences": {[]sandbox.Option{sandbox.WithRefusedParameters("order_by")}, nil, true, "order_by=id%3Aasc&per_page=250", 1 + 12},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t, append(slices.Clone(options), test.sandbox...)...)
			accounts, err := collect(newClient(t, server).Accounts(t.Context(), test.options...))
			var listed []string
			for _, account := range accounts {
				listed = append(listed, account.ID)
			}
			want := slices.Clone(ids)
			if test.reversed {
				slices.Reverse(want)
			}
			if err != nil || !slices.Equal(listed, want) {
				t.Errorf("listed %d accounts with the error %v, want %d", len(listed), err, len(want))
			}
			if queries := queriesOf(server); len(queries) != test.requests || queries[0] != test.first {
				t.Errorf("asked for %q, want %d requests, the first for %q", queries, test.requests, test.first)
			}
		})
	}
}

func TestAccountsHaveNamesCompaniesAndStatuses(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount(account), sandbox.WithAccountDetails(gen.Account{
		ID: account, Name: new("acme"), CompanyName: new("Acme Incorporated"), Status: new(gen.AccountStatusINTRIAL),
	}))
	accounts, err := collect(newClient(t, server).Accounts(t.Context()))
	if err != nil || len(accounts) != 1 {
		t.Fatalf("%v and the error %v", accounts, err)
	}
	if a := accounts[0]; a.ID != account || *a.Name != "acme" || *a.CompanyName != "Acme Incorporated" || *a.Status != "IN_TRIAL" {
		t.Errorf("the account is %+v", a)
	}
}

func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func setNext(page map[string]any, href string) {
	page["_links"].(map[string]any)["next"] = map[string]any{"href": href}
}

// The guards of a listing are the same for every list.
func TestAListOfAccountsThatIsNotWhole(t *testing.T) {
	options, _ := manyAccounts(600)
	for name, test := range map[string]struct {
		change  func(page map[string]any)
		matches func(error) bool
	}{
		"an account without an id": {func(page map[string]any) {
			delete(page["_embedded"].(map[string]any)["accounts"].([]any)[3].(map[string]any), "id")
		}, isA[*wrapper.Error]},
		"a count that is wrong":   {func(page map[string]any) { page["count"] = 3 }, isA[*wrapper.IncompleteError]},
		"a link to another host":  {func(page map[string]any) { setNext(page, "https://example.com/express/accounts?page=2") }, isA[*wrapper.LinkError]},
		"a link to the same page": {func(page map[string]any) { setNext(page, "?order_by=id%3Aasc&per_page=250") }, isA[*wrapper.LinkError]},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t, options...)
			server.Fail(sandbox.Fault{Rewrite: rewriteJSON(test.change)})
			if _, err := collect(newClient(t, server).Accounts(t.Context())); !test.matches(err) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestAccountsRefuseWhatDoesNotApply(t *testing.T) {
	server := sandbox.Start(t)
	for _, option := range []wrapper.ListOption{wrapper.Filter("status eq 'ACTIVE'"), wrapper.StopBefore(firstUpdate)} {
		if _, err := collect(newClient(t, server).Accounts(t.Context(), option)); err == nil || server.ActionRequests() > 0 {
			t.Errorf("the error is %v after %d requests", err, server.ActionRequests())
		}
	}
}

func TestAccountsNeedTheirScope(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithScopes(sandbox.ScopeRead))
	client := newClient(t, server)
	_, err := collect(client.Accounts(t.Context()))
	const advice = `the token has the scope "express-accounts-contracts-actions:read": the client must be granted the scope express-accounts:read`
	if !errors.Is(err, wrapper.ErrForbidden) || !strings.Contains(err.Error(), advice) {
		t.Errorf("the error is %v", err)
	}
	if token, err := client.Authenticate(t.Context()); err != nil || token.CanListAccounts() || !token.CanList() {
		t.Errorf("the token is %+v with the error %v", token, err)
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
