package wrapper_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestAPanicOfTheCallersTransportIsTheirsToRecover(t *testing.T) {
	for _, page := range []int{1, 2} {
		requests := 0
		transport := roundTripper(func(*http.Request) (*http.Response, error) {
			if requests++; requests == page {
				panic("oops")
			}
			return jsonResponse(200, pageBefore("?page=2")), nil
		})
		client := newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{Transport: transport}))
		panics(t, func() { _, _ = collect(client.Pages(t.Context(), account)) })
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

// What has arrived is delivered, although the context ended before the caller
// asked for it.
func TestAPageThatWasFetchedAheadIsDeliveredAfterTheContextHasEnded(t *testing.T) {
	for range 20 { // of a choice between two, one would do half of the time
		inBubble(t, func(t *testing.T, _ *sandbox.Server, client *wrapper.Client) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			pages, failure := 0, error(nil)
			for _, err := range client.Pages(ctx, account, fifty) {
				if failure = err; err == nil {
					pages++
					synctest.Wait() // the second page is there
					cancel()
				}
			}
			if pages != 2 || !errors.Is(failure, context.Canceled) {
				t.Errorf("got %d pages and the error %v, want 2 and the cancellation", pages, failure)
			}
		})
	}
}
