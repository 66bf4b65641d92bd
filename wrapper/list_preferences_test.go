package wrapper_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// queriesOf are the queries of the requests for contract actions.
func queriesOf(server *sandbox.Server) []string {
	var queries []string
	for _, request := range server.Requests() {
		if request.Path != sandbox.TokenPath {
			queries = append(queries, request.RawQuery)
		}
	}
	return queries
}

// counted returns an option that counts events, and the counts.
func counted() (wrapper.Option, map[wrapper.EventKind]int) {
	events := map[wrapper.EventKind]int{}
	return wrapper.WithObserver(func(_ context.Context, event wrapper.Event) { events[event.Kind]++ }), events
}

const preferences = "order_by=created_at%3Aasc&per_page=250"

func TestAListingAsksForOldestFirstAndTheLargestPages(t *testing.T) {
	filter := wrapper.Filter("status eq 'FAILED'")
	type options []wrapper.ListOption
	for _, test := range []struct {
		options options
		want    string
	}{
		{nil, preferences},
		{options{wrapper.PerPage(7)}, "order_by=created_at%3Aasc&per_page=7"},
		{options{wrapper.OrderBy(wrapper.UpdatedAtDescending)}, "order_by=updated_at%3Adesc&per_page=250"},
		{options{filter}, "filter=status+eq+%27FAILED%27&" + preferences},
		{options{wrapper.Prefer(filter, wrapper.PerPage(9))}, "filter=status+eq+%27FAILED%27&order_by=created_at%3Aasc&per_page=9"},
		{options{wrapper.PerPage(7), wrapper.Prefer(wrapper.PerPage(9))}, "order_by=created_at%3Aasc&per_page=7"},
		{options{wrapper.StopBefore(time.Now())}, "order_by=updated_at%3Adesc&per_page=250"},
	} {
		server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 3))
		must(collect(newClient(t, server).Pages(t.Context(), account, test.options...)))(t)
		if got := queriesOf(server); !slices.Equal(got, []string{test.want}) {
			t.Errorf("asked for %q, want %q", got, test.want)
		}
	}
}

func TestRefusedPreferencesAreLeftOutAndRemembered(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithRefusedParameters("order_by", "per_page"))
	observe, events := counted()
	client := newClient(t, server, observe)
	for _, requests := range []int{1 + 9, 9} { // the first listing has one more
		before := server.ActionRequests()
		actions, err := collect(client.Actions(t.Context(), account))
		if err != nil || len(actions) != 425 || server.ActionRequests()-before != requests {
			t.Errorf("got %d contract actions from %d requests and the error %v, want 425 from %d", len(actions), server.ActionRequests()-before, err, requests)
		}
	}
	if events[wrapper.EventPreferencesRefused] != 1 {
		t.Errorf("the events are %v, want one %q", events, wrapper.EventPreferencesRefused)
	}
}

func TestWhatIsRequiredIsNeverLeftOut(t *testing.T) {
	filter := wrapper.Filter("nonsense")
	for name, test := range map[string]struct {
		options  []wrapper.ListOption
		requests int
		err      error
	}{
		"a filter":           {[]wrapper.ListOption{filter}, 2, wrapper.ErrBadRequest}, // the second without the default preferences
		"an order":           {[]wrapper.ListOption{wrapper.OrderBy("id:asc"), wrapper.PerPage(50)}, 1, wrapper.ErrBadRequest},
		"a page size":        {[]wrapper.ListOption{wrapper.PerPage(251), wrapper.OrderBy(wrapper.CreatedAtAscending)}, 1, wrapper.ErrBadRequest},
		"a preferred filter": {[]wrapper.ListOption{wrapper.Prefer(filter)}, 2, nil},
		"a preferred filter with a required order": {
			[]wrapper.ListOption{wrapper.Prefer(filter), wrapper.OrderBy("id:asc")}, 2, wrapper.ErrBadRequest,
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 3))
			_, err := collect(newClient(t, server).Pages(t.Context(), account, test.options...))
			if !errors.Is(err, test.err) || server.ActionRequests() != test.requests {
				t.Errorf("the error is %v after %d requests, want %v after %d", err, server.ActionRequests(), test.err, test.requests)
			}
		})
	}
}

// A 400 that has another cause must not cost later listings their order.
func TestA400WithAnotherCauseIsNotRemembered(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 3))
	server.Fail(sandbox.Fault{Status: 400}, sandbox.Fault{Status: 400})
	client := newClient(t, server)
	if _, err := collect(client.Pages(t.Context(), account)); !errors.Is(err, wrapper.ErrBadRequest) {
		t.Errorf("the error is %v, want the 400", err)
	}
	if _, err := collect(client.Pages(t.Context(), account)); err != nil {
		t.Error(err)
	}
	if got, want := queriesOf(server), []string{preferences, "", preferences}; !slices.Equal(got, want) {
		t.Errorf("asked for %q, want %q", got, want)
	}
}

// The first request is the one with preferences: later ones follow links.
func TestA400AfterTheFirstPageEndsTheListing(t *testing.T) {
	server := sandbox.Start(t)
	server.Fail(sandbox.Fault{}, sandbox.Fault{Status: 400})
	actions, err := collect(newClient(t, server).Actions(t.Context(), account))
	if !errors.Is(err, wrapper.ErrBadRequest) || len(actions) != 250 || server.ActionRequests() != 2 {
		t.Errorf("got %d contract actions from %d requests and the error %v", len(actions), server.ActionRequests(), err)
	}
}

// An action created during the listing moves nothing, since it comes last.
func TestAnActionCreatedDuringTheListingArrivesAtItsEnd(t *testing.T) {
	server := sandbox.Start(t)
	created := oldestFirst(server)[424]
	created.ID, created.CreatedAt = "new", created.CreatedAt.Add(time.Hour)
	created.UpdatedAt = created.CreatedAt
	seen := map[string]int{}
	for page, err := range newClient(t, server).Pages(t.Context(), account, fifty, wrapper.NoPrefetch()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range page.Actions {
			seen[action.ID]++
		}
		if page.Number == 3 {
			server.Put(account, created)
		}
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s was delivered %d times", id, times)
		}
	}
	if len(seen) != 426 {
		t.Errorf("%d contract actions were delivered, want 426", len(seen))
	}
}

// With a filter, total may count what is left out.
func TestAFilteredListIsNotComparedWithTotal(t *testing.T) {
	for _, missing := range []string{"total", "count", "total_pages"} {
		server := sandbox.Start(t)
		server.Fail(sandbox.Fault{Rewrite: rewriteJSON(func(page map[string]any) { page[missing] = page[missing].(float64) + 1 })})
		_, err := collect(newClient(t, server).Pages(t.Context(), account, wrapper.Filter("status eq 'FAILED'")))
		var incomplete *wrapper.IncompleteError
		if reported := errors.As(err, &incomplete); reported != (missing != "total") {
			t.Errorf("%s is one more: the error is %v", missing, err)
		}
	}
}
