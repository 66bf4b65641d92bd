package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/api"
)

// teapot is a service that tells what it has received.
var teapot = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Received", r.Method+" "+r.URL.Path)
	w.WriteHeader(http.StatusTeapot)
})

func TestTheSandboxGetsAllOtherRequestsAsTheyAre(t *testing.T) {
	handler := api.Handler(api.WithSandbox(teapot))
	for _, request := range [][2]string{
		{http.MethodPost, "/oauth/token"},
		{http.MethodGet, "/express/accounts/1/contracts/actions"},
		{http.MethodOptions, "/express/accounts/1/contracts/actions"},
		{http.MethodGet, "/express/accounts//contracts/actions"},
		{http.MethodGet, "/unknown"},
	} {
		got := answer(t, handler, request[0], request[1])
		compare(t, "what the sandbox received", got.Header().Get("Received"), request[0]+" "+request[1])
		if got.Code != http.StatusTeapot || len(got.Header()) != 1 {
			t.Errorf("answered %d with %v", got.Code, got.Header())
		}
	}
}

func TestTheSandboxGetsNothingElse(t *testing.T) {
	handler := api.Handler(api.WithSandbox(teapot))
	for _, path := range ownPaths {
		wantStatus(t, answer(t, handler, http.MethodGet, path), http.StatusOK)
		wantStatus(t, answer(t, handler, http.MethodPost, path), http.StatusMethodNotAllowed)
	}
}

func TestTheDocumentIsTheSameWithASandbox(t *testing.T) {
	got := answer(t, api.Handler(api.WithSandbox(teapot)), http.MethodGet, "/openapi.yaml")
	compare(t, "document", got.Body.String(), string(contractactions.Document()))
}

func TestThePagesTellWhetherThereIsASandbox(t *testing.T) {
	for path, words := range map[string]string{"/": "A sandbox of the service", "/docs": "data-sandbox"} {
		for _, mediaType := range []string{"text/plain, */*;q=0.1", "text/html, */*;q=0.1"} {
			if got := get(t, path, "Accept", mediaType); strings.Contains(got.Body.String(), words) {
				t.Errorf("without a sandbox %s says\n%s", path, got.Body)
			}
			got := answer(t, api.Handler(api.WithSandbox(teapot)), http.MethodGet, path, "Accept", mediaType)
			if !strings.Contains(got.Body.String(), words) {
				t.Errorf("with a sandbox %s says\n%s", path, got.Body)
			}
		}
	}
}
