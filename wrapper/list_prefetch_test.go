package wrapper_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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

// Whoever has left the loop, in whatever way, has nothing running behind, not
// even for a moment.
func TestLeavingTheLoopWaitsForTheRequestAhead(t *testing.T) {
	for name, leave := range map[string]func() bool{
		"by break":   func() bool { return false },
		"by a panic": func() bool { panic("oops") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ended := false
				client := newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{Transport: roundTripper(func(request *http.Request) (*http.Response, error) {
					if request.URL.Query().Has("page") {
						<-request.Context().Done()
						time.Sleep(time.Second) // of the test's clock: it takes its time to end
						ended = true
						return nil, request.Context().Err()
					}
					return jsonResponse(200, pageBefore("?page=2")), nil
				})}))
				defer func() {
					if recovered := recover(); (recovered == "oops") != (name == "by a panic") || !ended {
						t.Errorf("recovered %v; the request for the next page has ended: %v", recovered, ended)
					}
				}()
				client.Pages(t.Context(), account)(func(*wrapper.Page, error) bool {
					synctest.Wait() // the second page is asked for
					return leave()
				})
			})
		})
	}
}

func TestATransportThatEndsItsGoroutineIsAnError(t *testing.T) {
	transport := roundTripper(func(*http.Request) (*http.Response, error) { runtime.Goexit(); return nil, nil })
	client := newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{Transport: transport}))
	pages, err := collect(client.Pages(t.Context(), account))
	if len(pages) != 0 || err == nil || !strings.Contains(err.Error(), "ended without a result") {
		t.Errorf("got %d pages and the error %v", len(pages), err)
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
