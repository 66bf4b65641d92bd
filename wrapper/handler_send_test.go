package wrapper_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Buffers are used again; what was made of a body before is not touched by it.
func TestWhatWasReadStays(t *testing.T) {
	first, other := pageWith(action("first")), pageWith(action("other"))
	for name, test := range map[string]struct {
		body, want string
		read       func(*wrapper.Client) func() string // returns what was read before
	}{
		"contract actions": {first, "first CREATED Contract action created successfully.", func(client *wrapper.Client) func() string {
			actions, _ := collect(client.Actions(t.Context(), account))
			return func() string { return actions[0].ID + " " + string(actions[0].Status) + " " + actions[0].StatusMessage }
		}},
		"an error's body": {`{"total":"425"}`, `application/json {"total":"425"}`, func(client *wrapper.Client) func() string {
			_, err := collect(client.Actions(t.Context(), account))
			failure, _ := errors.AsType[*wrapper.Error](err)
			return func() string { return failure.Header.Get("Content-Type") + " " + string(failure.Body) }
		}},
		"the body of a raw response": {first, first, func(client *wrapper.Client) func() string {
			response, _ := client.Raw().ListContractActions(t.Context(), account, nil)
			return func() string { return string(fixture(io.ReadAll(response.Body))) }
		}},
	} {
		client, _ := newClientOfBodies(t, test.body, other)
		read := test.read(client)
		for range 10 {
			must(collect(client.Actions(t.Context(), account)))(t)
		}
		if now := read(); now != test.want {
			t.Errorf("%s: %q has become %q", name, test.want, now)
		}
	}
}

// A server can announce any length.
func TestAnAnnouncedLengthIsNotBelieved(t *testing.T) {
	for _, length := range []int64{-1, 0, 1, 15 << 20, 1 << 62} {
		client := newClientOf(t, "http://localhost", wrapper.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			response := jsonResponse(200, pageWith(action("1")))
			response.ContentLength = length
			return response, nil
		})}))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		actions, err := collect(client.Actions(t.Context(), account))
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; err != nil || len(actions) != 1 || allocated > 4<<20 {
			t.Errorf("%d announced: got %d contract actions with %d bytes allocated and the error %v", length, len(actions), allocated, err)
		}
	}
}

func TestConnectionsAreKeptForAsManyAsAreInUse(t *testing.T) {
	const workers = 32
	theirs := http.DefaultTransport.(*http.Transport).Clone()
	for name, options := range map[string][]wrapper.Option{"ours": nil, "the caller's": {wrapper.WithHTTPClient(&http.Client{Transport: theirs})}} {
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
		client := must(wrapper.New("", secretOf(service), append(options, wrapper.WithBaseURL(server.URL), wrapper.WithTokenURL(server.URL+sandbox.TokenPath))...))(t)
		together(workers, func() {
			for range 8 {
				listsOnePage(t, client)
			}
		})
		// A worker can be back before its connection is; net/http then opens another.
		if opened.Load() > 3*workers && name == "ours" {
			t.Errorf("%d connections for %d workers", opened.Load(), workers)
		}
	}
	if theirs.MaxIdleConnsPerHost != 0 || theirs.ReadBufferSize != 0 {
		t.Error("the caller's transport was changed")
	}
}
