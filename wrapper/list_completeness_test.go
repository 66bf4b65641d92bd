package wrapper_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestListsThatAreNotWhole(t *testing.T) {
	embedded := func(page map[string]any) map[string]any { return page["_embedded"].(map[string]any) }
	tests := []struct {
		name      string
		edit      func(page map[string]any) // of the second page of three
		delivered int
		want      wrapper.IncompleteError
	}{
		{
			"an item fewer than count",
			func(page map[string]any) {
				embedded(page)["contract_actions"] = embedded(page)["contract_actions"].([]any)[1:]
			},
			99, wrapper.IncompleteError{Reason: "count differs", Page: 2, Expected: 50, Received: 49},
		},
		{
			"no items at all",
			func(page map[string]any) { delete(page, "_embedded") },
			50, wrapper.IncompleteError{Reason: "count differs", Page: 2, Expected: 50, Received: 0},
		},
		{
			"no next link before total_pages",
			func(page map[string]any) { delete(page, "_links") },
			100, wrapper.IncompleteError{Reason: "before total_pages", Page: 2, Expected: 3, Received: 2},
		},
		{
			"no next link before the total_pages of the page before",
			func(page map[string]any) { delete(page, "_links"); page["total_pages"] = 2 },
			100, wrapper.IncompleteError{Reason: "before total_pages", Page: 2, Expected: 3, Received: 2},
		},
		{
			"a contract action of the page before",
			func(page map[string]any) {
				embedded(page)["contract_actions"].([]any)[0].(map[string]any)["id"] = "123245132132"
			},
			120, wrapper.IncompleteError{Reason: "1 duplicates", Page: 3, Expected: 120, Received: 119},
		},
		{
			"a total that shrinks",
			func(page map[string]any) { page["total"] = 121 },
			120, wrapper.IncompleteError{Reason: "fewer items than total", Page: 3, Expected: 121, Received: 120},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 120))
			server.Fail(sandbox.Fault{}, sandbox.Fault{Rewrite: rewriteJSON(test.edit)})
			actions, err := collect(newClient(t, server).Actions(t.Context(), account, fifty))
			var incomplete *wrapper.IncompleteError
			if !errors.As(err, &incomplete) {
				t.Fatalf("the error is %v, want an IncompleteError", err)
			}
			if !strings.Contains(incomplete.Reason, test.want.Reason) {
				t.Errorf("the reason is %q, want %q", incomplete.Reason, test.want.Reason)
			}
			if incomplete.Page != test.want.Page || incomplete.Expected != test.want.Expected || incomplete.Received != test.want.Received {
				t.Errorf("got %+v, want %+v", *incomplete, test.want)
			}
			if len(actions) != test.delivered {
				t.Errorf("%d contract actions were delivered, want %d", len(actions), test.delivered)
			}
		})
	}
}

// Whoever pages by number while actions are put in front of the list sees some
// twice.
func TestAListThatMovesWhileItIsReadIsReported(t *testing.T) {
	tests := []struct {
		name      string
		options   []wrapper.ListOption
		delivered int
		want      wrapper.IncompleteError
	}{
		{"to the end", nil, 8, wrapper.IncompleteError{Page: 4, Expected: 8, Received: 5}},
		{"up to MaxPages", []wrapper.ListOption{wrapper.MaxPages(3)}, 6, wrapper.IncompleteError{Page: 3, Expected: 6, Received: 4}},
		{"from the middle", []wrapper.ListOption{wrapper.From("?page=2")}, 6, wrapper.IncompleteError{Page: 4, Expected: 6, Received: 4}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, request *http.Request) {
				number := max(1, atoi(request.URL.Query().Get("page")))
				next := fmt.Sprintf(`"_links":{"next":{"href":"?page=%d"}},`, number+1)
				if number == 4 {
					next = ""
				}
				// Each page begins with the last one of the page before.
				fmt.Fprintf(w, `{%s"page":%d,"_embedded":{"contract_actions":[%s,%s]}}`, next, number, action(strconv.Itoa(number)), action(strconv.Itoa(number+1)))
			})
			actions, err := collect(newClientOf(t, server.URL).Actions(t.Context(), account, test.options...))
			var incomplete *wrapper.IncompleteError
			if !errors.As(err, &incomplete) || len(actions) != test.delivered {
				t.Fatalf("got %d contract actions and the error %v, want %d and an IncompleteError", len(actions), err, test.delivered)
			}
			incomplete.Reason = ""
			if *incomplete != test.want {
				t.Errorf("got %+v, want %+v", *incomplete, test.want)
			}
		})
	}
}

func TestARepetitionFarBackIsNoticed(t *testing.T) {
	const perPage, pages = 1000, 5
	server := serve(t, func(w http.ResponseWriter, request *http.Request) {
		number := max(1, atoi(request.URL.Query().Get("page")))
		items := make([]string, perPage)
		for i := range items {
			items[i] = action(strconv.Itoa(number*perPage + i))
		}
		next := fmt.Sprintf(`"_links":{"next":{"href":"?page=%d"}},`, number+1)
		if number == pages {
			next, items[0] = "", action(strconv.Itoa(perPage)) // the very first: 4000 before
		}
		fmt.Fprintf(w, `{%s"_embedded":{"contract_actions":[%s]}}`, next, strings.Join(items, ","))
	})
	actions, err := collect(newClientOf(t, server.URL).Actions(t.Context(), account))
	var incomplete *wrapper.IncompleteError
	if !errors.As(err, &incomplete) || len(actions) != perPage*pages || incomplete.Received != perPage*pages-1 {
		t.Errorf("got %d contract actions and the error %v, want all and that one came twice", len(actions), err)
	}
}

func TestCountersThatOnlyEarlierPagesHaveCount(t *testing.T) {
	for name, first := range map[string]string{
		"total":       `{"total":2,`,
		"total_pages": `{"total_pages":3,`,
	} {
		server := serve(t, func(w http.ResponseWriter, request *http.Request) {
			if !request.URL.Query().Has("page") {
				fmt.Fprint(w, first+`"_links":{"next":{"href":"?page=2"}}}`)
				return
			}
			fmt.Fprintf(w, `{"_embedded":{"contract_actions":[%s]}}`, action("1"))
		})
		actions, err := collect(newClientOf(t, server.URL).Actions(t.Context(), account))
		var incomplete *wrapper.IncompleteError
		if !errors.As(err, &incomplete) || len(actions) != 1 {
			t.Errorf("%s: got %d contract actions and the error %v, want one and an IncompleteError", name, len(actions), err)
		}
	}
}

func TestAListFromTheMiddleWithoutPageNumbersIsNotCalledIncomplete(t *testing.T) {
	server := serve(t, answer(200, "application/json", `{"total":425,"total_pages":9}`))
	if _, err := collect(newClientOf(t, server.URL).Pages(t.Context(), account, wrapper.From("?cursor=x"))); err != nil {
		t.Error(err)
	}
}

func TestAListFromTheMiddleIsNotCalledIncomplete(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 120))
	client := newClient(t, server)
	actions, err := collect(client.Actions(t.Context(), account, wrapper.From(server.URL+"/express/accounts/"+account+"/contracts/actions?page=3")))
	if err != nil || len(actions) != 20 {
		t.Errorf("got %d contract actions and the error %v, want 20", len(actions), err)
	}
}

func atoi(text string) int {
	number, _ := strconv.Atoi(text)
	return number
}

func TestEveryCircleOfLinksEnds(t *testing.T) {
	for _, test := range []struct{ lead, circle int }{{0, 1}, {0, 2}, {5, 1000}, {3, 4000}, {100, 20000}} {
		t.Run(fmt.Sprintf("%d pages after %d", test.circle, test.lead), func(t *testing.T) {
			requests := 0
			client := newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{
				Transport: roundTripper(func(request *http.Request) (*http.Response, error) {
					requests++
					page, _ := strconv.Atoi(request.URL.Query().Get("page"))
					next := page + 1
					if next == test.lead+test.circle {
						next = test.lead
					}
					return jsonResponse(200, fmt.Sprintf(`{"_links":{"next":{"href":"?page=%d"}}}`, next)), nil
				})}))
			_, err := collect(client.Pages(t.Context(), account, wrapper.From("?page=0"), wrapper.NoPrefetch()))
			var refused *wrapper.LinkError
			if !errors.As(err, &refused) {
				t.Fatalf("the error is %v, want a LinkError", err)
			}
			if pages := test.lead + test.circle; requests != pages {
				t.Errorf("%d requests for %d pages, want no page twice", requests, pages)
			}
		})
	}
}
