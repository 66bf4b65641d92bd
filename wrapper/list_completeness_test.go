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
	items := func(page map[string]any) []any { return page["_embedded"].(map[string]any)["contract_actions"].([]any) }
	for name, test := range map[string]struct {
		edit                                func(page map[string]any) // of the second page of three
		delivered, page, expected, received int
		reason                              string
	}{
		"an item fewer than count": {func(page map[string]any) {
			page["_embedded"].(map[string]any)["contract_actions"] = items(page)[1:]
		}, 99, 2, 50, 49, "count differs"},
		"no items at all":                 {func(page map[string]any) { delete(page, "_embedded") }, 50, 2, 50, 0, "count differs"},
		"no next link before total_pages": {func(page map[string]any) { delete(page, "_links") }, 100, 2, 3, 2, "before total_pages"},
		"no next link before the total_pages of the page before": {func(page map[string]any) {
			delete(page, "_links")
			page["total_pages"] = 2
		}, 100, 2, 3, 2, "before total_pages"},
		"a contract action of the page before": {func(page map[string]any) {
			items(page)[0].(map[string]any)["id"] = "123245132132"
		}, 120, 3, 120, 119, "received more than once: 1"},
		"a total that shrinks": {func(page map[string]any) { page["total"] = 121 }, 120, 3, 121, 120, "fewer items than total"},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 120))
			server.Fail(sandbox.Fault{}, sandbox.Fault{Rewrite: rewriteJSON(test.edit)})
			actions, err := collect(newClient(t, server).Actions(t.Context(), account, fifty))
			checkIncomplete(t, err, test.page, test.expected, test.received, test.reason)
			if len(actions) != test.delivered {
				t.Errorf("%d contract actions were delivered, want %d", len(actions), test.delivered)
			}
		})
	}
}

// checkIncomplete fails the test unless the error is an IncompleteError with
// these fields; zero for a page that is not known.
func checkIncomplete(t *testing.T, err error, page, expected, received int, reason string) {
	t.Helper()
	got, ok := errors.AsType[*wrapper.IncompleteError](err)
	if !ok || got.Page != page || got.Expected != expected || got.Received != received || !strings.Contains(got.Reason, reason) {
		t.Errorf("the error is %#v, want page %d with %d of %d: %s", err, page, received, expected, reason)
	}
}

func TestBodiesOfListsThatAreNotWhole(t *testing.T) {
	// Whoever pages by number while actions are put in front of the list sees
	// some twice: each page begins with the last one of the page before.
	numbered := func(number int, page string) string { return fmt.Sprintf(`{"page":%d,%s`, number, page[1:]) }
	moving := []string{
		numbered(1, pageBefore("?page=2", action("1"), action("2"))), numbered(2, pageBefore("?page=3", action("2"), action("3"))),
		numbered(3, pageBefore("?page=4", action("3"), action("4"))), numbered(4, pageWith(action("4"), action("5"))),
	}
	large := make([]string, 5) // whose last page has the very first contract action
	for i := range large {
		items := make([]string, 1000)
		for j := range items {
			items[j] = action(strconv.Itoa(i*1000 + j))
		}
		large[i] = pageBefore("?page="+strconv.Itoa(i+2), items...)
		if i == 4 {
			items[999] = action("0")
			large[i] = pageWith(items...)
		}
	}
	for name, test := range map[string]struct {
		bodies                              []string
		option                              wrapper.ListOption
		delivered, page, expected, received int
	}{
		"moving, to the end":                    {moving, fifty, 8, 4, 8, 5},
		"moving, up to MaxPages":                {moving, wrapper.MaxPages(3), 6, 3, 6, 4},
		"moving, from the middle":               {moving[1:], wrapper.From("?page=2"), 6, 4, 6, 4},
		"a repetition far back":                 {large, fifty, 5000, 5, 5000, 4999},
		"a total of an earlier page only":       {[]string{`{"total":2,` + pageBefore("?page=2")[1:], pageWith(action("1"))}, fifty, 1, 2, 2, 1},
		"a total_pages of an earlier page only": {[]string{`{"total_pages":3,` + pageBefore("?page=2")[1:], pageWith(action("1"))}, fifty, 1, 2, 3, 2},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := newClientOfBodies(t, test.bodies...)
			actions, err := collect(client.Actions(t.Context(), account, test.option))
			checkIncomplete(t, err, test.page, test.expected, test.received, "")
			if len(actions) != test.delivered {
				t.Errorf("%d contract actions were delivered, want %d", len(actions), test.delivered)
			}
		})
	}
}

func TestAListFromTheMiddleIsNotCalledIncomplete(t *testing.T) {
	client, _ := newClientOfBodies(t, `{"total":425,"total_pages":9}`) // no page number
	must(collect(client.Pages(t.Context(), account, wrapper.From("?cursor=x"))))(t)

	server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 120))
	from := wrapper.From(server.URL + "/express/accounts/" + account + "/contracts/actions?page=3")
	if actions, err := collect(newClient(t, server).Actions(t.Context(), account, from)); err != nil || len(actions) != 20 {
		t.Errorf("got %d contract actions and the error %v, want 20", len(actions), err)
	}
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
			if _, ok := errors.AsType[*wrapper.LinkError](err); !ok || requests != test.lead+test.circle {
				t.Errorf("%d requests and the error %v, want no page twice and a LinkError", requests, err)
			}
		})
	}
}
