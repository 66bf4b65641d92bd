package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

func TestTokenAnswer(t *testing.T) {
	server := sandbox.Start(t)
	answer := send(t, tokenRequest(t, server)).wantStatus(t, http.StatusOK)
	got := decode[tokenAnswer](t, answer)
	if len(got.AccessToken) < 20 {
		t.Errorf("access_token %q can be guessed", got.AccessToken)
	}
	got.AccessToken = ""
	if want := (tokenAnswer{TokenType: "Bearer", ExpiresIn: 600, Scope: allScopes}); got != want {
		t.Errorf("answer = %+v, want %+v", got, want)
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Pragma": "no-cache", "Content-Type": "application/json",
	} {
		if value := answer.header.Get(name); value != want {
			t.Errorf("%s = %q, want %q", name, value, want)
		}
	}
	if first, second := tokenFor(t, server), tokenFor(t, server); first == second {
		t.Error("the same token twice")
	}
}

// allScopes is what the client is granted by default, in alphabetical order.
const allScopes = sandbox.ScopeRead + " " + sandbox.ScopeWrite + " " + sandbox.ScopeAccounts

func TestGrantedScopes(t *testing.T) {
	all := []string{sandbox.ScopeWrite, sandbox.ScopeAccounts, sandbox.ScopeRead}
	tests := []struct {
		name        string
		client      []string
		asked, want string // want is empty if the request is refused
	}{
		{"none asked", all, "", allScopes},
		{"one", all, sandbox.ScopeWrite, sandbox.ScopeWrite},
		{"two", all, sandbox.ScopeAccounts + " " + sandbox.ScopeWrite, sandbox.ScopeWrite + " " + sandbox.ScopeAccounts},
		{"one twice", all, sandbox.ScopeRead + " " + sandbox.ScopeRead, sandbox.ScopeRead},
		{"none asked of one", []string{sandbox.ScopeRead}, "", sandbox.ScopeRead},
		{"granted twice", []string{sandbox.ScopeRead, sandbox.ScopeRead}, "", sandbox.ScopeRead},
		{"a scope of one's own", []string{"openid", sandbox.ScopeRead}, "openid", "openid"},
		{"not granted", []string{sandbox.ScopeRead}, sandbox.ScopeWrite, ""},
		{"not granted, beside one that is", []string{sandbox.ScopeRead}, sandbox.ScopeRead + " " + sandbox.ScopeWrite, ""},
		{"client without scopes", nil, sandbox.ScopeRead, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithScopes(test.client...))
			answer := send(t, tokenRequest(t, server, "scope", test.asked))
			if test.want == "" {
				if got := decode[tokenError](t, answer.wantStatus(t, http.StatusBadRequest)); got.Error != "invalid_scope" {
					t.Errorf("error %q, want invalid_scope", got.Error)
				}
				return
			}
			if got := decode[tokenAnswer](t, answer.wantStatus(t, http.StatusOK)).Scope; got != test.want {
				t.Errorf("granted %q, want %q", got, test.want)
			}
		})
	}
}

func TestTokenLifetimeIsAnnouncedInSeconds(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithTokenLifetime(90*time.Second))
	answer := send(t, tokenRequest(t, server)).wantStatus(t, http.StatusOK)
	if got := decode[tokenAnswer](t, answer).ExpiresIn; got != 90 {
		t.Errorf("expires_in = %d, want 90", got)
	}
}

func TestRefusedTokenRequests(t *testing.T) {
	server := sandbox.Start(t)
	body := func(content string) func(*http.Request) {
		return func(r *http.Request) {
			replaced := newRequest(t, http.MethodPost, server.TokenURL, strings.NewReader(content))
			r.Body, r.ContentLength = replaced.Body, replaced.ContentLength
		}
	}
	tests := []struct {
		name   string
		change func(*http.Request)
		code   string
	}{
		{"JSON", func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, "invalid_request"},
		{"no content type", func(r *http.Request) { r.Header.Del("Content-Type") }, "invalid_request"},
		{"empty body", body(""), "invalid_request"},
		{"malformed body", body("grant_type=%zz"), "invalid_request"},
		{"large body", body("grant_type=client_credentials&scope=" + strings.Repeat("x", 100_000)), "invalid_request"},
		{"empty grant type", body("grant_type="), "invalid_request"},
		{"parameter twice", body("grant_type=client_credentials&grant_type=client_credentials"), "invalid_request"},
		{"parameters in the URL", func(r *http.Request) {
			body("")(r)
			r.URL.RawQuery = "grant_type=client_credentials"
		}, "invalid_request"},
		{"another grant type", body("grant_type=password"), "unsupported_grant_type"},
		{"unknown scope", body("grant_type=client_credentials&scope=everything"), "invalid_scope"},
		{"unknown scope beside a known one", body("grant_type=client_credentials&scope=everything+" + sandbox.ScopeWrite), "invalid_scope"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := tokenRequest(t, server)
			test.change(request)
			answer := send(t, request).wantStatus(t, http.StatusBadRequest)
			if got := decode[tokenError](t, answer); got.Error != test.code || got.Description == "" {
				t.Errorf("body = %+v, want error %q and a description", got, test.code)
			}
			if got := answer.header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control = %q, want no-store", got)
			}
		})
	}
}

func TestTokenRequestWithoutABody(t *testing.T) {
	server := sandbox.New()
	request := newRequest(t, http.MethodPost, "http://example.test"+sandbox.TokenPath, nil)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	serve(t, server, request).wantStatus(t, http.StatusUnauthorized)
}
