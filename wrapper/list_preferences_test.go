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

func TestAListingPrefersOldestFirstAndTheLargestPages(t *testing.T) {
	type options []wrapper.ListOption
	const bad = "filter=nonsense&"
	filter, nonsense := wrapper.Filter("status eq 'FAILED'"), wrapper.Filter("nonsense")
	badRequest := sandbox.Fault{Status: 400}
	for name, test := range map[string]struct {
		options options
		faults  []sandbox.Fault
		want    []string // the queries
		err     error
	}{
		"by default":              {nil, nil, []string{preferences}, nil},
		"a page size":             {options{wrapper.PerPage(7)}, nil, []string{"order_by=created_at%3Aasc&per_page=7"}, nil},
		"an order":                {options{wrapper.OrderBy(wrapper.UpdatedAtDescending)}, nil, []string{"order_by=updated_at%3Adesc&per_page=250"}, nil},
		"a filter":                {options{filter}, nil, []string{"filter=status+eq+%27FAILED%27&" + preferences}, nil},
		"a preferred filter":      {options{wrapper.Prefer(filter, wrapper.PerPage(9))}, nil, []string{"filter=status+eq+%27FAILED%27&order_by=created_at%3Aasc&per_page=9"}, nil},
		"required over preferred": {options{wrapper.PerPage(7), wrapper.Prefer(wrapper.PerPage(9))}, nil, []string{"order_by=created_at%3Aasc&per_page=7"}, nil},
		"up to a time":            {options{wrapper.StopBefore(time.Now())}, nil, []string{"order_by=updated_at%3Adesc&per_page=250"}, nil},

		// What is required is never left out.
		"a bad filter":           {options{nonsense}, nil, []string{bad + preferences, "filter=nonsense"}, wrapper.ErrBadRequest},
		"a bad order":            {options{wrapper.OrderBy("id:asc"), wrapper.PerPage(50)}, nil, []string{"order_by=id%3Aasc&per_page=50"}, wrapper.ErrBadRequest},
		"a bad page size":        {options{wrapper.PerPage(251), wrapper.OrderBy(wrapper.CreatedAtAscending)}, nil, []string{"order_by=created_at%3Aasc&per_page=251"}, wrapper.ErrBadRequest},
		"a bad preferred filter": {options{wrapper.Prefer(nonsense)}, nil, []string{bad + preferences, ""}, nil},
		"a bad preferred filter with a bad order": {
			options{wrapper.Prefer(nonsense), wrapper.OrderBy("id:asc")}, nil, []string{bad + "order_by=id%3Aasc&per_page=250", "order_by=id%3Aasc"}, wrapper.ErrBadRequest,
		},
		// The first request is the one with preferences: later ones follow links.
		"a 400 after the first page": {options{wrapper.PerPage(2)}, []sandbox.Fault{{}, badRequest}, []string{
			"order_by=created_at%3Aasc&per_page=2", "order_by=created_at%3Aasc&page=2&per_page=2"}, wrapper.ErrBadRequest},
		"a 400 with another cause": {nil, []sandbox.Fault{badRequest, badRequest}, []string{preferences, ""}, wrapper.ErrBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 3))
			server.Fail(test.faults...)
			client := newClient(t, server)
			if _, err := collect(client.Pages(t.Context(), account, test.options...)); !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
				t.Errorf("the error is %v, want %v", err, test.err)
			}
			if test.options == nil { // a 400 that has another cause must not cost later listings their order
				listsOnePage(t, client)
				test.want = append(test.want, preferences)
			}
			if got := queriesOf(server); !slices.Equal(got, test.want) {
				t.Errorf("asked for %q, want %q", got, test.want)
			}
		})
	}
}

func TestRefusedPreferencesAreLeftOutAndRemembered(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithRefusedParameters("order_by", "per_page"))
	observe, events := counted()
	client := newClient(t, server, observe)
	for _, requests := range []int{1 + 9, 9 + 1 + 9} { // the first listing has one more
		actions, err := collect(client.Actions(t.Context(), account))
		if err != nil || len(actions) != 425 || server.ActionRequests() != requests || events[wrapper.EventPreferencesRefused] != 1 {
			t.Errorf("got %d contract actions from %d requests, the events %v and the error %v, want 425 from %d", len(actions), server.ActionRequests(), events, err, requests)
		}
	}
}

// An action created during the listing moves nothing, since it comes last.
func TestAnActionCreatedDuringTheListingArrivesAtItsEnd(t *testing.T) {
	server := sandbox.Start(t)
	created := oldestFirst(server)[424]
	created.ID, created.CreatedAt = "new", created.CreatedAt.Add(time.Hour)
	created.UpdatedAt = created.CreatedAt
	var got []wrapper.ContractAction
	for page, err := range newClient(t, server).Pages(t.Context(), account, fifty, wrapper.NoPrefetch()) {
		if err != nil {
			t.Fatal(err)
		}
		if got = append(got, page.Actions...); page.Number == 3 {
			server.Put(account, created)
		}
	}
	checkSame(t, got, oldestFirst(server))
}

// With a filter, total may count what is left out.
func TestAFilteredListIsNotComparedWithTotal(t *testing.T) {
	for _, missing := range []string{"total", "count", "total_pages"} {
		server := sandbox.Start(t)
		server.Fail(sandbox.Fault{Rewrite: rewriteJSON(func(page map[string]any) { page[missing] = page[missing].(float64) + 1 })})
		_, err := collect(newClient(t, server).Pages(t.Context(), account, wrapper.Filter("status eq 'FAILED'")))
		if reported := errors.As(err, new(*wrapper.IncompleteError)); reported != (missing != "total") {
			t.Errorf("%s is one more: the error is %v", missing, err)
		}
	}
}
