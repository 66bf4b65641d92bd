package wrapper_test

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/wire"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestAWaitIsTheServicesOrTheBackoff(t *testing.T) {
	for after, want := range map[string][2]time.Duration{"": {0, 500 * time.Millisecond}, "0": {0, 500 * time.Millisecond}, "7": {7 * time.Second, 7 * time.Second}} {
		inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
			server.Fail(sandbox.Fault{Status: 503, Header: http.Header{"Retry-After": {after}}})
			started := time.Now()
			listsOnePage(t, client)
			if waited := time.Since(started); waited < want[0] || waited > want[1] {
				t.Errorf("Retry-After %q: waited %v, want between %v and %v", after, waited, want[0], want[1])
			}
		})
	}
}

func TestBackoffDoublesUpToItsBoundAndIsRandom(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, _ *wrapper.Client) {
		const attempts, most = 12, 10 * time.Second
		client := newClientInProcess(t, server, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: attempts, MaxDelay: most}))
		waits := map[time.Duration]bool{}
		for range 20 {
			server.Fail(slices.Repeat([]sandbox.Fault{{Status: 503}}, attempts)...)
			started := time.Now()
			if err := onePage(t.Context(), client); !errors.Is(err, wrapper.ErrServer) {
				t.Fatal(err)
			}
			waited := time.Since(started)
			waits[waited] = true
			// 0.5 + 1 + 2 + 4 + 8 seconds, then 10 each.
			if bound := 15500*time.Millisecond + 6*most; waited > bound {
				t.Errorf("waited %v in all, more than %v", waited, bound)
			}
		}
		if len(waits) < 10 {
			t.Errorf("the waits are not random: %v", waits)
		}
	})
}

// A wait that would pass the deadline is not begun; one that is cut short says
// what it waited for.
func TestWaitsAndTheCallersContext(t *testing.T) {
	limit := wrapper.WithRateLimit(0.01, 1)
	unbounded := wrapper.WithRetry(wrapper.RetryPolicy{BaseDelay: math.MaxInt64, MaxDelay: math.MaxInt64})
	for name, test := range map[string]struct {
		status   int
		after    string
		options  []wrapper.Option
		cancel   time.Duration // after which the context is cancelled
		deadline time.Duration
		waited   time.Duration
		says     string
		want     []error
	}{
		"past the deadline":         {429, "20", nil, 0, 10 * time.Second, 0, "retry after 20s)", []error{wrapper.ErrRateLimited}},
		"for 292 years":             {429, "9223372036854775807", nil, 0, time.Hour, 0, "retry after 2562047h47m16.854775807s)", []error{wrapper.ErrRateLimited}},
		"of any length":             {503, "", []wrapper.Option{unbounded}, 0, time.Hour, 0, "503", []error{wrapper.ErrServer}},
		"cancelled":                 {429, "20", nil, time.Second, time.Hour, time.Second, "429", []error{context.Canceled, wrapper.ErrRateLimited}},
		"for a turn, for a retry":   {503, "0", []wrapper.Option{limit}, 0, 10 * time.Second, -1, "its turn under the rate limit", []error{wrapper.ErrServer, context.DeadlineExceeded}},
		"for a turn, for a request": {0, "", []wrapper.Option{limit}, 0, 10 * time.Second, 0, "its turn under the rate limit", []error{context.DeadlineExceeded}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, server *sandbox.Server, _ *wrapper.Client) {
				fault := sandbox.Fault{Status: test.status}
				if test.after != "" {
					fault.Header = http.Header{"Retry-After": {test.after}}
				}
				server.Fail(fault)
				ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
				defer cancel()
				if test.cancel > 0 {
					time.AfterFunc(test.cancel, cancel)
				}
				started := time.Now()
				_, err := collect(newClientInProcess(t, server, test.options...).Pages(ctx, account))
				for _, want := range test.want {
					if !errors.Is(err, want) {
						t.Errorf("the error is %v, want %v", err, want)
					}
				}
				if waited := time.Since(started); test.waited >= 0 && waited != test.waited {
					t.Errorf("waited %v, want %v", waited, test.waited)
				}
				if !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "attempts in") {
					t.Errorf("the error is %v, want %q after one attempt", err, test.says)
				}
			})
		})
	}
}

func TestA401IsRepeatedOnceWithANewToken(t *testing.T) {
	busy, refused := sandbox.Fault{Status: 503}, sandbox.Fault{Status: 401}
	for _, test := range []struct {
		faults   []sandbox.Fault
		requests int
		want     error
	}{
		{[]sandbox.Fault{refused, refused}, 2, wrapper.ErrUnauthorized},
		{[]sandbox.Fault{busy, busy, busy, refused, busy, busy, busy, busy}, 5, wrapper.ErrServer}, // without new attempts
	} {
		server := sandbox.Start(t)
		server.Fail(test.faults...)
		err := onePage(t.Context(), newClient(t, server))
		if failed, ok := errors.AsType[*wrapper.Error](err); !errors.Is(err, test.want) || !ok || failed.Attempts != test.requests || server.ActionRequests() != test.requests {
			t.Errorf("the error is %v after %d requests, want %v after %d", err, server.ActionRequests(), test.want, test.requests)
		}
		wantTokenRequests(t, server, 2)
	}
}

func TestATimeoutOfTheCallersClientIsNotCalledOurs(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, _ *wrapper.Client) {
		server.Fail(sandbox.Fault{Delay: time.Hour})
		theirs := &http.Client{Transport: wire.InProcess{Handler: server}, Timeout: time.Second}
		err := onePage(t.Context(), newClientInProcess(t, server, wrapper.WithHTTPClient(theirs), wrapper.WithRetry(wrapper.NoRetry())))
		if err == nil || strings.Contains(err.Error(), "within 1m0s") {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestTheRateLimitCountsEveryAttempt(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, _ *wrapper.Client) {
		server.Fail(slices.Repeat([]sandbox.Fault{{Status: 503}}, 3)...)
		client := newClientInProcess(t, server, wrapper.WithRateLimit(2, 1), wrapper.WithRetry(wrapper.RetryPolicy{BaseDelay: 1}))
		started := time.Now()
		pages, err := collect(client.Pages(t.Context(), account, fifty))
		// Twelve requests at two a second, the first at once.
		if took := time.Since(started).Round(time.Millisecond); err != nil || len(pages) != 9 || took != 5500*time.Millisecond {
			t.Errorf("got %d pages in %v and the error %v, want 9 in 5.5s", len(pages), took, err)
		}
	})
}
