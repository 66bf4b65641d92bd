//go:build peers

package peers

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// startResourceServer runs an API that leaves it to the provider to say what a
// token is worth. Its only contract action has the id of the client that the
// token was granted to. It returns the API's URL.
func startResourceServer(t *testing.T, provider *provider) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		grant, err := provider.introspect(token)
		scopes := strings.Fields(grant.Scope)
		switch {
		case err != nil:
			t.Error(err)
			respond(t, w, http.StatusInternalServerError, gen.ErrorBody{Code: "internal"})
		case !grant.Active:
			respond(t, w, http.StatusUnauthorized, gen.ErrorBody{Code: "0011003"})
		case !slices.Contains(scopes, wrapper.ScopeRead) && !slices.Contains(scopes, wrapper.ScopeWrite):
			respond(t, w, http.StatusForbidden, gen.ErrorBody{Code: wrapper.CodeMissingScope})
		default:
			respond(t, w, http.StatusOK, gen.ContractActionPage{Embedded: &gen.ContractActionPageEmbedded{
				ContractActions: []gen.ContractAction{{ID: grant.ClientID}},
			}})
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func respond(t *testing.T, w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		t.Error(err)
	}
}
