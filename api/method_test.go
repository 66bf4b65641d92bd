package api_test

import (
	"net/http"
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
				got := answer(t, api.Handler(), method, path)
				wantStatus(t, got, status)
				compare(t, "Allow", got.Header().Get("Allow"), "GET, HEAD, OPTIONS")
			})
		}
	}
}
