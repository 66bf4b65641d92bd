package sandbox_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func TestAnswersOutsideOfTheContractAreHeldBack(t *testing.T) {
	tests := []struct {
		name   string
		change func(*gen.ContractAction)
		reason string
	}{
		{"a status that does not exist", func(a *gen.ContractAction) { a.Status = "ACTIVE" }, "/_embedded/contract_actions/0/status"},
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

			answer := get(t, listURL(server, "a"), tokenFor(t, server)).wantStatus(t, http.StatusInternalServerError)
			body := decode[gen.ErrorBody](t, answer)
			if body.Code != "sandbox_defect" || !strings.Contains(body.Message, "sandbox") {
				t.Errorf("body = %s, want the blame on the sandbox", answer.body)
			}
			violations := server.Violations()
			if len(violations) != 1 || !strings.Contains(violations[0], test.reason) {
				t.Errorf("violations = %q, want one about %s", violations, test.reason)
			}
		})
	}
}

func TestScopeIsTheContracts(t *testing.T) {
	if !bytes.Contains(contractactions.Document(), []byte("\n      - "+sandbox.Scope+"\n")) {
		t.Errorf("openapi.yaml does not require %s", sandbox.Scope)
	}
}
