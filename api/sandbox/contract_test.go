package sandbox_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func TestResponsesOutsideOfTheContractAreHeldBack(t *testing.T) {
	tests := []struct {
		name   string
		change func(*gen.ContractAction)
		reason string
	}{
		{"a status that does not exist", func(a *gen.ContractAction) { a.Status = "ACTIVE" }, " /_embedded/contract_actions/0/status"},
		{"a type that does not exist", func(a *gen.ContractAction) { a.ActionType = "" }, "/_embedded/contract_actions/0/action_type"},
		{"a time that JSON cannot express", func(a *gen.ContractAction) {
			a.CreatedAt = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
		}, "year"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := sandbox.Start(t)
			action := newAction("1", gen.ContractActionStatusCREATED)
			test.change(&action)
			server.Put("a", action)

			response := get(t, listURL(server, "a"), tokenFor(t, server)).wantStatus(t, http.StatusInternalServerError)
			body := decode[gen.ErrorBody](t, response)
			if body.Code != "sandbox_defect" || !strings.Contains(body.Message, "sandbox") {
				t.Errorf("body = %s, want the blame on the sandbox", response.body)
			}
			violations := server.Violations()
			if len(violations) != 1 || !strings.Contains(violations[0], test.reason) {
				t.Errorf("violations = %q, want one about %s", violations, test.reason)
			}
		})
	}
}

func document(t testing.TB) *openapi3.T {
	t.Helper()
	loaded, err := openapi3.NewLoader().LoadFromData(contractactions.Document())
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// Codes and messages are those of the contract's examples.
func TestErrorsAreTheContracts(t *testing.T) {
	examples := document(t).Components.Examples
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, 1), sandbox.WithUnauthorizedAccount("a"))
	target := listURL(server, sandbox.DefaultAccountID)
	tests := map[string]readResponse{
		"InvalidParameter": get(t, target+"?per_page=251", tokenFor(t, server)),
		"InvalidToken":     get(t, target, "unknown"),
		"NoPermission":     get(t, listURL(server, "a"), tokenFor(t, server)),
		"MissingScope":     get(t, target, tokenFor(t, server, "scope", sandbox.ScopeAccounts)),
		"UnknownAccount":   get(t, listURL(server, "unknown"), tokenFor(t, server)),
	}
	for name, response := range tests {
		t.Run(name, func(t *testing.T) {
			got := decode[map[string]any](t, response)
			want := examples[name].Value.Value.(map[string]any)
			if name == "InvalidToken" { // the example is for a different defect of the token
				delete(got, "description")
				delete(want, "description")
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("body = %v, want %v", got, want)
			}
		})
	}
}
