package wrapper_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// answering is a client whose server sends one body after the other.
func answering(t *testing.T, contentLength int64, bodies ...string) *wrapper.Client {
	t.Helper()
	transport := roundTripper(func(*http.Request) (*http.Response, error) {
		response := jsonResponse(200, bodies[0])
		response.ContentLength = contentLength
		if len(bodies) > 1 {
			bodies = bodies[1:]
		}
		return response, nil
	})
	return newClientOf(t, "http://localhost", wrapper.WithHTTPClient(&http.Client{Transport: transport}))
}

func pageWith(items ...string) string {
	return `{"_embedded":{"contract_actions":[` + strings.Join(items, ",") + `]}}`
}

// Buffers are used again; what was made of a body before is not touched by it.
func TestWhatWasReadStays(t *testing.T) {
	t.Run("contract actions", func(t *testing.T) {
		client := answering(t, -1, pageWith(action("first")), pageWith(action("other")))
		first := must(collect(client.Actions(t.Context(), account)))(t)
		copied := strings.Clone(first[0].ID + string(first[0].Status) + first[0].StatusMessage)
		for range 10 {
			must(collect(client.Actions(t.Context(), account)))(t)
		}
		if now := first[0].ID + string(first[0].Status) + first[0].StatusMessage; first[0].ID != "first" || now != copied {
			t.Errorf("%q has become %q", copied, now)
		}
	})
	t.Run("an error's body", func(t *testing.T) {
		client := answering(t, -1, `{"total":"425"}`, pageWith(action("other")))
		_, err := collect(client.Actions(t.Context(), account))
		for range 10 {
			must(collect(client.Actions(t.Context(), account)))(t)
		}
		var failure *wrapper.Error
		if !errors.As(err, &failure) || string(failure.Body) != `{"total":"425"}` {
			t.Errorf("the error is %v, with the body %q", err, failure.Body)
		}
	})
	t.Run("the body of a raw response", func(t *testing.T) {
		client := answering(t, -1, pageWith(action("first")), pageWith(action("other")))
		response := must(client.Raw().ListContractActions(t.Context(), account, nil))(t)
		for range 10 {
			must(collect(client.Actions(t.Context(), account)))(t)
		}
		if body := must(io.ReadAll(response.Body))(t); string(body) != pageWith(action("first")) {
			t.Errorf("the body has become %q", body)
		}
	})
}

// A server can announce any length.
func TestAnAnnouncedLengthIsNotBelieved(t *testing.T) {
	for _, length := range []int64{-1, 0, 1, 15 << 20, 1 << 62} {
		client := answering(t, length, pageWith(action("1")))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		actions, err := collect(client.Actions(t.Context(), account))
		runtime.ReadMemStats(&after)
		if err != nil || len(actions) != 1 {
			t.Errorf("%d announced: got %d contract actions and the error %v", length, len(actions), err)
		}
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 4<<20 {
			t.Errorf("%d announced: %d bytes were allocated", length, allocated)
		}
	}
}

// dialsOf lists with many workers at a time and returns how many connections
// that took, and how many requests.
func dialsOf(t *testing.T, workers int, options ...wrapper.Option) (dials, requests int) {
	service := sandbox.New(sandbox.WithGeneratedAccount(account, 500))
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(service)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	credentials := wrapper.ClientSecret{ID: service.ClientID, Secret: wrapper.Secret(service.ClientSecret)}
	client := must(wrapper.New("", credentials, append(options, wrapper.WithBaseURL(server.URL), wrapper.WithTokenURL(server.URL+sandbox.TokenPath))...))(t)
	together(workers, func() {
		for range 4 {
			if _, err := collect(client.Pages(t.Context(), account)); err != nil {
				t.Error(err)
			}
		}
	})
	return int(opened.Load()), service.ActionRequests() + service.TokenRequests()
}

func TestConnectionsAreKeptForAsManyAsAreInUse(t *testing.T) {
	const workers = 32
	var wrapped atomic.Int32
	count := func(shared http.RoundTripper) http.RoundTripper {
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			wrapped.Add(1)
			return shared.RoundTrip(request)
		})
	}
	for name, options := range map[string][]wrapper.Option{"shared": nil, "wrapped": {wrapper.WithTransport(count)}} {
		dials, requests := dialsOf(t, workers, options...)
		t.Logf("%s: %d connections for %d requests of %d workers", name, dials, requests, workers)
		// A worker can be back before its connection is; net/http then opens another.
		if dials > 3*workers {
			t.Errorf("%s: %d connections for %d workers", name, dials, workers)
		}
		if options != nil && int(wrapped.Load()) != requests {
			t.Errorf("%d of %d requests were sent with the transport that wraps", wrapped.Load(), requests)
		}
	}
}

func TestATransportOfTheCallersIsLeftAlone(t *testing.T) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	dialsOf(t, 2, wrapper.WithHTTPClient(&http.Client{Transport: transport}))
	if transport.MaxIdleConnsPerHost != 0 || transport.ReadBufferSize != 0 {
		t.Error("the caller's transport was changed")
	}
}
