package api_test

import (
	"net/http"
	"testing"

	"github.com/talkdesk-express/contractactions/api"
)

// ownPaths are those that the package documentation lists.
var ownPaths = []string{"/", "/docs", "/healthz", "/openapi", "/openapi.json", "/openapi.yaml"}

func TestPathsAndMediaTypes(t *testing.T) {
	for path, mediaType := range map[string]string{
		"/":                          "text/plain; charset=utf-8",
		"/docs":                      "text/html; charset=utf-8",
		"/docs/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
		"/docs/swagger-ui.css":       "text/css; charset=utf-8",
		"/healthz":                   "text/plain; charset=utf-8",
		"/openapi":                   "application/yaml",
		"/openapi.json":              "application/json",
		"/openapi.yaml":              "application/yaml",
	} {
		for name, handler := range map[string]http.Handler{
			path:          api.Handler(),
			prefix + path: belowPrefix(api.Handler()),
		} {
			t.Run(name, func(t *testing.T) {
				got := answer(t, handler, http.MethodGet, name)
				wantStatus(t, got, http.StatusOK)
				compare(t, "Content-Type", got.Header().Get("Content-Type"), mediaType)
				if got.Body.Len() == 0 {
					t.Error("the body is empty")
				}
			})
		}
	}
}

func TestNothingElseIsThere(t *testing.T) {
	for _, path := range []string{"/docs/index.html", "/docs/start.js/", "//docs", "/openapi.yml", "/express/accounts"} {
		wantStatus(t, get(t, path), http.StatusNotFound)
	}
}

func TestDocumentationWithASlashAtItsEnd(t *testing.T) {
	got := answer(t, belowPrefix(api.Handler()), http.MethodGet, prefix+"/docs/")
	wantStatus(t, got, http.StatusMovedPermanently)
	compare(t, "Location", got.Header().Get("Location"), "../docs")
}

func TestHealth(t *testing.T) {
	got := get(t, "/healthz")
	compare(t, "body", got.Body.String(), "ok\n")
	compare(t, "Cache-Control", got.Header().Get("Cache-Control"), "no-store")
}
