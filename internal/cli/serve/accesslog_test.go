package serve

import (
	"bytes"
	"log"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func TestAccessLogHasALineForEachRequest(t *testing.T) {
	var text bytes.Buffer
	handler := logAccess(log.New(&text, "", 0), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	for _, request := range []*http.Request{
		httptest.NewRequest(http.MethodGet, "/a%0Ab?access_token=secret", nil),
		httptest.NewRequest(http.MethodPost, "/c", nil),
		httptest.NewRequest(http.MethodGet, "/"+strings.Repeat("d", 1<<20), nil),
	} {
		request.Header.Set("Authorization", "Bearer secret")
		handler.ServeHTTP(httptest.NewRecorder(), request)
	}
	want := `^GET /a%0Ab 200 [\d.]+(ns|µs|ms|s)\nPOST /c 403 [\d.]+(ns|µs|ms|s)\nGET /d{255}… 200 [\d.]+(ns|µs|ms|s)\n$`
	if !regexp.MustCompile(want).MatchString(text.String()) {
		t.Errorf("log is\n%s", &text)
	}
}
