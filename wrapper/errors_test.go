package wrapper_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions"
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
		{"half of it", "application/json", `{"code":"c`, "the body is not the documented error body"},
		{"another shape", "application/json", `{"error":"x"}`, "the body is not the documented error body"},
		{"other types", "application/json", `{"code":1,"message":[]}`, "the body is not the documented error body"},
		{"null", "application/json", `null`, "the body is not the documented error body"},
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
	if want := "no response from " + strings.TrimPrefix(server.URL, "http://"); !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %q, want it to say %q", err, want)
	}
}

func TestDocumentedCodesSayWhatToDo(t *testing.T) {
	const scopes = "the client must be granted the scope " + wrapper.ScopeRead + " or " + wrapper.ScopeWrite
	for name, test := range map[string]struct {
		status    int
		code      string
		hint      string
		requests  int
		forbidden string // must not be in the text
	}{
		"no permission":  {401, wrapper.CodeNoPermission, "the client has no permission for this request: ask the vendor", 1, "region"},
		"a bad token":    {401, "0011003", "check that the credentials, or the token source, belong to this region", 2, "permission"},
		"no scope":       {403, wrapper.CodeMissingScope, scopes, 1, "account id"},
		"another 403":    {403, "c1", scopes + "; check the account id", 1, "region"},
		"no account":     {404, wrapper.CodeNotFound, "check the account id", 1, "region"},
		"another 404":    {404, "c1", "check the account id and the region", 1, "scope"},
		"too many":       {429, wrapper.CodeRateLimited, "reduce the request rate", 1, "region"},
		"a parameter":    {400, wrapper.CodeInvalidParameters, wrapper.CodeInvalidParameters, 2, "region"},
		"a gateway code": {500, "0015005", "0015005", 1, "region"},
	} {
		t.Run(name, func(t *testing.T) {
			requests := 0
			server := serve(t, func(w http.ResponseWriter, request *http.Request) {
				requests++
				w.Header().Set("Platform-Tid", "tid-1")
				answer(test.status, "application/json", `{"code":"`+test.code+`","message":"No."}`)(w, request)
			})
			err := onePage(t.Context(), newClientOf(t, server.URL, wrapper.WithRetry(wrapper.NoRetry())))
			var refused *wrapper.Error
			if !errors.As(err, &refused) || refused.Code != test.code || refused.RequestID != "tid-1" || requests != test.requests {
				t.Errorf("got %+v after %d requests, want the code %s after %d", refused, requests, test.code, test.requests)
			}
			text := strings.ReplaceAll(err.Error(), account, "")
			if !strings.Contains(text, test.hint) || strings.Contains(text, test.forbidden) {
				t.Errorf("the error is %q, want it to say %q and not %q", text, test.hint, test.forbidden)
			}
		})
	}
}

// The codes that have constants are those that the contract lists.
func TestCodesAreThoseOfTheContract(t *testing.T) {
	for code, status := range map[string]int{
		wrapper.CodeInvalidParameters: 400, wrapper.CodeNoPermission: 401, wrapper.CodeMissingScope: 403,
		wrapper.CodeNotFound: 404, wrapper.CodeRateLimited: 429,
	} {
		if row := fmt.Sprintf("| %d | `%s` |", status, code); !bytes.Contains(contractactions.Document(), []byte(row)) {
			t.Errorf("the contract has no row %q", row)
		}
	}
}
