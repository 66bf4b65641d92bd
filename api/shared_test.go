package api_test

import (
	"net/http"
	"testing"

	"github.com/talkdesk-express/contractactions/api"
)

func TestPagesOfAllOriginsMayRead(t *testing.T) {
	for _, path := range ownPaths {
		t.Run(path, func(t *testing.T) {
			header := get(t, path, "Origin", "https://elsewhere.test").Header()
			compare(t, "Access-Control-Allow-Origin", header.Get("Access-Control-Allow-Origin"), "*")
			compare(t, "Access-Control-Expose-Headers", header.Get("Access-Control-Expose-Headers"), "ETag")
			compare(t, "Access-Control-Allow-Credentials", header.Get("Access-Control-Allow-Credentials"), "")
		})
	}
}

func TestPagesOfAllOriginsMayRevalidate(t *testing.T) {
	got := answer(t, api.Handler(), http.MethodOptions, "/openapi.yaml",
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
