package wrapper_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

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
