package api_test

import (
	"strings"
	"testing"
)

func TestAnswersAskBrowsersToBeStrict(t *testing.T) {
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
