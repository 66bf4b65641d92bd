package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api"
)

func TestOnlyReadingIsAllowed(t *testing.T) {
	for _, path := range ownPaths {
		for method, status := range map[string]int{
			http.MethodOptions: http.StatusNoContent,
			http.MethodPost:    http.StatusMethodNotAllowed,
			http.MethodPut:     http.StatusMethodNotAllowed,
			http.MethodDelete:  http.StatusMethodNotAllowed,
			"BREW":             http.StatusMethodNotAllowed,
		} {
			t.Run(method+" "+path, func(t *testing.T) {
				got := serve(t, api.Handler(api.WithSandbox(teapot)), method, path)
				wantStatus(t, got, status)
				compare(t, "Allow", got.Header().Get("Allow"), "GET, HEAD, OPTIONS")
			})
		}
	}
}

func TestPagesOfAllOriginsMayRead(t *testing.T) {
	for _, path := range ownPaths {
		t.Run(path, func(t *testing.T) {
			header := serve(t, api.Handler(api.WithSandbox(teapot)), http.MethodGet, path, "Origin", "https://elsewhere.test").Header()
			compare(t, "Access-Control-Allow-Origin", header.Get("Access-Control-Allow-Origin"), "*")
			compare(t, "Access-Control-Expose-Headers", header.Get("Access-Control-Expose-Headers"), "ETag")
			compare(t, "Access-Control-Allow-Credentials", header.Get("Access-Control-Allow-Credentials"), "")
		})
	}
}

func TestPagesOfAllOriginsMayRevalidate(t *testing.T) {
	got := serve(t, api.Handler(), http.MethodOptions, "/openapi.yaml",
		"Origin", "https://elsewhere.test",
		"Access-Control-Request-Method", http.MethodGet,
		"Access-Control-Request-Headers", "if-none-match")
	wantStatus(t, got, http.StatusNoContent)
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin":  "*",
		"Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
		"Access-Control-Allow-Headers": "If-None-Match, If-Range, Range",
		"Access-Control-Max-Age":       "86400",
	} {
		compare(t, name, got.Header().Get(name), want)
	}
}

func TestSecurityHeaders(t *testing.T) {
	for _, path := range append(ownPaths, "/docs/start.js", "/unknown") {
		header := get(t, path).Header()
		compare(t, "X-Content-Type-Options", header.Get("X-Content-Type-Options"), "nosniff")
		compare(t, "Referrer-Policy", header.Get("Referrer-Policy"), "no-referrer")
		policy := header.Get("Content-Security-Policy")
		for _, directive := range []string{
			"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
			"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
		} {
			if !strings.Contains("; "+policy+";", "; "+directive+";") {
				t.Errorf("%s: %s is not in the policy %q", path, directive, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
	}
}
