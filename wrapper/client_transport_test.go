package wrapper_test

import (
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// All requests, the token's included, pass through a wrapped transport, and the
// connections are still those of the pool.
func TestAWrappedTransportKeepsTheConnectionPool(t *testing.T) {
	var options []sandbox.Option
	var ids []string
	for i := range 64 {
		ids = append(ids, string(rune('a'+i/26))+string(rune('a'+i%26)))
		options = append(options, sandbox.WithGeneratedAccount(ids[i], 500))
	}
	server := sandbox.Start(t, options...)
	var requests, outer, inFlight, most atomic.Int64
	var pool http.RoundTripper
	client, err := wrapper.NewFromVariables(server.Variables, wrapper.WithTransport(func(next http.RoundTripper) http.RoundTripper {
		pool = next
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			requests.Add(1)
			for now := inFlight.Add(1); ; {
				if before := most.Load(); now <= before || most.CompareAndSwap(before, now) {
					break
				}
			}
			defer inFlight.Add(-1)
			return next.RoundTrip(request)
		})
	}), wrapper.WithTransport(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			outer.Add(1)
			return next.RoundTrip(request)
		})
	}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := collect(client.ActionsOf(t.Context(), slices.Values(ids), wrapper.Concurrency(32))); err != nil {
		t.Fatal(err)
	}
	if requests.Load() != 1+2*64 || outer.Load() != requests.Load() || most.Load() < 2 {
		t.Errorf("%d requests, %d at a time; want those for the token and two pages of 64 accounts", requests.Load(), most.Load())
	}
	if shared, ok := pool.(*http.Transport); !ok || shared.MaxIdleConnsPerHost < 32 {
		t.Errorf("the transport that was wrapped is %T, want the pool that keeps the connections of 32 accounts", pool)
	}
}
