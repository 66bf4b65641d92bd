package wrapper_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// rewriteJSON returns a Rewrite for the sandbox that edits the decoded page.
func rewriteJSON(edit func(page map[string]any)) func([]byte) []byte {
	return func(body []byte) []byte {
		var page map[string]any
		if err := json.Unmarshal(body, &page); err != nil {
			panic(err)
		}
		edit(page)
		return fixture(json.Marshal(page))
	}
}

func TestTheWholeListArrivesInOrderOnce(t *testing.T) {
	for _, options := range [][]wrapper.ListOption{{fifty}, {fifty, wrapper.NoPrefetch()}} {
		server := sandbox.Start(t)
		listing := newClient(t, server).Actions(t.Context(), account, options...)
		for range 2 { // each range is a listing of its own
			checkSame(t, must(collect(listing))(t), oldestFirst(server))
		}
		if server.ActionRequests() != 2*9 || len(server.Violations()) > 0 {
			t.Errorf("%d requests for pages, want 18; the sandbox broke the contract: %v", server.ActionRequests(), server.Violations())
		}
		wantTokenRequests(t, server, 1)
	}
}

// checkSame compares a listing with what the sandbox has.
func checkSame(t *testing.T, got, want []wrapper.ContractAction) {
	t.Helper()
	if len(got) != len(want) || len(got) < 425 {
		t.Fatalf("got %d contract actions of %d", len(got), len(want))
	}
	for i := range want {
		if got, want := must(json.Marshal(got[i]))(t), must(json.Marshal(want[i]))(t); string(got) != string(want) {
			t.Fatalf("contract action %d is %s, want %s", i, got, want)
		}
	}
}

func TestPagesCarryTheServicesCounters(t *testing.T) {
	server := sandbox.Start(t)
	pages := must(collect(newClient(t, server).Pages(t.Context(), account, fifty)))(t)
	if last := pages[len(pages)-1]; last.Number != 9 || last.PerPage != 50 || last.Count != 25 || last.Total != 425 || last.TotalPages != 9 || last.Next != "" {
		t.Errorf("the last page is %+v", last)
	}
	if first := pages[0]; !strings.HasPrefix(first.Next, server.URL) || first.Header.Get("Content-Type") == "" {
		t.Errorf("the first page has the next link %q and the header %v", first.Next, first.Header)
	}
}

func TestUnknownValuesPassThroughAndCanBeTold(t *testing.T) {
	client, _ := newClientOfBodies(t, pageWith(strings.Replace(action("1"), "CREATED", "PAUSED", 1)))
	actions := must(collect(client.Actions(t.Context(), account)))(t)
	if len(actions) != 1 || actions[0].Status != "PAUSED" || actions[0].Status.Valid() || !actions[0].ActionType.Valid() {
		t.Errorf("got %+v", actions)
	}
}

func TestAnEmptyPageWithANextLinkContinues(t *testing.T) {
	client, _ := newClientOfBodies(t, pageBefore("?cursor=b"), pageWith(action("1")))
	if actions := must(collect(client.Actions(t.Context(), account)))(t); len(actions) != 1 {
		t.Errorf("got %d contract actions, want the one on the second page", len(actions))
	}
}

func TestListOptionsThatMakeNoSense(t *testing.T) {
	client, requests := newClientOfBodies(t, pageWith())
	for name, option := range map[string]wrapper.ListOption{
		"nil":                    nil,
		"PerPage(0)":             wrapper.PerPage(0),
		"MaxPages(-1)":           wrapper.MaxPages(-1),
		"From another host":      wrapper.From("https://evil.example.com/"),
		"From no URL at all":     wrapper.From("http://[::1"),
		"a preferred From":       wrapper.Prefer(wrapper.From("?page=2")),
		"a preferred MaxPages":   wrapper.Prefer(wrapper.MaxPages(1)),
		"a preferred StopBefore": wrapper.Prefer(wrapper.StopBefore(time.Now())),
		"a preferred nil":        wrapper.Prefer(nil),
		"a filter that is empty": wrapper.Prefer(wrapper.Filter("")),
		"an order that is empty": wrapper.OrderBy(""),
		"StopBefore no time":     wrapper.StopBefore(time.Time{}),
	} {
		if pages, err := collect(client.Pages(t.Context(), account, option)); err == nil || len(pages) > 0 {
			t.Errorf("%s: %d pages and the error %v", name, len(pages), err)
		}
	}
	if _, err := collect(client.Pages(t.Context(), account, wrapper.StopBefore(firstUpdate), wrapper.OrderBy(wrapper.CreatedAtAscending))); err == nil {
		t.Error("StopBefore in another order is accepted")
	}
	for name, option := range map[string]wrapper.ListOption{"From": wrapper.From("?page=2"), "no concurrency": wrapper.Concurrency(0), "nil": nil} {
		if actions, err := collect(client.ActionsOf(t.Context(), ids(3), option)); err == nil || len(actions) != 0 {
			t.Errorf("%s, of several accounts: got %d contract actions and the error %v", name, len(actions), err)
		}
	}
	if *requests != 0 {
		t.Errorf("%d requests were made", *requests)
	}
}

func TestAContextsCauseHidesNeitherItNorTheContextsError(t *testing.T) {
	shutdown := errors.New("shutting down")
	server := sandbox.Start(t)
	client := newClient(t, server)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var failure error
	for _, err := range client.Pages(ctx, account, wrapper.NoPrefetch()) {
		cancel(shutdown)
		failure = err
	}
	if !errors.Is(failure, context.Canceled) || !errors.Is(failure, shutdown) {
		t.Errorf("the error is %v, want both the cancellation and its cause", failure)
	}
}

func TestMaxPagesEndsWithoutAnErrorAndFetchesNoMore(t *testing.T) {
	server := sandbox.Start(t)
	pages := must(collect(newClient(t, server).Pages(t.Context(), account, wrapper.PerPage(100), wrapper.MaxPages(3))))(t)
	if len(pages) != 3 || len(pages[0].Actions) != 100 || server.ActionRequests() != 3 {
		t.Errorf("got %d pages from %d requests, want 3 of 100", len(pages), server.ActionRequests())
	}
}

func TestResumingFromEveryPageLosesAndRepeatsNothing(t *testing.T) {
	server := sandbox.Start(t)
	client := newClient(t, server)
	for stop := 1; stop < 9; stop++ {
		first := must(collect(client.Pages(t.Context(), account, fifty, wrapper.MaxPages(stop))))(t)
		rest := must(collect(client.Pages(t.Context(), account, wrapper.From(first[stop-1].Next))))(t)
		var got []wrapper.ContractAction
		for _, page := range append(first, rest...) {
			got = append(got, page.Actions...)
		}
		checkSame(t, got, oldestFirst(server))
	}
}

func TestABasePathStaysInFrontOfThePath(t *testing.T) {
	var path string
	server := serve(t, func(w http.ResponseWriter, request *http.Request) {
		path = request.URL.Path
		fmt.Fprint(w, `{"count":0}`)
	})
	for _, base := range []string{"/proxy/talkdesk", "/proxy/talkdesk/"} {
		listsOnePage(t, newClientOf(t, server.URL+base))
		if want := "/proxy/talkdesk/express/accounts/" + account + "/contracts/actions"; path != want {
			t.Errorf("asked for %s, want %s", path, want)
		}
	}
}

func TestTheBodiesOfPagesAreKeptIfAskedFor(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 120))
	addField := sandbox.Fault{Rewrite: rewriteJSON(func(page map[string]any) {
		page["_embedded"].(map[string]any)["contract_actions"].([]any)[0].(map[string]any)["reason"] = "upgrade"
	})}
	for name, test := range map[string]struct {
		options []wrapper.ListOption
		kept    bool
	}{
		"by default": {[]wrapper.ListOption{fifty}, false},
		"kept":       {[]wrapper.ListOption{fifty, wrapper.KeepRaw()}, true},
	} {
		server.Fail(addField, addField, addField)
		pages, err := collect(newClient(t, server).Pages(t.Context(), account, test.options...))
		if err != nil || len(pages) != 3 {
			t.Fatalf("%s: %d pages and the error %v", name, len(pages), err)
		}
		for _, page := range pages {
			items, err := gen.SplitContractActionPage(page.Raw)
			if kept := page.Raw != nil; kept != test.kept || kept && (err != nil || len(items) != len(page.Actions) || !strings.Contains(string(items[0]), `"reason":"upgrade"`)) {
				t.Errorf("%s: page %d has %d items in the body %.200q and the error %v", name, page.Number, len(items), page.Raw, err)
			}
		}
	}
}

func TestABodyWithTheTokenIsNotKept(t *testing.T) {
	server := sandbox.Start(t)
	var token string
	server.FailToken(sandbox.Fault{Rewrite: rewriteJSON(func(response map[string]any) { token = response["access_token"].(string) })})
	server.Fail(sandbox.Fault{Rewrite: rewriteJSON(func(page map[string]any) { page["echo"] = "Bearer " + token })})
	pages, err := collect(newClient(t, server).Pages(t.Context(), account, wrapper.KeepRaw()))
	var failure *wrapper.Error
	if !errors.As(err, &failure) || len(pages) > 0 || strings.Contains(fmt.Sprintf("%+v %s", failure, failure.Body), token) {
		t.Errorf("%d pages and the error %v", len(pages), err)
	}
}

func TestAPanicOfTheCallersTransportIsTheirsToRecover(t *testing.T) {
	for _, page := range []int32{1, 2} {
		var requests atomic.Int32
		transport := roundTripper(func(*http.Request) (*http.Response, error) {
			if requests.Add(1) >= page {
				panic("oops")
			}
			return jsonResponse(200, pageBefore("?page=2")), nil
		})
		client := newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{Transport: transport}))
		panics(t, func() { _, _ = collect(client.Pages(t.Context(), account)) })
		panics(t, func() { _, _ = collect(client.PagesOf(t.Context(), ids(3))) })
	}
}

func TestOnePageIsFetchedAheadAndNeverMore(t *testing.T) {
	for ahead, options := range [][]wrapper.ListOption{{fifty, wrapper.NoPrefetch()}, {fifty}} {
		inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
			pages := 0
			for range client.Pages(t.Context(), account, options...) {
				pages++
				synctest.Wait() // while we work on the page
				if want := min(9, pages+ahead); server.ActionRequests() != want {
					t.Errorf("on page %d, %d were asked for, want %d", pages, server.ActionRequests(), want)
				}
			}
			if pages != 9 {
				t.Errorf("got %d pages, want 9", pages)
			}
		})
	}
}
