package wrapper_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestFailuresThatWillNotPassAreNotRepeated(t *testing.T) {
	for name, failure := range map[string]error{
		"a host that does not exist":    &net.DNSError{Err: "no such host", IsNotFound: true},
		"a certificate that is no good": &tls.CertificateVerificationError{Err: errors.New("unknown authority")},
	} {
		requests := 0
		transport := roundTripper(func(*http.Request) (*http.Response, error) {
			requests++
			return nil, failure
		})
		client := newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{Transport: transport}))
		if err := onePage(t.Context(), client); !errors.Is(err, failure) || requests != 1 {
			t.Errorf("%s: the error is %v after %d requests, want it after 1", name, err, requests)
		}
	}
}

func TestWaits(t *testing.T) {
	header := func(name, value string) http.Header { return http.Header{name: {value}} }
	date := func(after time.Duration) string {
		// The bubble's clock starts at this moment.
		return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(after).Format(http.TimeFormat)
	}
	tests := []struct {
		name        string
		fault       sandbox.Fault
		least, most time.Duration
	}{
		{"the first backoff", sandbox.Fault{Status: 503}, 0, 500 * time.Millisecond},
		{"seconds", sandbox.Fault{Status: 429, Header: header("Retry-After", "7")}, 7 * time.Second, 7 * time.Second},
		{"a date", sandbox.Fault{Status: 503, Header: header("Retry-After", date(20*time.Second))}, 20 * time.Second, 20 * time.Second},
		{"a date that has passed", sandbox.Fault{Status: 503, Header: header("Retry-After", date(-time.Hour))}, 0, 500 * time.Millisecond},
		{"the server's clock is an hour behind", sandbox.Fault{Status: 503, Header: http.Header{
			"Date": {date(-time.Hour)}, "Retry-After": {date(10*time.Second - time.Hour)}}}, 10 * time.Second, 10 * time.Second},
		{"zero", sandbox.Fault{Status: 503, Header: header("Retry-After", "0")}, 0, 500 * time.Millisecond},
		{"nonsense", sandbox.Fault{Status: 503, Header: header("Retry-After", "soon")}, 0, 500 * time.Millisecond},
		{"a negative number", sandbox.Fault{Status: 503, Header: header("Retry-After", "-5")}, 0, 500 * time.Millisecond},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sandbox.New()
				server.Fail(test.fault)
				started := time.Now()
				if err := onePage(t.Context(), newClientInProcess(t, server)); err != nil {
					t.Fatal(err)
				}
				if waited := time.Since(started); waited < test.least || waited > test.most {
					t.Errorf("waited %v, want between %v and %v", waited, test.least, test.most)
				}
			})
		})
	}
}

func TestBackoffDoublesUpToItsBoundAndIsRandom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const attempts, most = 12, 10 * time.Second
		waits := map[time.Duration]bool{}
		for range 20 {
			server := sandbox.New()
			for range attempts {
				server.Fail(sandbox.Fault{Status: 503})
			}
			client := newClientInProcess(t, server, wrapper.WithRetry(wrapper.RetryPolicy{Attempts: attempts, MaxDelay: most}))
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

func TestWaitsThatAreNotBegun(t *testing.T) {
	tests := []struct {
		name     string
		after    string
		deadline time.Duration
	}{
		{"past the deadline", "20", 10 * time.Second},
		{"for 292 years", "9223372036854775807", time.Hour},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sandbox.New()
				server.Fail(sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {test.after}}})
				ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
				defer cancel()
				started := time.Now()
				err := onePage(ctx, newClientInProcess(t, server))
				var refused *wrapper.Error
				if !errors.As(err, &refused) || refused.RetryAfter < 20*time.Second || refused.Attempts != 1 {
					t.Errorf("the error is %v, want the 429 with its Retry-After", err)
				}
				if waited := time.Since(started); waited != 0 {
					t.Errorf("waited %v", waited)
				}
			})
		})
	}
}

func TestACancelledWaitSaysWhatItWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		server.Fail(sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"20"}}})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		err := onePage(ctx, newClientInProcess(t, server))
		if !errors.Is(err, context.Canceled) || !errors.Is(err, wrapper.ErrRateLimited) {
			t.Errorf("the error is %v, want both the cancellation and the 429", err)
		}
	})
}

func TestA401GivesNoNewAttempts(t *testing.T) {
	server := sandbox.Start(t)
	busy, refused := sandbox.Fault{Status: 503}, sandbox.Fault{Status: 401}
	server.Fail(busy, busy, busy, refused, busy, busy, busy, busy)
	err := onePage(t.Context(), newClient(t, server))
	if !errors.Is(err, wrapper.ErrServer) || server.ActionRequests() != 5 {
		t.Errorf("the error is %v after %d requests, want a 503 after 5", err, server.ActionRequests())
	}
}

func TestWaitsOfAnyLengthAreDrawn(t *testing.T) {
	server := sandbox.Start(t)
	server.Fail(sandbox.Fault{Status: 503})
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	policy := wrapper.RetryPolicy{BaseDelay: math.MaxInt64, MaxDelay: math.MaxInt64}
	if err := onePage(ctx, newClient(t, server, wrapper.WithRetry(policy))); !errors.Is(err, wrapper.ErrServer) {
		t.Errorf("the error is %v, want the 503, since the wait would pass the deadline", err)
	}
}

func TestARateLimitDoesNotHideWhyARequestIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		server.Fail(sandbox.Fault{Status: 503})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		err := onePage(ctx, newClientInProcess(t, server, wrapper.WithRateLimit(0.01, 1)))
		if !errors.Is(err, wrapper.ErrServer) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the error is %v, want both the 503 and the deadline", err)
		}
	})
}

func TestATimeoutOfTheCallersClientIsNotCalledOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		server.Fail(sandbox.Fault{Delay: time.Hour})
		theirs := &http.Client{Transport: inProcess{server}, Timeout: time.Second}
		err := onePage(t.Context(), newClientInProcess(t, server, wrapper.WithHTTPClient(theirs), wrapper.WithRetry(wrapper.NoRetry())))
		if err == nil || strings.Contains(err.Error(), "within 1m0s") {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestTheRateLimitCountsEveryAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		for range 3 {
			server.Fail(sandbox.Fault{Status: 503})
		}
		client := newClientInProcess(t, server, wrapper.WithRateLimit(2, 1), wrapper.WithRetry(wrapper.RetryPolicy{BaseDelay: 1}))
		started := time.Now()
		pages, err := collect(client.Pages(t.Context(), account, fifty))
		if err != nil || len(pages) != 9 {
			t.Fatal(len(pages), err)
		}
		// Twelve requests at two a second, the first at once.
		if took := time.Since(started).Round(time.Millisecond); took != 5500*time.Millisecond {
			t.Errorf("12 requests took %v, want 5.5s", took)
		}
	})
}

func TestATurnPastTheDeadlineFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newClientInProcess(t, sandbox.New(), wrapper.WithRateLimit(0.01, 1))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		started := time.Now()
		pages, err := collect(client.Pages(ctx, account))
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(fmt.Sprint(err), "rate limit") || len(pages) != 1 {
			t.Errorf("got %d pages and the error %v, want one and a deadline", len(pages), err)
		}
		if took := time.Since(started); took != 0 {
			t.Errorf("it took %v", took)
		}
	})
}
