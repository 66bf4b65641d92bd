package wrapper_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/leaktest"
	"github.com/talkdesk-express/contractactions/internal/wire"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// The table of faults has all statuses: here is all that an Error has.
func TestWhatAnErrorHas(t *testing.T) {
	const body = `{"code":"c1","message":"No.","description":"Because.","fields":[{"name":"page","description":"too big"}]}`
	transport, base := wire.InMemory(t, wire.NewService([]wire.Script{wire.Writes(wire.Response(429, body, "X-Request-Id: r-1", "Retry-After: 5"))}, nil), false)
	err := onePage(t.Context(), newClientOf(t, base, wrapper.WithHTTPClient(transport), wrapper.WithRetry(wrapper.NoRetry())))
	refused, ok := errors.AsType[*wrapper.Error](err)
	if !ok || refused.StatusCode != 429 || refused.Code != "c1" || refused.Message != "No." || refused.Description != "Because." ||
		!slices.Equal(refused.Fields, []wrapper.FieldError{{Name: "page", Description: "too big"}}) ||
		refused.RequestID != "r-1" || refused.RetryAfter.Seconds() != 5 || string(refused.Body) != body {
		t.Errorf("got %+v", refused)
	}
	for _, part := range []string{account, "Too Many Requests", "c1: No: Because; page: too big", "request id r-1", "retry after 5s"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error %q does not say %q", err, part)
		}
	}
}

// What the client decides does not depend on what it withholds: also a secret
// that occurs in codes, headers, host names or the texts of errors.
func TestCodesAndStatusesSayWhatToDo(t *testing.T) {
	const scopes = "the client must be granted the scope " + wrapper.ScopeRead + " or " + wrapper.ScopeWrite
	for name, test := range map[string]struct {
		status    int
		code      string
		hint      string
		requests  int
		transient bool
		forbidden string // must not be in the text
	}{
		"no permission":  {401, wrapper.CodeNoPermission, "the client has no permission for this request: ask the vendor", 1, false, "region"},
		"a bad token":    {401, "0011003", "check that the credentials, or the token source, belong to this region", 2, false, "permission"},
		"no scope":       {403, wrapper.CodeMissingScope, scopes, 1, false, "account id"},
		"another 403":    {403, "c1", scopes + "; check the account id", 1, false, "region"},
		"no account":     {404, wrapper.CodeNotFound, "check the account id", 1, false, "region"},
		"another 404":    {404, "c1", "check the account id and the region", 1, false, "scope"},
		"too many":       {429, wrapper.CodeRateLimited, "reduce the request rate", 1, true, "region"},
		"a parameter":    {400, wrapper.CodeInvalidParameters, "", 2, false, "region"},
		"a gateway code": {500, "0015005", "", 1, true, "region"},
	} {
		for _, secret := range append(shortSecrets, ownToken) {
			t.Run(name+", "+secret, func(t *testing.T) {
				body := fmt.Sprintf(`{"code":%q,"message":"No."}`, test.code)
				service := wire.NewService([]wire.Script{wire.Writes(wire.Response(test.status, body, "Retry-After: 3131", "Platform-Tid: tid-x"))}, nil)
				transport, base := wire.InMemory(t, service, false)
				err := onePage(t.Context(), clientWithToken(t, secret, base, transport))
				requests, _ := service.Seen()
				refused, ok := errors.AsType[*wrapper.Error](err)
				if !ok || refused.RequestID != "tid-x" || refused.RetryAfter != 3131*time.Second || requests != test.requests || wrapper.IsTransient(err) != test.transient {
					t.Fatalf("got %+v after %d requests, want it after %d", refused, requests, test.requests)
				}
				if isDocumented := strings.HasPrefix(test.code, "3110") || test.code == wrapper.CodeRateLimited || secret == ownToken; isDocumented && refused.Code != test.code {
					t.Errorf("the code is %q, want %q", refused.Code, test.code)
				}
				text := strings.ReplaceAll(err.Error(), account, "")
				if !strings.Contains(text, test.hint) || strings.Contains(text, test.forbidden) {
					t.Errorf("the error is %q, want it to say %q and not %q", text, test.hint, test.forbidden)
				}
			})
		}
	}
}

func TestConstantsAreThoseOfTheContract(t *testing.T) {
	document := must(openapi3.NewLoader().LoadFromData(contractactions.Document()))(t)
	if want := fmt.Sprintf("per_page=%v", *document.Components.Schemas["PageSize"].Value.Max); !strings.HasSuffix(preferences, want) {
		t.Errorf("a listing requests %s, want %s", preferences, want)
	}
	for code, status := range map[string]int{
		wrapper.CodeInvalidParameters: 400, wrapper.CodeNoPermission: 401, wrapper.CodeMissingScope: 403,
		wrapper.CodeNotFound: 404, wrapper.CodeRateLimited: 429,
	} {
		if row := fmt.Sprintf("| %d | `%s` |", status, code); !bytes.Contains(contractactions.Document(), []byte(row)) {
			t.Errorf("the contract has no row %q", row)
		}
	}
}

// Whatever comes with a refusal, the caller learns the status.
func FuzzRefusal(f *testing.F) {
	documented := `{"code":"c1","message":"No.","description":"Because.","fields":[{"name":"page","description":"too big"}]}`
	manyFields := `{"code":"c1","message":"No.","fields":[` + strings.Repeat(`{"name":"page","description":"too big"},`, 1000) + `{}]}`
	f.Add(400, "application/json", "r-1", documented)
	f.Add(400, "application/json", "r-1", manyFields)
	f.Add(401, "application/json; charset=utf-8", "", `{"code":"c1","message":7}`)
	f.Add(403, "text/html", ownToken, ownToken)
	f.Add(403, "application/json", "\x9b31m", `{"code":"\u009b31m`+ownToken+`"}`)
	f.Add(404, "a/b; c", "\n", "")
	f.Add(304, "", "", "")
	f.Add(429, "application/json", "", `null`)
	f.Add(599, "", "", `{"code":"`+strings.Repeat(`\u0000`, 1000)+`","message":"`+strings.Repeat(`\u0000`, 1000)+`"}`)
	f.Fuzz(func(t *testing.T, number int, contentType, requestID, body string) {
		status := 300 + int(uint(number)%300)
		if number >= 300 && number < 600 {
			status = number
		}
		client := newFuzzedClient(t, func(request *http.Request) (*http.Response, error) {
			return answered(request, status, http.Header{"Content-Type": {contentType}, "X-Request-Id": {requestID}}, body), nil
		})
		err := onePage(t.Context(), client)
		refused, ok := errors.AsType[*wrapper.Error](err)
		if !ok || refused.StatusCode != status {
			t.Fatalf("the error is %v, want an Error with the status %d", err, status)
		}
		leaktest.CheckText(t, err, ownToken)
		// Escaped, or cut at the end, the token is withheld as well.
		if mayHoldToken := strings.Contains(body, "token"); !mayHoldToken && string(refused.Body) != body || strings.Contains(string(refused.Body), ownToken) {
			t.Errorf("the error has the body %q, want %q without the token", refused.Body, body)
		}
		var said gen.ErrorBody
		isDocumented := json.Unmarshal([]byte(body), &said) == nil && said.Code+said.Message != ""
		if isDocumented && !strings.Contains(body, "token") && !strings.Contains(body, `\`) {
			if refused.Code != said.Code || refused.Message != said.Message || len(refused.Fields) != len(said.Fields) {
				t.Errorf("got the code %q, the message %q and %d fields of %s", refused.Code, refused.Message, len(refused.Fields), body)
			}
		}
	})
}
