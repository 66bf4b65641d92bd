package sandbox_test

import (
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func TestRefusedTokens(t *testing.T) {
	server := sandbox.Start(t)
	good := tokenFor(t, server)
	tests := []struct {
		name      string
		values    []string
		challenge string
	}{
		{"none", nil, `Bearer realm="sandbox"`},
		{"empty", []string{"Bearer "}, `Bearer realm="sandbox"`},
		{"other scheme", []string{"Basic " + good}, `Bearer realm="sandbox"`},
		{"no scheme", []string{good}, `Bearer realm="sandbox"`},
		{"two headers", []string{"Bearer " + good, "Bearer " + good}, `Bearer realm="sandbox"`},
		{"unknown", []string{"Bearer unknown"}, `Bearer realm="sandbox", error="invalid_token"`},
		{"beginning of a token", []string{"Bearer " + good[:20]}, `Bearer realm="sandbox", error="invalid_token"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := getRequest(t, listURL(server, sandbox.DefaultAccountID), "")
			request.Header["Authorization"] = test.values
			response := send(t, request).wantStatus(t, http.StatusUnauthorized)
			if body := decode[gen.ErrorBody](t, response); body.Code != "0011003" || body.Description == nil {
				t.Errorf("body = %s", response.body)
			}
			if got := response.header.Get("WWW-Authenticate"); got != test.challenge {
				t.Errorf("WWW-Authenticate = %q, want %q", got, test.challenge)
			}
		})
	}
	noViolations(t, server)
}

func TestSchemeIsCaseInsensitive(t *testing.T) {
	server := sandbox.Start(t)
	request := getRequest(t, listURL(server, sandbox.DefaultAccountID), "")
	request.Header.Set("Authorization", "bearer "+tokenFor(t, server))
	send(t, request).wantStatus(t, http.StatusOK)
}

func TestScopesThatMayList(t *testing.T) {
	tests := []struct {
		granted []string
		status  int
	}{
		{[]string{sandbox.ScopeRead}, http.StatusOK},
		{[]string{sandbox.ScopeWrite}, http.StatusOK},
		{[]string{sandbox.ScopeWrite, sandbox.ScopeRead}, http.StatusOK},
		{[]string{sandbox.ScopeAccounts}, http.StatusForbidden},
		{nil, http.StatusForbidden},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.granted, " "), func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithScopes(test.granted...))
			response := get(t, listURL(server, sandbox.DefaultAccountID), tokenFor(t, server)).wantStatus(t, test.status)
			if test.status == http.StatusForbidden {
				wantMissingScope(t, response)
			}
			noViolations(t, server)
		})
	}
}

// A token with one scope may do what the contract says, and nothing else.
func TestEachOperationNeedsItsOwnScopes(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount("a"))
	granted := strings.Fields(decode[tokenResponse](t, send(t, tokenRequest(t, server))).Scope)
	contract := document(t)
	for template, item := range contract.Paths.Map() {
		for method, operation := range item.Operations() {
			requirements := &contract.Security
			if operation.Security != nil {
				requirements = operation.Security
			}
			for _, scope := range granted {
				t.Run(operation.OperationID+" "+scope, func(t *testing.T) {
					request := getRequest(t, server.URL+strings.ReplaceAll(template, "{account_id}", "a"), tokenFor(t, server, "scope", scope))
					request.Method = method
					response := send(t, request)
					isEnough := slices.ContainsFunc(*requirements, func(alternative openapi3.SecurityRequirement) bool {
						return slices.Equal(alternative["oauth2"], []string{scope})
					})
					if isEnough {
						response.wantStatus(t, http.StatusOK)
					} else if body := decode[gen.ErrorBody](t, response.wantStatus(t, http.StatusForbidden)); body.Code != "3110002" {
						t.Errorf("body = %s", response.body)
					}
				})
			}
		}
	}
	noViolations(t, server)
}

func wantMissingScope(t *testing.T, response readResponse) {
	t.Helper()
	body := decode[gen.ErrorBody](t, response)
	want := "Required is one of " + sandbox.ScopeRead + ", " + sandbox.ScopeWrite + "."
	if body.Code != "3110002" || body.Description == nil || *body.Description != want {
		t.Errorf("body = %s, want both scopes", response.body)
	}
	challenge := `Bearer realm="sandbox", error="insufficient_scope", scope="` + sandbox.ScopeRead + " " + sandbox.ScopeWrite + `"`
	if got := response.header.Get("WWW-Authenticate"); got != challenge {
		t.Errorf("WWW-Authenticate = %q, want %q", got, challenge)
	}
}

func TestTokenExpiresByTheClock(t *testing.T) {
	clock := newManualClock()
	server := sandbox.Start(t, sandbox.WithClock(clock.Now))
	token := tokenFor(t, server)
	target := listURL(server, sandbox.DefaultAccountID)

	clock.advance(10*time.Minute - time.Nanosecond)
	get(t, target, token).wantStatus(t, http.StatusOK)
	clock.advance(time.Nanosecond)
	response := get(t, target, token).wantStatus(t, http.StatusUnauthorized)
	if body := decode[gen.ErrorBody](t, response); *body.Description != "The access token has expired." {
		t.Errorf("description = %q", *body.Description)
	}

	// The server forgets expired tokens, but still rejects them.
	clock.advance(24 * time.Hour)
	fresh := tokenFor(t, server)
	response = get(t, target, token).wantStatus(t, http.StatusUnauthorized)
	if body := decode[gen.ErrorBody](t, response); *body.Description != "The access token is unknown." {
		t.Errorf("description = %q", *body.Description)
	}
	get(t, target, fresh).wantStatus(t, http.StatusOK)
}

func TestTokenWithoutALifetimeHasExpired(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithTokenLifetime(-time.Minute))
	response := send(t, tokenRequest(t, server)).wantStatus(t, http.StatusOK)
	got := decode[tokenResponse](t, response)
	if got.ExpiresIn != 0 {
		t.Errorf("expires_in = %d, want 0", got.ExpiresIn)
	}
	get(t, listURL(server, sandbox.DefaultAccountID), got.AccessToken).wantStatus(t, http.StatusUnauthorized)
}

func TestRevokedTokens(t *testing.T) {
	server := sandbox.Start(t)
	target := listURL(server, sandbox.DefaultAccountID)
	old := tokenFor(t, server)
	get(t, target, old).wantStatus(t, http.StatusOK)

	server.RevokeTokens()
	response := get(t, target, old).wantStatus(t, http.StatusUnauthorized)
	if body := decode[gen.ErrorBody](t, response); *body.Description != "The access token has been revoked." {
		t.Errorf("description = %q", *body.Description)
	}
	get(t, target, tokenFor(t, server)).wantStatus(t, http.StatusOK)
}

// The memory for a token does not depend on the length of its request, of which
// the record keeps 8 KiB.
func TestTokensTakeBoundedMemory(t *testing.T) {
	const requests, limit = 200, 6 << 20
	server := sandbox.New(sandbox.WithURL("http://api.example.test"))
	scope := strings.Repeat(sandbox.ScopeRead+" ", 1_500)
	before := heap()
	for range requests {
		serve(t, server, tokenRequest(t, server, "scope", scope)).wantStatus(t, http.StatusOK)
	}
	if got := heap() - before; got > limit {
		t.Errorf("%d tokens retain %d MiB", requests, got>>20)
	}
	runtime.KeepAlive(server)
}

func TestLatestTokensAreValid(t *testing.T) {
	const limit = 10_000
	server := sandbox.New(sandbox.WithURL("http://api.example.test"), sandbox.WithAccount("a"))
	var tokens []string
	for range limit + 1 {
		response := serve(t, server, tokenRequest(t, server)).wantStatus(t, http.StatusOK)
		tokens = append(tokens, decode[tokenResponse](t, response).AccessToken)
	}
	for i, status := range map[int]int{0: http.StatusUnauthorized, 1: http.StatusOK, limit: http.StatusOK} {
		serve(t, server, getRequest(t, listURL(server, "a"), tokens[i])).wantStatus(t, status)
	}
}

// A token must not cost more after many others.
func BenchmarkTokenAfterManyOthers(b *testing.B) {
	for _, n := range []int{1, 40_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			server := sandbox.New(sandbox.WithURL("http://api.example.test"))
			for range n {
				serve(b, server, tokenRequest(b, server))
			}
			for b.Loop() {
				serve(b, server, tokenRequest(b, server))
			}
		})
	}
}
