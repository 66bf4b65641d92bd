package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

// manualClock stands still until it is moved.
type manualClock struct {
	mutex sync.Mutex
	now   time.Time
}

func newManualClock() *manualClock {
	return &manualClock{now: time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)}
}

func (c *manualClock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

func (c *manualClock) advance(by time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(by)
}

// reply is an answer whose body has been read.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func send(t testing.TB, request *http.Request) reply {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, response)
}

func read(t testing.TB, response *http.Response) reply {
	t.Helper()
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, body}
}

// serve calls the handler without a connection, as inside a synctest bubble.
func serve(t testing.TB, handler http.Handler, request *http.Request) reply {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return read(t, recorder.Result())
}

func decode[T any](t testing.TB, r reply) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(r.body, &value); err != nil {
		t.Fatalf("status %d, body %q: %v", r.status, r.body, err)
	}
	return value
}

func (r reply) wantStatus(t testing.TB, status int) reply {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d; body %q", r.status, status, r.body)
	}
	return r
}

func newRequest(t testing.TB, method, target string, body io.Reader) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, target, body)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// tokenRequest asks for a token by HTTP Basic. The pairs are parameters of the
// form and their values, beside the grant type.
func tokenRequest(t testing.TB, server *sandbox.Server, pairs ...string) *http.Request {
	t.Helper()
	request := formRequest(t, server, pairs...)
	request.SetBasicAuth(url.QueryEscape(server.ClientID), url.QueryEscape(server.ClientSecret))
	return request
}

// formRequest asks for a token without authentication.
func formRequest(t testing.TB, server *sandbox.Server, pairs ...string) *http.Request {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	request := newRequest(t, http.MethodPost, server.TokenURL, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return request
}

type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"`
	Scope       string `json:"scope"`
}

type tokenError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

func tokenFor(t testing.TB, server *sandbox.Server, pairs ...string) string {
	t.Helper()
	answer := send(t, tokenRequest(t, server, pairs...)).wantStatus(t, http.StatusOK)
	return decode[tokenAnswer](t, answer).AccessToken
}

func listURL(server *sandbox.Server, accountID string) string {
	return server.URL + "/express/accounts/" + accountID + "/contracts/actions"
}

func getRequest(t testing.TB, target, token string) *http.Request {
	t.Helper()
	request := newRequest(t, http.MethodGet, target, nil)
	request.Header.Set("Authorization", "Bearer "+token)
	return request
}

func get(t testing.TB, target, token string) reply {
	t.Helper()
	return send(t, getRequest(t, target, token))
}

func noViolations(t testing.TB, server *sandbox.Server) {
	t.Helper()
	for _, violation := range server.Violations() {
		t.Errorf("violation: %s", violation)
	}
}

// newAction returns an action that the contract allows.
func newAction(id string, status gen.ContractActionStatus) gen.ContractAction {
	quantity := int32(10)
	created := time.Date(2022, time.March, 10, 16, 15, 50, 0, time.UTC)
	return gen.ContractAction{
		ID:            id,
		ActionType:    gen.ContractActionTypeNEWTDE,
		Quantity:      &quantity,
		Status:        status,
		StatusMessage: "As it was put.",
		CreatedAt:     created,
		UpdatedAt:     created,
	}
}
