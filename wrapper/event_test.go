package wrapper_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
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
