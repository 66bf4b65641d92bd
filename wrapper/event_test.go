package wrapper_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
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
	if _, err := collect(newClient(t, server, wrapper.WithLogger(logger)).Pages(t.Context(), account, fifty)); err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{"time": true, "level": true, "msg": true, "account_id": true, "page": true, "attempt": true,
		"duration": true, "status": true, "request_id": true, "wait": true, "operation": true, "lifetime": true}
	count := map[string]int{}
	for line := range strings.Lines(log.String()) {
		var record map[string]any
		decode(t, strings.NewReader(line), &record)
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
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sandbox.WithGeneratedAccount(account, 60))
		server.FailToken(sandbox.Fault{Status: 503, Header: http.Header{"Retry-After": {"1"}}})
		server.Fail(
			sandbox.Fault{Delay: time.Second},
			sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"2"}, "X-Request-Id": {"r-1"}}},
			sandbox.Fault{Drop: true},
			sandbox.Fault{Status: 401},
		)
		var events []wrapper.Event
		client := newClientInProcess(t, server, wrapper.WithObserver(func(_ context.Context, event wrapper.Event) { events = append(events, event) }))
		if _, err := collect(client.Pages(t.Context(), account, fifty, wrapper.NoPrefetch())); err != nil {
			t.Fatal(err)
		}
		page := func(event wrapper.Event) wrapper.Event {
			event.Operation, event.AccountID = wrapper.OperationList, account
			return event
		}
		token := func(event wrapper.Event) wrapper.Event {
			event.Operation = wrapper.OperationToken
			return event
		}
		request, retry := wrapper.EventRequest, wrapper.EventRetry
		want := []wrapper.Event{
			token(wrapper.Event{Kind: request, Attempt: 1, Status: 503}),
			token(wrapper.Event{Kind: retry, Attempt: 1, Status: 503, Wait: time.Second}),
			token(wrapper.Event{Kind: request, Attempt: 2, Status: 200}),
			token(wrapper.Event{Kind: wrapper.EventToken, Lifetime: 10 * time.Minute}),
			page(wrapper.Event{Kind: request, Attempt: 1, Status: 200, Duration: time.Second, RequestID: "sandbox-000003"}),
			page(wrapper.Event{Kind: request, Attempt: 1, Page: 2, Status: 429, RequestID: "r-1"}),
			page(wrapper.Event{Kind: retry, Attempt: 1, Page: 2, Status: 429, RequestID: "r-1", Wait: 2 * time.Second}),
			page(wrapper.Event{Kind: request, Attempt: 2, Page: 2}),
			page(wrapper.Event{Kind: retry, Attempt: 2, Page: 2}),
			page(wrapper.Event{Kind: request, Attempt: 3, Page: 2, Status: 401, RequestID: "sandbox-000006"}),
			token(wrapper.Event{Kind: request, Attempt: 1, Status: 200}),
			token(wrapper.Event{Kind: wrapper.EventToken, Lifetime: 10 * time.Minute}),
			page(wrapper.Event{Kind: request, Attempt: 4, Page: 2, Status: 200, RequestID: "sandbox-000008"}),
		}
		for i := range min(len(events), len(want)) {
			if events[i].Wait < time.Second { // the backoff's, which is random
				events[i].Wait = 0
			}
			if events[i] != want[i] {
				t.Errorf("event %d is\n%+v, want\n%+v", i+1, events[i], want[i])
			}
		}
		if len(events) != len(want) {
			t.Errorf("%d events, want %d: %+v", len(events), len(want), events)
		}
	})
}

func TestRenewalsAreLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
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
