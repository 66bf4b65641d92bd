//go:build peers

package peers

import (
	"bytes"
	"cmp"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

const (
	forbiddenAccountID    = "5ea75fe7aa224700012eae41"
	unauthorizedAccountID = "5ea75fe7aa224700012eae42"
	missingAccountID      = "5ea75fe7aa224700012eae43"
)

// Between client and sandbox, Prism checks every request and every answer
// against openapi.yaml with a validator that is not the sandbox's own, and
// turns an answer that breaks it into a 500.
func TestPrismProxy(t *testing.T) {
	checked := startChecked(t)
	t.Run("list", checked.testLists)
	t.Run("documented answer", checked.testDocumentedAnswers)
	t.Run("broken answer", checked.testBrokenAnswers)
	t.Run("broken request", checked.testBrokenRequests)
}

// checked is a sandbox behind Prism.
type checked struct {
	service  *sandbox.Server
	prism    string // URL; what the client is to take for the service's
	tokenURL string // of the sandbox itself: the contract has no token endpoint
}

func startChecked(t *testing.T) *checked {
	t.Helper()
	service := sandbox.New(
		sandbox.WithGeneratedAccount(accountID, 425),
		sandbox.WithForbiddenAccount(forbiddenAccountID),
		sandbox.WithUnauthorizedAccount(unauthorizedAccountID),
	)
	upstream := httptest.NewUnstartedServer(nil)
	upstreamURL := "http://" + upstream.Listener.Addr().String()
	prism := startPrism(t, "proxy", upstreamURL, "--errors")
	upstream.Config.Handler = calledBy(t, prism, service)
	upstream.Start()
	t.Cleanup(upstream.Close)
	return &checked{service: service, prism: prism, tokenURL: upstreamURL + sandbox.TokenPath}
}

// calledBy hands requests on as if they had been made to the URL. Prism does
// not pass on the Host that it was called by, and the sandbox makes its links
// from it: they would lead around Prism.
func calledBy(t *testing.T, address string, next http.Handler) http.Handler {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = parsed.Host
		next.ServeHTTP(w, r)
	})
}

// newClient returns a client that knows the service by Prism's address only.
func (c *checked) newClient(t *testing.T, credentials wrapper.Credentials, transport transport) *wrapper.Client {
	t.Helper()
	return newClient(t, credentials, wrapper.WithBaseURL(c.prism), wrapper.WithTokenURL(c.tokenURL), through(transport))
}

func (c *checked) secret() wrapper.Credentials {
	return wrapper.ClientSecret{ID: c.service.ClientID, Secret: wrapper.Secret(c.service.ClientSecret)}
}

func (c *checked) testLists(t *testing.T) {
	newestFirst := c.service.Actions(accountID)
	oldestFirst := slices.Clone(newestFirst)
	slices.Reverse(oldestFirst)
	failedCancellations := slices.DeleteFunc(c.service.Actions(accountID), func(action wrapper.ContractAction) bool {
		return action.Status != wrapper.StatusFailed || action.ActionType != wrapper.TypeCancel
	})
	slices.SortStableFunc(failedCancellations, func(a, b wrapper.ContractAction) int { return b.UpdatedAt.Compare(a.UpdatedAt) })

	for _, test := range []struct {
		name    string
		options []wrapper.ListOption
		want    []wrapper.ContractAction
		pages   int
	}{
		{"default", nil, oldestFirst, 2},
		{"small pages", []wrapper.ListOption{wrapper.PerPage(50)}, oldestFirst, 9},
		{"order", []wrapper.ListOption{wrapper.OrderBy(wrapper.CreatedAtDescending)}, newestFirst, 2},
		{"filter and order", []wrapper.ListOption{
			wrapper.Filter("status eq 'FAILED' and action_type eq 'CANCELTDE'"),
			wrapper.OrderBy(wrapper.UpdatedAtDescending),
			wrapper.PerPage(10),
		}, failedCancellations, (len(failedCancellations) + 9) / 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := c.service.ActionRequests()
			witness := &witness{prism: c.prism}
			actions, err := list(t, c.newClient(t, c.secret(), transport{after: witness.see}), accountID, test.options...)
			if err != nil || len(actions) == 0 || !reflect.DeepEqual(actions, test.want) {
				t.Errorf("got %d contract actions and %v, want %d of the sandbox's", len(actions), err, len(test.want))
			}
			// The client got every page from Prism, and Prism every page from the
			// sandbox: none went around it, and none was made up by it.
			want := slices.Repeat([]verdict{{status: http.StatusOK}}, test.pages)
			if !reflect.DeepEqual(witness.verdicts, want) {
				t.Errorf("Prism answered %+v, want %d times 200 without violations", witness.verdicts, test.pages)
			}
			if received := c.service.ActionRequests() - before; received != test.pages {
				t.Errorf("the sandbox received %d requests, want %d", received, test.pages)
			}
		})
	}
}

func (c *checked) testDocumentedAnswers(t *testing.T) {
	const body = `{"code":"made_up","message":"Made up."}`
	for _, test := range []struct {
		name        string
		credentials wrapper.Credentials
		accountID   string
		options     []wrapper.ListOption
		fault       sandbox.Fault
		sentinel    error
		code        string
		retryAfter  time.Duration
	}{
		// Documented, and what the sandbox says by itself.
		{name: "400", options: []wrapper.ListOption{wrapper.Filter("quantity eq '10'")},
			sentinel: wrapper.ErrBadRequest, code: wrapper.CodeInvalidParameters},
		{name: "401", credentials: unknownToken(), sentinel: wrapper.ErrUnauthorized, code: "0011003"},
		{name: "401 without permission", accountID: unauthorizedAccountID,
			sentinel: wrapper.ErrUnauthorized, code: wrapper.CodeNoPermission},
		{name: "403", accountID: forbiddenAccountID, sentinel: wrapper.ErrForbidden, code: wrapper.CodeMissingScope},
		{name: "404", accountID: missingAccountID, sentinel: wrapper.ErrNotFound, code: wrapper.CodeNotFound},
		// The default response.
		{name: "409", fault: sandbox.Fault{Status: 409, Body: body}, sentinel: wrapper.ErrConflict, code: "made_up"},
		{name: "429", fault: sandbox.Fault{Status: 429, Body: body, Header: http.Header{"Retry-After": {"7"}}},
			sentinel: wrapper.ErrRateLimited, code: "made_up", retryAfter: 7 * time.Second},
		{name: "500", fault: sandbox.Fault{Status: 500, Body: body}, sentinel: wrapper.ErrServer, code: "made_up"},
		{name: "503", fault: sandbox.Fault{Status: 503, Body: body, Header: http.Header{
			"Date":        {"Thu, 10 Mar 2022 16:15:50 GMT"},
			"Retry-After": {"Thu, 10 Mar 2022 16:16:00 GMT"},
		}}, sentinel: wrapper.ErrServer, code: "made_up", retryAfter: 10 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.service.Fail(test.fault)
			witness := &witness{prism: c.prism}
			client := c.newClient(t, cmp.Or(test.credentials, c.secret()), transport{after: witness.see})
			_, err := list(t, client, cmp.Or(test.accountID, accountID), test.options...)
			var refused *wrapper.Error
			if !errors.Is(err, test.sentinel) || !errors.As(err, &refused) {
				t.Fatalf("got %v, want %v", err, test.sentinel)
			}
			if refused.Code != test.code || refused.RetryAfter != test.retryAfter {
				t.Errorf("got code %q and Retry-After %v, want %q and %v", refused.Code, refused.RetryAfter, test.code, test.retryAfter)
			}
			if refused.RequestID == "" {
				t.Error("the answer is Prism's own, not the sandbox's")
			}
			witness.wantNoViolations(t)
		})
	}
}

// If Prism found nothing here, that it found nothing above would mean nothing.
func (c *checked) testBrokenAnswers(t *testing.T) {
	replace := func(before, after string) sandbox.Fault {
		return sandbox.Fault{Rewrite: func(body []byte) []byte {
			if !bytes.Contains(body, []byte(before)) {
				t.Errorf("nothing to break: no %s in %.200s", before, body)
			}
			return bytes.Replace(body, []byte(before), []byte(after), 1)
		}}
	}
	for _, test := range []struct {
		name      string
		fault     sandbox.Fault
		violation string
	}{
		{"wrong type", replace(`"total":425`, `"total":"many"`), `["response","body","total"]`},
		{"required field missing", replace(`"action_type"`, `"kind"`), `must have required property 'action_type'`},
		{"unknown value", replace(`"NEWTDE"`, `"OTHER"`), `must be equal to one of the allowed values`},
		{"no date", replace(`"created_at":"`, `"created_at":"on `), `must match format`},
		{"broken error body", sandbox.Fault{Status: 403, Body: `{"code":"3110002"}`}, `must have required property 'message'`},
		{"another media type", sandbox.Fault{Status: 503, Body: "<html>"}, `text/html`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.service.Fail(test.fault)
			witness := &witness{prism: c.prism}
			_, err := list(t, c.newClient(t, c.secret(), transport{after: witness.see}), accountID)
			var refused *wrapper.Error
			if !errors.As(err, &refused) || refused.StatusCode != http.StatusInternalServerError || refused.Code != "" {
				t.Errorf("got %v, want Prism's 500", err)
			}
			if found := witness.violations(); !strings.Contains(found, test.violation) {
				t.Errorf("Prism found %q, want %q", found, test.violation)
			}
		})
	}
}

// A request that breaks the contract does not even reach the sandbox.
func (c *checked) testBrokenRequests(t *testing.T) {
	for _, test := range []struct {
		query     string
		violation string
	}{
		{"per_page=many", "per_page must be integer"},
		{"per_page=251", "per_page must be <= 250"},
		{"page=0", "page must be >= 1"},
		{"order_by=created_at", "order_by must be equal to one of the allowed values"},
		{"filter=" + strings.Repeat("x", 1601), "filter must NOT have more than 1600 characters"},
	} {
		t.Run(test.violation, func(t *testing.T) {
			before := c.service.ActionRequests()
			client := c.newClient(t, c.secret(), transport{before: func(request *http.Request) {
				if request.Method == http.MethodGet { // and not the one for a token
					request.URL.RawQuery = test.query
				}
			}})
			_, err := list(t, client, accountID)
			var refused *wrapper.Error
			if !errors.As(err, &refused) || refused.StatusCode != http.StatusUnprocessableEntity {
				t.Fatalf("got %v, want Prism's 422", err)
			}
			if !bytes.Contains(refused.Body, []byte(test.violation)) {
				t.Errorf("Prism found %s, want %q", refused.Body, test.violation)
			}
			if received := c.service.ActionRequests() - before; received != 0 {
				t.Errorf("the sandbox received %d requests, want none", received)
			}
		})
	}
}
