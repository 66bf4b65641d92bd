package wrapper_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
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
	for name, options := range map[string][]wrapper.ListOption{
		"fetching ahead": {fifty},
		"page by page":   {fifty, wrapper.NoPrefetch()},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t)
			want := oldestFirst(server)
			got, err := collect(newClient(t, server).Actions(t.Context(), account, options...))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 425 || len(want) != 425 {
				t.Fatalf("got %d contract actions of %d, want 425", len(got), len(want))
			}
			for i := range want {
				if fmt.Sprint(must(json.Marshal(got[i]))(t)) != fmt.Sprint(must(json.Marshal(want[i]))(t)) {
					t.Fatalf("contract action %d is %+v, want %+v", i, got[i], want[i])
				}
			}
			if server.ActionRequests() != 9 || server.TokenRequests() != 1 {
				t.Errorf("%d requests for pages and %d for tokens, want 9 and 1", server.ActionRequests(), server.TokenRequests())
			}
			if violations := server.Violations(); len(violations) > 0 {
				t.Errorf("the sandbox broke the contract: %v", violations)
			}
		})
	}
}

func TestPagesCarryTheServicesCounters(t *testing.T) {
	server := sandbox.Start(t)
	pages, err := collect(newClient(t, server).Pages(t.Context(), account, fifty))
	if err != nil || len(pages) != 9 {
		t.Fatalf("got %d pages and the error %v, want 9", len(pages), err)
	}
	last := pages[8]
	if last.Number != 9 || last.PerPage != 50 || last.Count != 25 || last.Total != 425 || last.TotalPages != 9 || last.Next != "" {
		t.Errorf("the last page is %+v", *last)
	}
	if first := pages[0]; !strings.HasPrefix(first.Next, server.URL) || first.Header.Get("Content-Type") == "" {
		t.Errorf("the first page has the next link %q and the header %v", first.Next, first.Header)
	}
}

func TestUnknownValuesPassThroughAndCanBeTold(t *testing.T) {
	body := strings.Replace(action("1"), "CREATED", "PAUSED", 1)
	server := serve(t, answer(200, "application/json", `{"_embedded":{"contract_actions":[`+body+`]}}`))
	actions, err := collect(newClientOf(t, server.URL).Actions(t.Context(), account))
	if err != nil || len(actions) != 1 {
		t.Fatal(actions, err)
	}
	if actions[0].Status != "PAUSED" || actions[0].Status.Valid() || !actions[0].ActionType.Valid() {
		t.Errorf("got %+v", actions[0])
	}
}

func TestAnEmptyPageWithANextLinkContinues(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, request *http.Request) {
		if request.URL.Query().Get("cursor") == "" {
			fmt.Fprint(w, `{"count":0,"_embedded":{"contract_actions":[]},"_links":{"next":{"href":"?cursor=b"}}}`)
			return
		}
		fmt.Fprintf(w, `{"_embedded":{"contract_actions":[%s]}}`, action("1"))
	})
	actions, err := collect(newClientOf(t, server.URL).Actions(t.Context(), account))
	if err != nil || len(actions) != 1 {
		t.Errorf("got %d contract actions and the error %v, want the one on the second page", len(actions), err)
	}
}

func TestListOptionsThatMakeNoSense(t *testing.T) {
	server := sandbox.Start(t)
	client := newClient(t, server)
	for name, option := range map[string]wrapper.ListOption{
		"PerPage(0)":         wrapper.PerPage(0),
		"MaxPages(-1)":       wrapper.MaxPages(-1),
		"From another host":  wrapper.From("https://evil.example.com/"),
		"From no URL at all": wrapper.From("http://[::1"),
	} {
		pages, err := collect(client.Pages(t.Context(), account, option))
		if err == nil || len(pages) > 0 {
			t.Errorf("%s: %d pages and the error %v", name, len(pages), err)
		}
	}
	if received := server.Requests(); len(received) != 0 {
		t.Errorf("%d requests were made", len(received))
	}
}

func TestNilOptionsAreErrors(t *testing.T) {
	server := sandbox.Start(t)
	if _, err := collect(newClient(t, server).Pages(t.Context(), account, nil)); err == nil || !strings.Contains(err.Error(), "nil") {
		t.Errorf("the error of the listing is %v", err)
	}
	if _, err := wrapper.New("acme", secretOf(server), nil); err == nil || !strings.Contains(err.Error(), "nil") {
		t.Errorf("the error of the client is %v", err)
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

func TestPerPageIsAskedFor(t *testing.T) {
	server := sandbox.Start(t)
	pages, err := collect(newClient(t, server).Pages(t.Context(), account, wrapper.PerPage(100)))
	if err != nil || len(pages) != 5 || len(pages[0].Actions) != 100 {
		t.Errorf("got %d pages and the error %v, want 5 pages of 100", len(pages), err)
	}
}

func TestMaxPagesEndsWithoutAnErrorAndFetchesNoMore(t *testing.T) {
	server := sandbox.Start(t)
	pages, err := collect(newClient(t, server).Pages(t.Context(), account, fifty, wrapper.MaxPages(3)))
	if err != nil || len(pages) != 3 || server.ActionRequests() != 3 {
		t.Errorf("got %d pages from %d requests and the error %v, want 3", len(pages), server.ActionRequests(), err)
	}
}

func TestResumingFromEveryPageLosesAndRepeatsNothing(t *testing.T) {
	server := sandbox.Start(t)
	want := oldestFirst(server)
	for stop := 1; stop < 9; stop++ {
		first, err := collect(newClient(t, server).Pages(t.Context(), account, fifty, wrapper.MaxPages(stop)))
		if err != nil {
			t.Fatal(err)
		}
		rest, err := collect(newClient(t, server).Pages(t.Context(), account, wrapper.From(first[stop-1].Next)))
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, page := range append(first, rest...) {
			for _, action := range page.Actions {
				ids = append(ids, action.ID)
			}
		}
		if len(ids) != len(want) {
			t.Fatalf("stopped after %d pages: %d contract actions, want %d", stop, len(ids), len(want))
		}
		for i := range want {
			if ids[i] != want[i].ID {
				t.Fatalf("stopped after %d pages: contract action %d is %s, want %s", stop, i, ids[i], want[i].ID)
			}
		}
	}
}

func TestEveryRangeIsAListingOfItsOwn(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 60))
	listing := newClient(t, server).Actions(t.Context(), account)
	for range 2 {
		if actions, err := collect(listing); err != nil || len(actions) != 60 {
			t.Errorf("got %d contract actions and the error %v, want 60", len(actions), err)
		}
	}
}

func TestABasePathStaysInFrontOfThePath(t *testing.T) {
	var path string
	server := serve(t, func(w http.ResponseWriter, request *http.Request) {
		path = request.URL.Path
		fmt.Fprint(w, `{"count":0}`)
	})
	for _, base := range []string{"/proxy/talkdesk", "/proxy/talkdesk/"} {
		if _, err := collect(newClientOf(t, server.URL+base).Pages(t.Context(), account)); err != nil {
			t.Fatal(err)
		}
		if want := "/proxy/talkdesk/express/accounts/" + account + "/contracts/actions"; path != want {
			t.Errorf("asked for %s, want %s", path, want)
		}
	}
}
