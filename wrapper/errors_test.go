package wrapper_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestRefusalsAreTyped(t *testing.T) {
	sentinels := map[int]error{
		400: wrapper.ErrBadRequest, 401: wrapper.ErrUnauthorized, 403: wrapper.ErrForbidden, 404: wrapper.ErrNotFound,
		409: wrapper.ErrConflict, 429: wrapper.ErrRateLimited, 500: wrapper.ErrServer, 503: wrapper.ErrServer,
	}
	const body = `{"code":"c1","message":"No.","description":"Because.","fields":[{"name":"page","description":"too big"}]}`
	for status, sentinel := range sentinels {
		server := serve(t, func(w http.ResponseWriter, request *http.Request) {
			w.Header().Set("X-Request-Id", "r-1")
			w.Header().Set("Retry-After", "5")
			answer(status, "application/json", body)(w, request)
		})
		err := onePage(t.Context(), newClientOf(t, server.URL, wrapper.WithRetry(wrapper.NoRetry())))
		for _, other := range sentinels {
			if errors.Is(err, other) != (other == sentinel) {
				t.Errorf("%d: errors.Is(err, %v) is %v", status, other, errors.Is(err, other))
			}
		}
		var refused *wrapper.Error
		if !errors.As(err, &refused) {
			t.Fatalf("%d: the error is %v, want an Error", status, err)
		}
		if refused.StatusCode != status || refused.Code != "c1" || refused.Message != "No." || refused.Description != "Because." ||
			len(refused.Fields) != 1 || refused.Fields[0] != (wrapper.FieldError{Name: "page", Description: "too big"}) ||
			refused.RequestID != "r-1" || refused.RetryAfter.Seconds() != 5 || string(refused.Body) != body {
			t.Errorf("%d: got %+v with %d fields", status, refused, len(refused.Fields))
		}
		for _, part := range []string{account, http.StatusText(status), "c1: No: Because; page: too big", "request id r-1", "retry after 5s"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%d: the error %q does not say %q", status, err, part)
			}
		}
	}
}

func TestAMalformedErrorBodyDoesNotHideTheStatus(t *testing.T) {
	tests := []struct{ name, contentType, body, says string }{
		{"HTML", "text/html; charset=utf-8", "<html>Bad gateway</html>", "the body is text/html, not the API's"},
		{"nothing", "", "", "the body is empty"},
		{"no type", " ", "x", "of an unknown type"},
		{"half of it", "application/json", `{"code":"c`, "the body is not the documented one"},
		{"another shape", "application/json", `{"error":"x"}`, "the body is not the documented one"},
		{"other types", "application/json", `{"code":1,"message":[]}`, "the body is not the documented one"},
		{"null", "application/json", `null`, "the body is not the documented one"},
		{"a lot", "text/html", strings.Repeat("x", 3<<20), "text/html"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := serve(t, answer(502, test.contentType, test.body))
			err := onePage(t.Context(), newClientOf(t, server.URL))
			var refused *wrapper.Error
			if !errors.As(err, &refused) || refused.StatusCode != 502 || refused.Attempts != 4 {
				t.Fatalf("the error is %v", err)
			}
			if want := test.body[:min(len(test.body), 1<<20)]; string(refused.Body) != want {
				t.Errorf("the body has %d bytes, want %d", len(refused.Body), len(want))
			}
			if !strings.Contains(err.Error(), "502 Bad Gateway") || !strings.Contains(err.Error(), test.says) || len(err.Error()) > 500 {
				t.Errorf("the error is %.600q, want it to say %q", err.Error(), test.says)
			}
		})
	}
	t.Run("cut short", func(t *testing.T) {
		server := sandbox.Start(t)
		for range 8 {
			server.Fail(sandbox.Fault{Status: 501, Body: `{"code":"c","message":"m"}`, CutAfter: 5})
		}
		var refused *wrapper.Error
		if err := onePage(t.Context(), newClient(t, server)); !errors.As(err, &refused) || refused.StatusCode != 501 {
			t.Errorf("the error is %v, want a 501", err)
		}
	})
}

func TestNoAnswerAtAll(t *testing.T) {
	server := serve(t, nil)
	server.Close()
	err := onePage(t.Context(), newClientOf(t, server.URL))
	var failure *wrapper.Error
	if !errors.As(err, &failure) || failure.StatusCode != 0 || failure.Attempts != 4 || errors.Unwrap(failure) == nil {
		t.Fatalf("the error is %#v", err)
	}
	if want := "no answer from " + strings.TrimPrefix(server.URL, "http://"); !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %q, want it to say %q", err, want)
	}
}

// A careless server repeats what it was sent.
func TestATokenThatTheServerRepeatsIsInNoError(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"a documented body":  echo(403, `{"code":"TOKEN","message":"TOKEN","description":"TOKEN","fields":[{"name":"TOKEN","description":"TOKEN"}]}`),
		"another body":       echo(500, `TOKEN`),
		"a page":             echo(200, `{"count":"TOKEN"}`),
		"a page's next link": echo(200, `{"_links":{"next":{"href":"https://TOKEN.example.com/TOKEN"}}}`),
		"a next link, again": echo(200, `{"_links":{"next":{"href":"?TOKEN"}}}`),
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.com/"+ownToken, http.StatusFound)
		},
		"a header that is none": brokenHeader,
		"a redirect to nowhere": redirectTo("http://%zz/?t=Bearer TOKEN"),
		"a redirect, escaped":   redirectTo("https://example.com/?t=ESCAPED"),
		"a page number":         echo(200, `{"_links":{"next":{"href":"?page=TOKEN&more=1"}}}`),
		"a body, escaped":       echo(400, `{"code":"c","message":"ESCAPED SLASHED"}`),
		"an item's id":          echo(200, `{"_embedded":{"contract_actions":[{"id":"TOKEN","quantity":"x"}]}}`),
		"an item's own field":   echo(200, `{"_embedded":{"contract_actions":[{"created_at":"TOKEN"}]}}`),
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, handler)
			var log bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			_, err := collect(newClientOf(t, server.URL, wrapper.WithLogger(logger)).Pages(t.Context(), account))
			if err == nil {
				t.Fatal("no error")
			}
			var refused *wrapper.Error
			var shown string
			if errors.As(err, &refused) {
				logger.Error("failed", "error", refused)
				shown = fmt.Sprintf("%s %s %v", must(json.Marshal(refused)), refused.Body, refused.Header)
			}
			shown += log.String()
			for deeper := err; deeper != nil; deeper = errors.Unwrap(deeper) {
				shown += fmt.Sprintf("%v %+v %#v", deeper, deeper, deeper)
			}
			if strings.Contains(shown, ownToken) || strings.Contains(shown, withToken("ESCAPED")) || strings.Contains(shown, withToken("SLASHED")) {
				t.Errorf("the token is in %.2000s", shown)
			}
		})
	}
}

func echo(status int, template string) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		w.Header().Set("X-Request-Id", ownToken)
		answer(status, "application/json", withToken(template))(w, request)
	}
}

// withToken puts the token into a server's text, in the forms that servers use.
func withToken(template string) string {
	return strings.NewReplacer("TOKEN", ownToken, "ESCAPED", url.QueryEscape(ownToken),
		"SLASHED", strings.ReplaceAll(ownToken, "/", `\/`)).Replace(template)
}

func redirectTo(template string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", withToken(template))
		w.WriteHeader(http.StatusFound)
	}
}

// brokenHeader answers with a line in the header that is none.
func brokenHeader(w http.ResponseWriter, request *http.Request) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\n%s\r\n\r\n", request.Header.Get("Authorization"))
}

func TestServerTextCannotSteerATerminal(t *testing.T) {
	server := serve(t, answer(400, "application/json", `{"code":"\u001b[2J","message":"a\nb","description":"`+strings.Repeat("x", 5000)+`"}`))
	err := onePage(t.Context(), newClientOf(t, server.URL))
	if text := err.Error(); strings.ContainsAny(text, "\x1b\n") || len(text) > 600 {
		t.Errorf("the error is %.700q", text)
	}
}

func TestTheLogHasAnAllowlist(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 60))
	server.Fail(sandbox.Fault{Status: 503})
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if _, err := collect(newClient(t, server, wrapper.WithLogger(logger)).Pages(t.Context(), account)); err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{"time": true, "level": true, "msg": true, "account_id": true, "page": true, "attempt": true,
		"duration": true, "status": true, "request_id": true, "wait": true, "token": true, "lifetime": true}
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
	want := map[string]int{"DEBUG request": 3, "WARN retry": 1, "INFO token obtained": 1}
	if fmt.Sprint(count) != fmt.Sprint(want) {
		t.Errorf("logged %v, want %v", count, want)
	}
	if strings.Contains(log.String(), server.ClientSecret) {
		t.Error("the log has the secret")
	}
}
