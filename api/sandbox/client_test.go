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
			if want := test.status == http.StatusUnauthorized; challenged != want {
				t.Errorf("WWW-Authenticate = %q", response.header.Get("WWW-Authenticate"))
			}
			if strings.Contains(string(response.body), server.ClientSecret) {
				t.Errorf("the response contains the secret: %s", response.body)
			}
		})
	}
}
