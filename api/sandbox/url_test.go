package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

// The proxy that ends TLS is between the client, which knows only the URL, and the
// server, which sees plain http.
func TestURLOfAServerBehindAProxy(t *testing.T) {
	for text, base := range map[string]string{
		"https://sandbox.example.test":        "https://sandbox.example.test",
		"https://sandbox.example.test:8443/":  "https://sandbox.example.test:8443",
		"https://example.test/a%20prefix//":   "https://example.test/a%20prefix",
		"http://[2001:db8::1]:8080":           "http://[2001:db8::1]:8080",
		"HTTPS://xn--bcher-kva.example.test/": "https://xn--bcher-kva.example.test",
	} {
		t.Run(text, func(t *testing.T) {
			server := sandbox.New(sandbox.WithURL(text))
			if server.URL != base || server.TokenURL != base+"/oauth/token" {
				t.Errorf("URL = %q, TokenURL = %q", server.URL, server.TokenURL)
			}
			listening := httptest.NewServer(server)
			defer listening.Close()
			arriving := func(request *http.Request) *http.Request {
				request.URL.Scheme, request.URL.Host = "http", listening.Listener.Addr().String()
				request.URL.Path = strings.TrimPrefix(request.URL.Path, "/a prefix")
				return request
			}
			signed := newAssertion(t, server, time.Now()).sign(t) // for server.TokenURL
			response := send(t, arriving(formRequest(t, server, "client_assertion_type", assertionType, "client_assertion", signed)))
			token := decode[tokenResponse](t, response.wantStatus(t, http.StatusOK)).AccessToken

			response = send(t, arriving(getRequest(t, listURL(server, sandbox.DefaultAccountID), token)))
			page := decode[gen.ContractActionPage](t, response.wantStatus(t, http.StatusOK))
			for _, link := range []*gen.Link{page.Links.First, page.Links.Last, page.Links.Self, page.Links.Next} {
				if !strings.HasPrefix(href(link), listURL(server, sandbox.DefaultAccountID)+"?") {
					t.Errorf("link %s", href(link))
				}
			}

			// What the connection looks like is no audience any more.
			a := newAssertion(t, server, time.Now())
			a.claims["aud"] = listening.URL + sandbox.TokenPath
			send(t, arriving(formRequest(t, server, "client_assertion_type", assertionType, "client_assertion", a.sign(t)))).
				wantStatus(t, http.StatusUnauthorized)
		})
	}
}

func TestURLsThatAreNone(t *testing.T) {
	for _, text := range []string{
		"", "sandbox.example.test", "//sandbox.example.test", "/docs", "ftp://sandbox.example.test", "https:sandbox.example.test",
		"https://", "https://:8443", "https://sandbox.example.test:0", "https://sandbox.example.test:65536", "https://sandbox.example.test:x",
		"https://user@sandbox.example.test", "https://sandbox.example.test?", "https://sandbox.example.test/?a=b",
		"https://sandbox.example.test#", "https://sandbox.example.test/\n", "https://%zz", "{url}",
	} {
		if sandbox.CheckURL(text) == nil {
			t.Errorf("CheckURL accepts %q", text)
			continue
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("WithURL accepts %q", text)
				}
			}()
			sandbox.WithURL(text)
		}()
	}
}
