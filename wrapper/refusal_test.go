package wrapper_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestATokenEndpointThatRefusesIsNotHammered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		for range 1000 {
			server.FailToken(sandbox.Fault{Status: 401, Body: `{"error":"invalid_client"}`})
		}
		client := newClientInProcess(server)
		// Ten callers a second for a minute: each is told at once.
		for range 60 {
			together(10, func() {
				before := time.Now()
				var refused *wrapper.TokenError
				if err := onePage(t.Context(), client); !errors.As(err, &refused) || refused.Code != "invalid_client" || time.Since(before) != 0 {
					t.Errorf("the error is %v", err)
				}
			})
			time.Sleep(time.Second)
		}
		// At 0, then no sooner than 0.5, 1, 2, 4, 8, 16 and 30 seconds later.
		if asked := server.TokenRequests(); asked < 2 || asked > 7 {
			t.Errorf("%d exchanges, want a few", asked)
		}
	})
}

func TestARefusalDoesNotHoldForEver(t *testing.T) {
	refused := sandbox.Fault{Status: 400, Body: `{"error":"invalid_scope"}`}
	tests := []struct {
		name   string
		faults []sandbox.Fault
		hold   time.Duration // of the last of them
	}{
		{"once", []sandbox.Fault{refused}, 500 * time.Millisecond},
		{"three times in a row", []sandbox.Fault{refused, refused, refused}, 2 * time.Second},
		{"again after a success", []sandbox.Fault{refused, refused, {}, refused}, 500 * time.Millisecond},
		{"longer than anybody waits", []sandbox.Fault{{Status: 429, Header: http.Header{"Retry-After": {"3600"}}}}, 30 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sandbox.New()
				client := newClientInProcess(server)
				for i, fault := range test.faults {
					time.Sleep(time.Hour) // nothing of before holds, no token lives
					server.FailToken(fault)
					if err := onePage(t.Context(), client); (err == nil) != (fault.Status == 0) {
						t.Fatalf("fault %d: the error is %v", i+1, err)
					}
				}
				time.Sleep(test.hold - time.Nanosecond)
				if err := onePage(t.Context(), client); err == nil {
					t.Errorf("asked again before %v", test.hold)
				}
				time.Sleep(time.Nanosecond)
				if err := onePage(t.Context(), client); err != nil {
					t.Errorf("after %v, the error is %v", test.hold, err)
				}
			})
		})
	}
}

func TestABusyTokenEndpointIsAskedByTheNextCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		for range 4 {
			server.FailToken(sandbox.Fault{Status: 503})
		}
		client := newClientInProcess(server)
		if err := onePage(t.Context(), client); err == nil {
			t.Fatal("no error")
		}
		if err := onePage(t.Context(), client); err != nil {
			t.Errorf("the next caller got %v", err)
		}
	})
}
