package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/talkdesk-express/contractactions/api"
)

const prefix = "/below/a/prefix"

// serve returns the handler's response to a request. The headers are pairs of a
// name and a value.
func serve(t *testing.T, handler http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

func get(t *testing.T, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return serve(t, api.Handler(), http.MethodGet, path, headers...)
}

// belowPrefix mounts a handler as its documentation describes.
func belowPrefix(handler http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(prefix+"/", http.StripPrefix(prefix, handler))
	return mux
}

func compare(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %q, want %q", what, got, want)
	}
}

func wantStatus(t *testing.T, recorder *httptest.ResponseRecorder, want int) {
	t.Helper()
	if recorder.Code != want {
		t.Fatalf("status %d, want %d: %.200s", recorder.Code, want, recorder.Body)
	}
}
