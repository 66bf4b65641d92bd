package sandbox_test

import (
	"net/http"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func TestRequestsOutsideOfTheContract(t *testing.T) {
	const list = "/express/accounts/" + sandbox.DefaultAccountID + "/contracts/actions"
	tests := []struct {
		name, method, path string
		status             int
		code, allow        string
	}{
		{"root", "GET", "/", 404, "3110006", ""},
		{"unknown path", "GET", "/express/account", 404, "3110006", ""},
		{"slash at the end", "GET", list + "/", 404, "3110006", ""},
		{"empty account id", "GET", "/express/accounts//contracts/actions", 404, "3110006", ""},
		{"dots as account id", "GET", "/express/accounts/%2e%2e/contracts/actions", 404, "3110006", ""},
		{"POST to the list", "POST", list, 405, "sandbox_method_not_allowed", "GET"},
		{"DELETE of the list", "DELETE", list, 405, "sandbox_method_not_allowed", "GET"},
		{"GET of a token", "GET", sandbox.TokenPath, 405, "sandbox_method_not_allowed", "POST"},
	}
	server := sandbox.Start(t)
	token := tokenFor(t, server)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := getRequest(t, server.URL+test.path, token)
			request.Method = test.method
			response := send(t, request).wantStatus(t, test.status)
			if body := decode[gen.ErrorBody](t, response); body.Code != test.code || body.Message == "" {
				t.Errorf("body = %+v, want code %q and a message", body, test.code)
			}
			if got := response.header.Get("Allow"); got != test.allow {
				t.Errorf("Allow = %q, want %q", got, test.allow)
			}
		})
	}
}

func TestHEADIsNotInTheContract(t *testing.T) {
	server := sandbox.Start(t)
	request := getRequest(t, listURL(server, sandbox.DefaultAccountID), tokenFor(t, server))
	request.Method = http.MethodHead
	send(t, request).wantStatus(t, http.StatusMethodNotAllowed)
}

func TestEncodedSlashBelongsToTheAccountID(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount("a/b", newAction("1", gen.ContractActionStatusCREATED)))
	response := get(t, listURL(server, "a%2Fb"), tokenFor(t, server)).wantStatus(t, http.StatusOK)
	page := decode[gen.ContractActionPage](t, response)
	if want := listURL(server, "a%2Fb") + "?page=1"; *page.Links.Self.Href != want {
		t.Errorf("self = %q, want %q", *page.Links.Self.Href, want)
	}
	noViolations(t, server)
}
