package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func TestFaultyResponses(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount("a", 3))
	token, target := tokenFor(t, server), listURL(server, "a")
	real := string(get(t, target, token).wantStatus(t, http.StatusOK).body)

	tests := []struct {
		name        string
		fault       sandbox.Fault
		status      int
		contentType string
		body        string
	}{
		{"none", sandbox.Fault{}, 200, "application/json", real},
		{"status", sandbox.Fault{Status: 503}, 503, "", ""},
		{"status and HTML", sandbox.Fault{Status: 502, Body: "<html>Bad gateway</html>"}, 502, "text/html; charset=utf-8", "<html>Bad gateway</html>"},
		{"status and JSON", sandbox.Fault{Status: 429, Body: `{"code":"x"}`}, 429, "application/json", `{"code":"x"}`},
		{"body", sandbox.Fault{Body: "{}"}, 200, "application/json", "{}"},
		{"body and type", sandbox.Fault{Body: "{}", Header: http.Header{"Content-Type": {"text/plain"}}}, 200, "text/plain", "{}"},
		{"type", sandbox.Fault{Header: http.Header{"content-type": {"application/json; charset=utf-8"}}}, 200, "application/json; charset=utf-8", real},
		{"no type", sandbox.Fault{Header: http.Header{"Content-Type": nil}}, 200, "", real},
		{"rewritten", sandbox.Fault{Rewrite: func(body []byte) []byte { return bytes.ToUpper(body) }}, 200, "application/json",
			string(bytes.ToUpper([]byte(real)))},
		{"rewriting is for real bodies", sandbox.Fault{Status: 500, Body: "x", Rewrite: func([]byte) []byte { return []byte("y") }},
			500, "text/plain; charset=utf-8", "x"},
		{"rewriting is not for missing bodies", sandbox.Fault{Status: 500, Rewrite: func([]byte) []byte { return []byte("y") }}, 500, "", ""},
		{"cut after the end", sandbox.Fault{CutAfter: 1 << 20}, 200, "application/json", real},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := server.ActionRequests()
			server.Fail(test.fault)
			response := get(t, target, token).wantStatus(t, test.status)
			// Go's client may hide a broken connection by repeating the request.
			if got := server.ActionRequests() - before; got != 1 {
				t.Errorf("%d requests, want 1", got)
			}
			if got := string(response.body); got != test.body {
				t.Errorf("body = %q, want %q", got, test.body)
			}
			if got := response.header.Get("Content-Type"); got != test.contentType {
				t.Errorf("Content-Type = %q, want %q", got, test.contentType)
			}
			if got := response.header.Get("Content-Length"); got != strconv.Itoa(len(test.body)) {
				t.Errorf("Content-Length = %q, want %d", got, len(test.body))
			}
			if response.header.Get("X-Request-Id") == "" {
				t.Error("no X-Request-Id")
			}
		})
	}
	noViolations(t, server)
}

func TestFaultHeaders(t *testing.T) {
	server := sandbox.Start(t)
	header := http.Header{"Retry-After": {"2"}, "X-Request-Id": {"mine"}}
	server.Fail(sandbox.Fault{Status: http.StatusTooManyRequests, Header: header})
	header.Set("Retry-After", "99")

	response := get(t, listURL(server, "a"), "x").wantStatus(t, http.StatusTooManyRequests)
	if got := response.header.Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After = %q, want 2", got)
	}
	if got := response.header.Values("X-Request-Id"); len(got) != 1 || got[0] != "mine" {
		t.Errorf("X-Request-Id = %q, want it replaced", got)
	}
}

func TestEachRequestTakesOneFault(t *testing.T) {
	server := sandbox.Start(t)
	token, target := tokenFor(t, server), listURL(server, sandbox.DefaultAccountID)
	server.Fail(sandbox.Fault{Status: 500}, sandbox.Fault{}, sandbox.Fault{Status: 502})
	server.Fail(sandbox.Fault{Status: 503})

	// Only requests for contract actions count.
	wrongMethod := getRequest(t, target, token)
	wrongMethod.Method = http.MethodPost
	send(t, wrongMethod).wantStatus(t, http.StatusMethodNotAllowed)
	get(t, server.URL+"/nowhere", token).wantStatus(t, http.StatusNotFound)
	tokenFor(t, server)

	for _, status := range []int{500, 200, 502, 503, 200} {
		get(t, target, token).wantStatus(t, status)
	}
	if got := server.ActionRequests(); got != 5 {
		t.Errorf("%d requests for actions, want 5", got)
	}
}

func TestDrop(t *testing.T) {
	server := sandbox.Start(t)
	token := tokenFor(t, server)
	// The client repeats a GET when a reused connection is closed.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	server.Fail(sandbox.Fault{Drop: true})
	response, err := client.Do(getRequest(t, listURL(server, sandbox.DefaultAccountID), token))
	if err == nil {
		_ = response.Body.Close()
		t.Fatalf("status %s", response.Status)
	}
	if !errors.Is(err, io.EOF) {
		t.Errorf("error = %v, want an end of the connection", err)
	}
	requests := server.Requests()
	if got := requests[len(requests)-1].Status; got != 0 {
		t.Errorf("recorded status %d, want 0", got)
	}
}

func TestCutAfter(t *testing.T) {
	server := sandbox.Start(t)
	token, target := tokenFor(t, server), listURL(server, sandbox.DefaultAccountID)
	whole := get(t, target, token).body

	server.Fail(sandbox.Fault{CutAfter: 7})
	response, err := http.DefaultClient.Do(getRequest(t, target, token))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error = %v, want %v", err, io.ErrUnexpectedEOF)
	}
	if !bytes.Equal(body, whole[:7]) || response.ContentLength != int64(len(whole)) {
		t.Errorf("%q of %d bytes, want %q of %d", body, response.ContentLength, whole[:7], len(whole))
	}
}

func TestWithoutAConnectionAnAbortIsAPanic(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"drop": {Drop: true},
		"cut":  {CutAfter: 1},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if got := recover(); got != http.ErrAbortHandler {
					t.Errorf("recovered %v, want %v", got, http.ErrAbortHandler)
				}
			}()
			server := sandbox.New()
			server.Fail(fault)
			serve(t, server, getRequest(t, "http://example.test/express/accounts/a/contracts/actions", "x"))
		})
	}
}

func TestDelay(t *testing.T) {
	tests := []struct {
		name     string
		deadline time.Duration
		want     time.Duration
	}{
		{"whole", time.Hour, 5 * time.Second},
		{"ended by the request's context", time.Second, time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sandbox.New()
				server.Fail(sandbox.Fault{Delay: 5 * time.Second, Status: http.StatusTeapot})
				ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
				defer cancel()
				request := getRequest(t, "http://example.test/express/accounts/a/contracts/actions", "x").WithContext(ctx)

				start := time.Now()
				serve(t, server, request).wantStatus(t, http.StatusTeapot)
				if got := time.Since(start); got != test.want {
					t.Errorf("took %s, want %s", got, test.want)
				}
			})
		})
	}
}

func TestTokenFaults(t *testing.T) {
	server := sandbox.Start(t)
	server.FailToken(
		sandbox.Fault{Status: http.StatusServiceUnavailable},
		sandbox.Fault{Rewrite: func([]byte) []byte { return []byte(`{"token_type":"Bearer"}`) }},
	)
	// The failed request was not processed, so the assertion is unused.
	signed := newAssertion(t, server, time.Now()).sign(t)
	sendAssertion(t, server, signed).wantStatus(t, http.StatusServiceUnavailable)
	response := sendAssertion(t, server, signed).wantStatus(t, http.StatusOK)
	if got := decode[tokenResponse](t, response); got.AccessToken != "" || got.TokenType != "Bearer" {
		t.Errorf("response = %+v, want it rewritten", got)
	}
	tokenFor(t, server)
	if got := server.TokenRequests(); got != 3 {
		t.Errorf("%d requests for tokens, want 3", got)
	}
}

func TestRewriteMayBreakTheContract(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount("a", newAction("1", gen.ContractActionStatusCREATED)))
	server.Fail(sandbox.Fault{Rewrite: func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte("CREATED"), []byte("ARCHIVED"))
	}})
	response := get(t, listURL(server, "a"), tokenFor(t, server)).wantStatus(t, http.StatusOK)
	page := decode[gen.ContractActionPage](t, response)
	if got := page.Embedded.ContractActions[0].Status; got != "ARCHIVED" {
		t.Errorf("status = %q, want ARCHIVED", got)
	}
	noViolations(t, server)
}
