package api_test

import (
	"net/http"
	"testing"

	"github.com/talkdesk-express/contractactions/api"
)

// ownPaths are the paths that the package documentation lists.
var ownPaths = []string{
	"/", "/docs", "/healthz", "/openapi-open.json", "/openapi-open.yaml", "/openapi.json", "/openapi.yaml", "/sandbox.json", "/sandbox.yaml",
}

func TestPathsAndMediaTypes(t *testing.T) {
	for path, mediaType := range map[string]string{
		"/":                          "text/plain; charset=utf-8",
		"/docs":                      "text/html; charset=utf-8",
		"/docs/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
		"/docs/swagger-ui.css":       "text/css; charset=utf-8",
		"/healthz":                   "text/plain; charset=utf-8",
		"/openapi-open.json":         "application/json",
		"/openapi-open.yaml":         "application/yaml",
		"/openapi.json":              "application/json",
		"/openapi.yaml":              "application/yaml",
		"/v0.1.0/openapi.json":       "application/json",
	} {
		for name, handler := range map[string]http.Handler{
			path:          api.Handler(),
			prefix + path: belowPrefix(api.Handler()),
		} {
			t.Run(name, func(t *testing.T) {
				got := serve(t, handler, http.MethodGet, name)
				wantStatus(t, got, http.StatusOK)
				compare(t, "Content-Type", got.Header().Get("Content-Type"), mediaType)
				if got.Body.Len() == 0 {
					t.Error("the body is empty")
				}
			})
		}
	}
}

func TestUnknownPaths(t *testing.T) {
	for _, path := range []string{"/docs/index.html", "/docs/start.js/", "//docs", "/openapi", "/openapi.yml", "/v0.0.1/openapi.yaml", "/sandbox.yaml", "/express/accounts"} {
		wantStatus(t, get(t, path), http.StatusNotFound)
	}
}

func TestDocumentationWithASlashAtItsEnd(t *testing.T) {
	got := serve(t, belowPrefix(api.Handler()), http.MethodGet, prefix+"/docs/")
	wantStatus(t, got, http.StatusMovedPermanently)
	compare(t, "Location", got.Header().Get("Location"), "../docs")
}

func TestHealth(t *testing.T) {
	got := get(t, "/healthz")
	compare(t, "body", got.Body.String(), "ok\n")
	compare(t, "Cache-Control", got.Header().Get("Cache-Control"), "no-store")
}

// teapot is a service that reports the request that it received.
var teapot = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Received", r.Method+" "+r.URL.Path)
	w.WriteHeader(http.StatusTeapot)
})

func TestSandboxReceivesAllOtherRequestsUnchanged(t *testing.T) {
	handler := api.Handler(api.WithSandbox(teapot))
	for _, request := range [][2]string{
		{http.MethodPost, "/oauth/token"},
		{http.MethodGet, "/express/accounts/1/contracts/actions"},
		{http.MethodOptions, "/express/accounts/1/contracts/actions"},
		{http.MethodGet, "/express/accounts//contracts/actions"},
		{http.MethodGet, "/unknown"},
	} {
		got := serve(t, handler, request[0], request[1])
		compare(t, "received", got.Header().Get("Received"), request[0]+" "+request[1])
		if got.Code != http.StatusTeapot || len(got.Header()) != 1 {
			t.Errorf("status %d with %v", got.Code, got.Header())
		}
	}
}

func TestSandboxReceivesNothingElse(t *testing.T) {
	handler := api.Handler(api.WithSandbox(teapot))
	for _, path := range ownPaths {
		wantStatus(t, serve(t, handler, http.MethodGet, path), http.StatusOK)
		wantStatus(t, serve(t, handler, http.MethodPost, path), http.StatusMethodNotAllowed)
	}
}
