package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

func TestSecretIsFormURLEncodedInsideBasic(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithClient("id: 100%", "päss+wörd / %41"))
	send(t, tokenRequest(t, server)).wantStatus(t, http.StatusOK)

	plain := formRequest(t, server)
	plain.SetBasicAuth(server.ClientID, server.ClientSecret)
	send(t, plain).wantStatus(t, http.StatusUnauthorized)
}

func TestClientAuthentication(t *testing.T) {
	server := sandbox.Start(t)
	basic := func(id, secret string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) }
	}
	right := basic(server.ClientID, server.ClientSecret)
	header := func(values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header["Authorization"] = values }
	}
	tests := []struct {
		name         string
		form         []string
		authenticate func(*http.Request)
		status       int
		code         string
	}{
		{"right", nil, right, 200, ""},
		{"right, with client_id in the form", []string{"client_id", server.ClientID}, right, 200, ""},
		{"right, with an empty client_id", []string{"client_id", ""}, right, 200, ""},
		{"nothing", nil, header(), 401, "invalid_client"},
		{"wrong secret", nil, basic(server.ClientID, "wrong"), 401, "invalid_client"},
		{"empty secret", nil, basic(server.ClientID, ""), 401, "invalid_client"},
		{"wrong id", nil, basic("wrong", server.ClientSecret), 401, "invalid_client"},
		{"beginning of the secret", nil, basic(server.ClientID, server.ClientSecret[:20]), 401, "invalid_client"},
		{"malformed Basic", nil, header("Basic !"), 401, "invalid_client"},
		{"Bearer", nil, header("Bearer " + server.ClientSecret), 401, "invalid_client"},
		{"malformed encoding", nil, func(r *http.Request) { r.SetBasicAuth("%zz", "%zz") }, 401, "invalid_client"},
		{"two Authorization headers", nil, header("Basic YTpi", "Basic YTpi"), 400, "invalid_request"},
		{"other client_id in the form", []string{"client_id", "wrong"}, right, 401, "invalid_client"},
		{"secret in the form", []string{"client_id", server.ClientID, "client_secret", server.ClientSecret}, header(), 401, "invalid_client"},
		{"secret in both places", []string{"client_secret", server.ClientSecret}, right, 400, "invalid_request"},
		{"Basic and an assertion", []string{"client_assertion", "x"}, right, 400, "invalid_request"},
		{"secret and an assertion in the form", []string{"client_assertion", "x", "client_secret", "x"}, header(), 400, "invalid_request"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := formRequest(t, server, test.form...)
			test.authenticate(request)
			response := send(t, request).wantStatus(t, test.status)
			if got := decode[tokenError](t, response); got.Error != test.code {
				t.Errorf("error = %q, want %q", got.Error, test.code)
			}
			challenged := strings.HasPrefix(response.header.Get("WWW-Authenticate"), "Basic ")
			if want := test.status == http.StatusUnauthorized && request.Header.Get("Authorization") != ""; challenged != want {
				t.Errorf("WWW-Authenticate = %q", response.header.Get("WWW-Authenticate"))
			}
			if strings.Contains(string(response.body), server.ClientSecret) {
				t.Errorf("the response contains the secret: %s", response.body)
			}
		})
	}
}

func TestClientsHaveTheirOwnSecretsAndScopes(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithClient("main", "s0"), sandbox.WithClients(
		sandbox.Client{ID: "every", Secret: "s1"},
		sandbox.Client{ID: "accounts", Secret: "s2", Scopes: []string{sandbox.ScopeAccounts}},
		sandbox.Client{ID: "none", Secret: "s3", Scopes: []string{}},
		sandbox.Client{ID: "main", Secret: "ignored"},
	))
	for _, test := range []struct {
		id, secret, clientID string
		status               int
		scope                string
	}{
		{"main", "s0", "", 200, allScopes},
		{"every", "s1", "", 200, allScopes},
		{"every", "s1", "every", 200, allScopes},
		{"accounts", "s2", "", 200, sandbox.ScopeAccounts},
		{"none", "s3", "", 200, ""},
		{"main", "ignored", "", 401, ""},
		{"every", "s0", "", 401, ""},
		{"other", "s0", "", 401, ""},
		{"every", "s1", "main", 401, ""},
	} {
		request := formRequest(t, server, "client_id", test.clientID)
		request.SetBasicAuth(test.id, test.secret)
		response := send(t, request)
		if got := decode[tokenResponse](t, response).Scope; response.status != test.status || got != test.scope {
			t.Errorf("%+v: status %d, scope %q", test, response.status, got)
		}
	}
}
