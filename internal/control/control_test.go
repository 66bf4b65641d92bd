package control_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/control"
)

const token = "the-token"

// rig is a sandbox and its control, each at an address.
type rig struct {
	t                *testing.T
	service, control string
	client           sandbox.Client
}

func start(t *testing.T) *rig {
	t.Helper()
	client := sandbox.Client{ID: "me", Secret: "s3cr3t"}
	controlled, err := control.New(func() (*sandbox.Server, error) {
		return sandbox.New(sandbox.WithClient(client.ID, client.Secret), sandbox.WithGeneratedAccount("a", 3)), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	listen := func(handler http.Handler) string {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		return server.URL
	}
	return &rig{t, listen(controlled), listen(controlled.Handler(token)), client}
}

func (r *rig) send(method, address, authorization, body string) (status int, text string) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Authorization", authorization)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return response.StatusCode, err.Error()
	}
	return response.StatusCode, string(content)
}

// order sends a request to the control, which must answer with the status.
func (r *rig) order(want int, method, path, body string) string {
	r.t.Helper()
	status, text := r.send(method, r.control+path, "Bearer "+token, body)
	if status != want {
		r.t.Errorf("%s %s %s: %d %s, want %d", method, path, body, status, text, want)
	}
	return text
}

func (r *rig) token() string {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.service+sandbox.TokenPath,
		strings.NewReader(url.Values{"grant_type": {"client_credentials"}}.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	request.SetBasicAuth(r.client.ID, r.client.Secret)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	var issued struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&issued); err != nil {
		r.t.Fatal(err)
	}
	return issued.AccessToken
}

func (r *rig) list(accessToken string) (status int, text string) {
	r.t.Helper()
	return r.send(http.MethodGet, r.service+"/express/accounts/a/contracts/actions", "Bearer "+accessToken, "")
}

func TestFaultsAreQueued(t *testing.T) {
	r := start(t)
	access := r.token()
	r.order(204, "POST", "/faults", `{"status": 429, "times": 2}`)
	r.order(204, "POST", "/faults", `{"status": 503, "headers": {"X-Mine": "1"}, "body": "<html>", "delay": "1ms"}`)
	r.order(204, "POST", "/faults", `{"cut_after": 10}`)
	r.order(204, "POST", "/faults", `{"endpoint": "token", "status": 500}`)
	for _, want := range []struct {
		status int
		text   string
	}{{429, `"0012001"`}, {429, `"0012001"`}, {503, "<html>"}, {200, "unexpected EOF"}, {200, `"count":3`}} {
		if status, text := r.list(access); status != want.status || !strings.Contains(text, want.text) {
			t.Errorf("%d %s, want %d %s", status, text, want.status, want.text)
		}
	}
	if issued := r.token(); issued != "" {
		t.Error("a token despite of the fault")
	}
}

func TestActionsAreSetAndAdvanced(t *testing.T) {
	r := start(t)
	access := r.token()
	r.order(204, "PUT", "/accounts/a/actions/7", `{"quantity": 5}`)
	r.order(409, "PUT", "/accounts/a/actions/7/status", `{"status": "FAILED"}`)
	r.order(204, "PUT", "/accounts/a/actions/7/status", `{"status": "IN_PROGRESS"}`)
	r.order(204, "PUT", "/accounts/a/actions/7/status", `{"status": "FAILED", "status_message": "Not today."}`)
	if status, text := r.list(access); status != 200 || !strings.Contains(text, `"count":4`) || !strings.Contains(text, `"Not today."`) {
		t.Errorf("%d %s", status, text)
	}
	r.order(204, "PUT", "/accounts/b/actions/1", `{}`)

	// A program that asks for what is new finds the replaced contract action.
	r.order(204, "PUT", "/accounts/a/actions/7", `{"created_at": "2020-01-01T00:00:00Z"}`)
	if _, text := r.list(access); strings.Contains(text, `"updated_at":"2020-`) {
		t.Error(text)
	}
}

func TestTokensAreRevokedAndRequestsRecorded(t *testing.T) {
	r := start(t)
	access := r.token()
	r.order(204, "DELETE", "/tokens", "")
	if status, _ := r.list(access); status != 401 {
		t.Errorf("status %d", status)
	}
	var list control.RequestList
	if err := json.Unmarshal([]byte(r.order(200, "GET", "/requests", "")), &list); err != nil || len(list.Requests) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if first := list.Requests[0]; first.Path != sandbox.TokenPath || first.Form["grant_type"][0] != "client_credentials" || first.Status != 200 {
		t.Errorf("%+v", first)
	}
	if second := list.Requests[1]; second.Method != "GET" || second.Headers["Authorization"][0] != "Bearer "+access || second.Status != 401 {
		t.Errorf("%+v", second)
	}
}

func TestReset(t *testing.T) {
	r := start(t)
	r.order(204, "PUT", "/accounts/a/actions/7", `{}`)
	r.order(204, "POST", "/faults", `{"status": 500}`)
	old := r.token()
	r.order(204, "POST", "/reset", "")
	if text := r.order(200, "GET", "/requests", ""); text != "{\"requests\":[]}\n" {
		t.Error(text)
	}
	if status, _ := r.list(old); status != 401 {
		t.Errorf("the old token: status %d", status)
	}
	if status, text := r.list(r.token()); status != 200 || !strings.Contains(text, `"count":3`) {
		t.Errorf("%d %s", status, text)
	}
}

func TestRefusedOrders(t *testing.T) {
	r := start(t)
	for _, test := range []struct{ method, path, body, want string }{
		{"POST", "/faults", ``, "body"},
		{"POST", "/faults", `{`, ""},
		{"POST", "/faults", `{"state": 500}`, `"state" is unsupported`},
		{"POST", "/faults", `{"status": 100}`, "status: "},
		{"POST", "/faults", `{"times": 1001}`, "times: "},
		{"POST", "/faults", `{"endpoint": "accounts"}`, "endpoint: "},
		{"POST", "/faults", `{"delay": "-1s"}`, "delay: "},
		{"POST", "/faults", `{"body": "` + strings.Repeat("x", 2<<20) + `"}`, "too large"},
		{"PUT", "/accounts/a/actions/7", `{"state": "FAILED"}`, "unknown field"},
		{"PUT", "/accounts/a/actions/7", `{"status": "ACTIVE"}`, "status: use one of [CREATED IN_PROGRESS"},
		{"PUT", "/accounts/a/actions/7", `{"action_type": "X"}`, "action_type: use one of"},
		{"PUT", "/accounts/a/actions/7", `[]`, ""},
		{"PUT", "/accounts/a/actions/7/status", `{}`, "status"},
	} {
		if text := r.order(400, test.method, test.path, test.body); !strings.Contains(strings.ReplaceAll(text, `\`, ""), test.want) || len(text) > 300 {
			t.Errorf("%s %s: %s, want %s", test.path, test.body[:min(50, len(test.body))], text, test.want)
		}
	}
	for _, authorization := range []string{"", "Bearer", "Bearer wrong", "Basic " + token} {
		for _, order := range []string{"POST /reset", "GET /requests", "DELETE /tokens"} {
			method, path, _ := strings.Cut(order, " ")
			if status, _ := r.send(method, r.control+path, authorization, ""); status != 401 {
				t.Errorf("%s with %q: status %d", order, authorization, status)
			}
		}
	}
}

func TestTheDocument(t *testing.T) {
	r := start(t)
	status, text := r.send("GET", r.control+control.DocumentPath, "", "")
	document, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if status != 200 || err != nil {
		t.Fatalf("%d, %v", status, err)
	}
	if err := document.Validate(t.Context()); err != nil {
		t.Error(err)
	}
}
