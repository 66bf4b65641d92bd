package wrapper_test

import (
	"context"
	"errors"
	"fmt"
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
			return jsonResponse(200, `{"_links":{"next":{"href":"?page=2"}}}`), nil
		})
		client := newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{Transport: transport}))
		func() {
			defer func() {
				if recovered := recover(); recovered != "oops" {
					t.Errorf("page %d: recovered %v", page, recovered)
				}
			}()
			_, _ = collect(client.Pages(t.Context(), account))
		}()
	}
}

func TestOnePageIsFetchedAheadAndNeverMore(t *testing.T) {
	for name, test := range map[string]struct {
		options []wrapper.ListOption
		ahead   int
	}{
		"by default":   {[]wrapper.ListOption{fifty}, 1},
		"not if asked": {[]wrapper.ListOption{fifty, wrapper.NoPrefetch()}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sandbox.New()
				pages := 0
				for _, err := range newClientInProcess(t, server).Pages(t.Context(), account, test.options...) {
					if err != nil {
						t.Fatal(err)
					}
					pages++
					synctest.Wait() // while we work on the page
					if want := min(9, pages+test.ahead); server.ActionRequests() != want {
						t.Errorf("on page %d, %d were asked for, want %d", pages, server.ActionRequests(), want)
					}
				}
			})
		})
	}
}

func TestLeavingTheLoopEndsTheRequestAhead(t *testing.T) {
	arrived, ended := make(chan struct{}), make(chan struct{})
	server := serve(t, func(w http.ResponseWriter, request *http.Request) {
		if !request.URL.Query().Has("page") {
			fmt.Fprint(w, `{"_links":{"next":{"href":"?page=2"}}}`)
			return
		}
		close(arrived)
		<-request.Context().Done()
		close(ended)
	})
	for _, err := range newClientOf(t, server.URL).Pages(t.Context(), account) {
		if err != nil {
			t.Fatal(err)
		}
		<-arrived // the second page is asked for while we work on the first
		break
	}
	<-ended
}

// Whoever has left the loop, in whatever way, has nothing running behind, not
// even for a moment.
func TestLeavingTheLoopWaitsForTheRequestAhead(t *testing.T) {
	tests := []struct {
		name  string
		leave func() bool
		panic any
	}{
		{"by break", func() bool { return false }, nil},
		{"by a panic", func() bool { panic("oops") }, "oops"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ended := false
				transport := roundTripper(func(request *http.Request) (*http.Response, error) {
					if request.URL.Query().Has("page") {
						<-request.Context().Done()
						time.Sleep(time.Second) // of the test's clock: it takes its time to end
						ended = true
						return nil, request.Context().Err()
					}
					return jsonResponse(200, `{"_links":{"next":{"href":"?page=2"}}}`), nil
				})
				client := newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{Transport: transport}))
				defer func() {
					if recovered := recover(); recovered != test.panic {
						t.Errorf("recovered %v, want %v", recovered, test.panic)
					}
					if !ended {
						t.Error("the request for the next page was still under way")
					}
				}()
				client.Pages(t.Context(), account)(func(_ *wrapper.Page, err error) bool {
					if err != nil {
						t.Fatal(err)
					}
					synctest.Wait() // the second page is asked for
					return test.leave()
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
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			server := sandbox.New()
			var failure error
			pages := 0
			for page, err := range newClientInProcess(t, server).Pages(ctx, account, fifty) {
				if failure = err; err != nil {
					break
				}
				if pages++; page.Number == 1 {
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
