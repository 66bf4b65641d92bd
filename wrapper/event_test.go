package wrapper_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestTheLogHasAnAllowlist(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 60))
	server.Fail(sandbox.Fault{Status: 503})
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	must(collect(newClient(t, server, wrapper.WithLogger(logger)).Pages(t.Context(), account, fifty)))(t)
	allowed := map[string]bool{"time": true, "level": true, "msg": true, "account_id": true, "page": true, "attempt": true,
		"duration": true, "status": true, "request_id": true, "wait": true, "operation": true, "lifetime": true}
	count := map[string]int{}
	for line := range strings.Lines(log.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		count[fmt.Sprint(record["level"], " ", record["msg"])]++
		for name := range record {
			if !allowed[name] {
				t.Errorf("the attribute %q is logged", name)
			}
		}
	}
	want := map[string]int{"DEBUG request": 4, "WARN retry": 1, "INFO token obtained": 1}
	if fmt.Sprint(count) != fmt.Sprint(want) {
		t.Errorf("logged %v, want %v", count, want)
	}
	if strings.Contains(log.String(), server.ClientSecret) {
		t.Error("the log has the secret")
	}
}

func TestAnObserverIsToldOfEverythingOnTheWay(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, _ *wrapper.Client) {
		server.FailToken(sandbox.Fault{Status: 503, Header: http.Header{"Retry-After": {"1"}}})
		server.Fail(
			sandbox.Fault{Delay: time.Second},
			sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"2"}, "X-Request-Id": {"r-1"}}},
			sandbox.Fault{Drop: true},
			sandbox.Fault{Status: 401},
		)
		var events []wrapper.Event
		client := newClientInProcess(t, server, wrapper.WithObserver(func(_ context.Context, event wrapper.Event) { events = append(events, event) }))
		must(collect(client.Pages(t.Context(), account, fifty, wrapper.NoPrefetch())))(t)
		const request, retry, list, token = wrapper.EventRequest, wrapper.EventRetry, wrapper.OperationList, wrapper.OperationToken
		want := []wrapper.Event{
			{Operation: token, Kind: request, Attempt: 1, Status: 503},
			{Operation: token, Kind: retry, Attempt: 1, Status: 503, Wait: time.Second},
			{Operation: token, Kind: request, Attempt: 2, Status: 200},
			{Operation: token, Kind: wrapper.EventToken, Lifetime: 10 * time.Minute},
			{Operation: list, AccountID: account, Kind: request, Attempt: 1, Status: 200, Duration: time.Second, RequestID: "sandbox-000003"},
			{Operation: list, AccountID: account, Kind: request, Attempt: 1, Page: 2, Status: 429, RequestID: "r-1"},
			{Operation: list, AccountID: account, Kind: retry, Attempt: 1, Page: 2, Status: 429, RequestID: "r-1", Wait: 2 * time.Second},
			{Operation: list, AccountID: account, Kind: request, Attempt: 2, Page: 2},
			{Operation: list, AccountID: account, Kind: retry, Attempt: 2, Page: 2},
			{Operation: list, AccountID: account, Kind: request, Attempt: 3, Page: 2, Status: 401, RequestID: "sandbox-000006"},
			{Operation: token, Kind: request, Attempt: 1, Status: 200},
			{Operation: token, Kind: wrapper.EventToken, Lifetime: 10 * time.Minute},
			{Operation: list, AccountID: account, Kind: request, Attempt: 4, Page: 2, Status: 200, RequestID: "sandbox-000008"},
		}
		for i := range events {
			if events[i].Wait < time.Second { // the backoff's, which is random
				events[i].Wait = 0
			}
		}
		if !slices.Equal(events, want) {
			t.Errorf("got\n%+v, want\n%+v", events, want)
		}
	}, sandbox.WithGeneratedAccount(account, 60))
}

func TestRenewalsAreLogged(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, _ *wrapper.Client) {
		var log bytes.Buffer
		client := newClientInProcess(t, server, wrapper.WithLogger(slog.New(slog.NewTextHandler(&log, nil))), wrapper.WithRetry(wrapper.NoRetry()))
		for range 2 {
			listsOnePage(t, client)
			time.Sleep(9*time.Minute + 30*time.Second)
			server.FailToken(sandbox.Fault{Status: 503}) // for the early renewal
		}
		synctest.Wait()
		for _, part := range []string{
			`level=INFO msg="token obtained" operation=token lifetime=10m0s`,
			`level=WARN msg="token not renewed early" operation=token lifetime=30s`,
		} {
			if !strings.Contains(log.String(), part) {
				t.Errorf("the log lacks %s:\n%s", part, &log)
			}
		}
	})
}

// hook is a handler of log records that calls fail with the message of each.
type hook struct {
	slog.Handler
	fail func(message string)
}

func (hook) Enabled(context.Context, slog.Level) bool { return true }

func (h hook) Handle(_ context.Context, record slog.Record) error {
	h.fail(record.Message)
	return nil
}

// failsAt returns a function that fails at the first event of a kind: it panics, or
// ends the goroutine.
func failsAt(kind wrapper.EventKind, ends bool) (fail func(string), failed *atomic.Bool) {
	failed = new(atomic.Bool)
	return func(message string) {
		if message != string(kind) || failed.Swap(true) {
			return
		}
		if ends {
			runtime.Goexit()
		}
		panic("oops")
	}, failed
}

var errGoroutineEnded = errors.New("the caller's goroutine ended")

// aside calls f on a goroutine of its own, and returns its error and the value of
// its panic.
func aside(f func() error) (panicked any, err error) {
	err = errGoroutineEnded
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { panicked = recover() }()
		err = f()
	}()
	<-done
	return panicked, err
}

// A hook of the caller's that panics, or ends its goroutine, is the caller's: it
// learns of that, and the client can be used afterwards. A bubble fails the test
// if a goroutine is left.
func TestHooksThatDoNotReturn(t *testing.T) {
	listings := map[string]func(context.Context, *wrapper.Client) error{
		"Pages": func(ctx context.Context, client *wrapper.Client) error {
			_, err := collect(client.Pages(ctx, account))
			return err
		},
		"NoPrefetch": func(ctx context.Context, client *wrapper.Client) error {
			_, err := collect(client.Pages(ctx, account, wrapper.NoPrefetch()))
			return err
		},
		"PagesOf": func(ctx context.Context, client *wrapper.Client) error {
			_, err := pagesOf(ctx, client, 3)
			return err
		},
	}
	kinds := []wrapper.EventKind{
		wrapper.EventRequest, wrapper.EventRetry, wrapper.EventToken, wrapper.EventScopeMissing, wrapper.EventPreferencesRefused,
	}
	for _, kind := range kinds {
		for name, list := range listings {
			for _, ends := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%s/ends=%v", kind, name, ends), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						var options []sandbox.Option
						if kind == wrapper.EventScopeMissing {
							options = append(options, sandbox.WithScopes("express-accounts:read"))
						}
						server := sandbox.New(options...)
						switch kind {
						case wrapper.EventRetry:
							server.Fail(sandbox.Fault{Status: 503})
						case wrapper.EventPreferencesRefused:
							server.Fail(sandbox.Fault{Status: 400})
						}
						fail, failed := failsAt(kind, ends)
						client := newClientInProcess(t, server, wrapper.WithLogger(slog.New(hook{fail: fail})))
						panicked, err := aside(func() error { return list(t.Context(), client) })
						// Observers of a token have a goroutine that is nobody's, and there is a token.
						isTokens := kind == wrapper.EventToken || kind == wrapper.EventScopeMissing
						switch {
						case !failed.Load():
							t.Fatal("there was no such event")
						case !ends && panicked != "oops":
							t.Errorf("recovered %v, and the error is %v", panicked, err)
						case ends && !isTokens && !errors.Is(err, errGoroutineEnded) && (err == nil || !strings.Contains(err.Error(), "ended without a result")):
							t.Errorf("the error is %v, want it to say that the goroutine ended", err)
						}
						if panicked, err := aside(func() error { return list(t.Context(), client) }); panicked != nil || err != nil && kind != wrapper.EventScopeMissing {
							t.Errorf("afterwards the panic is %v and the error %v", panicked, err)
						}
					})
				})
			}
		}
	}
}

// Nobody waits for an early renewal: a panic during it reaches the next caller.
func TestAPanicDuringAnEarlyRenewalReachesTheNextCaller(t *testing.T) {
	for _, kind := range []wrapper.EventKind{wrapper.EventToken, wrapper.EventTokenKept} {
		synctest.Test(t, func(t *testing.T) {
			server, armed := sandbox.New(), false
			fail, failed := failsAt(kind, false)
			client := newClientInProcess(t, server, wrapper.WithObserver(func(_ context.Context, event wrapper.Event) {
				if armed {
					fail(string(event.Kind))
				}
			}))
			list := func() error { return onePage(t.Context(), client) }
			if err := list(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(9*time.Minute + time.Second)
			if armed = true; kind == wrapper.EventTokenKept {
				server.FailToken(sandbox.Fault{Status: 400})
			}
			if err := list(); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if panicked, err := aside(list); !failed.Load() || panicked != "oops" {
				t.Errorf("%s: recovered %v, and the error is %v", kind, panicked, err)
			}
			if panicked, err := aside(list); panicked != nil || err != nil {
				t.Errorf("%s: afterwards the panic is %v and the error %v", kind, panicked, err)
			}
		})
	}
}
