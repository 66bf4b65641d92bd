//go:build peers

package peers

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Prism's mock answers with the examples of openapi.yaml. It keeps no state:
// by default every page is the document's first example, which has no next
// link; the header Prefer asks for others.
func TestClientOfPrismMock(t *testing.T) {
	mock := startPrism(t, "mock")
	t.Run("whole list", func(t *testing.T) { testWholeList(t, mock) })
	t.Run("link away", func(t *testing.T) { testLinkAway(t, mock) })
	t.Run("error", func(t *testing.T) { testErrors(t, mock) })
	t.Run("raw client", func(t *testing.T) { testRawClient(t, mock) })
	t.Run("broken request", func(t *testing.T) { testBrokenRequests(t, mock) })
}

func testWholeList(t *testing.T, mock string) {
	client := newClient(t, unknownToken(), wrapper.WithBaseURL(mock))
	actions, err := list(t, client, accountID,
		wrapper.PerPage(250), wrapper.Filter("status eq 'CREATED'"), wrapper.OrderBy(wrapper.UpdatedAtDescending))
	quantity := int32(10)
	moment := time.Date(2022, time.March, 10, 16, 15, 50, 0, time.UTC)
	want := []wrapper.ContractAction{{
		ID:            "123245132132",
		ActionType:    wrapper.TypeNew,
		Quantity:      &quantity,
		Status:        wrapper.StatusCreated,
		StatusMessage: "Contract action created successfully.",
		CreatedAt:     moment,
		UpdatedAt:     moment,
	}}
	if err != nil || !reflect.DeepEqual(actions, want) {
		t.Errorf("got %+v, %v; want %+v", actions, err, want)
	}
}

// The example of a middle page links to the vendor's host, where a token for
// the mock must not go.
func testLinkAway(t *testing.T, mock string) {
	client := newClient(t, unknownToken(), wrapper.WithBaseURL(mock), preferring("example=middlePage"))
	actions, err := list(t, client, accountID)
	if len(actions) != 2 {
		t.Errorf("%d contract actions before the link, want 2", len(actions))
	}
	var refused *wrapper.LinkError
	if !errors.As(err, &refused) || !strings.HasPrefix(refused.Link, "https://api.talkdeskapp.com/") {
		t.Errorf("got %v, want a LinkError for the vendor's host", err)
	}
}

func testErrors(t *testing.T, mock string) {
	const invalidToken = "0011003"
	const unexpected = wrapper.CodeRateLimited // in the only example of the default response
	for _, test := range []struct {
		prefer     string
		sentinel   error
		status     int
		code       string
		fields     []wrapper.FieldError
		retryAfter time.Duration
	}{
		{prefer: "code=400", sentinel: wrapper.ErrBadRequest, status: 400, code: wrapper.CodeInvalidParameters,
			fields: []wrapper.FieldError{{Name: "per_page", Description: "must be a whole number from 1 to 250"}}},
		{prefer: "code=401", sentinel: wrapper.ErrUnauthorized, status: 401, code: invalidToken},
		{prefer: "code=401, example=noPermission", sentinel: wrapper.ErrUnauthorized, status: 401, code: wrapper.CodeNoPermission},
		{prefer: "code=403", sentinel: wrapper.ErrForbidden, status: 403, code: wrapper.CodeMissingScope},
		{prefer: "code=404", sentinel: wrapper.ErrNotFound, status: 404, code: wrapper.CodeNotFound},
		{prefer: "code=409", sentinel: wrapper.ErrConflict, status: 409, code: unexpected, retryAfter: 2 * time.Second},
		{prefer: "code=429", sentinel: wrapper.ErrRateLimited, status: 429, code: unexpected, retryAfter: 2 * time.Second},
		{prefer: "code=500", sentinel: wrapper.ErrServer, status: 500, code: unexpected, retryAfter: 2 * time.Second},
		{prefer: "code=503", sentinel: wrapper.ErrServer, status: 503, code: unexpected, retryAfter: 2 * time.Second},
	} {
		t.Run(test.prefer, func(t *testing.T) {
			client := newClient(t, unknownToken(), wrapper.WithBaseURL(mock), preferring(test.prefer))
			_, err := list(t, client, accountID)
			var refused *wrapper.Error
			if !errors.Is(err, test.sentinel) || !errors.As(err, &refused) {
				t.Fatalf("got %v, want %v", err, test.sentinel)
			}
			if refused.StatusCode != test.status || refused.Code != test.code || refused.Message == "" ||
				!reflect.DeepEqual(refused.Fields, test.fields) || refused.RetryAfter != test.retryAfter {
				t.Errorf("got %+v, want %+v", refused, test)
			}
		})
	}
}

func testRawClient(t *testing.T, mock string) {
	client := newClient(t, unknownToken(), wrapper.WithBaseURL(mock))
	answer, err := client.Raw().ListContractActions(t.Context(), accountID, nil,
		func(_ context.Context, request *http.Request) error {
			request.Header.Set("Prefer", "code=403")
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := gen.ParseListContractActionsResponse(answer)
	if err != nil || parsed.StatusCode() != 403 || parsed.JSON403 == nil || parsed.JSON403.Code != wrapper.CodeMissingScope {
		t.Errorf("got %+v, %v; want the documented 403", parsed, err)
	}
}

// The mock does look at requests: if it took any, the other tests would say
// nothing about what the client sends.
func testBrokenRequests(t *testing.T, mock string) {
	for _, test := range []struct {
		name      string
		damage    func(*http.Request)
		status    int
		violation string
	}{
		{"no token", func(request *http.Request) { request.Header.Del("Authorization") },
			401, "Invalid security scheme used"},
		{"wrong type", func(request *http.Request) { request.URL.RawQuery = "per_page=many" },
			400, "Request query parameter per_page must be integer"},
		{"too many per page", func(request *http.Request) { request.URL.RawQuery = "per_page=251" },
			400, "Request query parameter per_page must be <= 250"},
		{"unknown order", func(request *http.Request) { request.URL.RawQuery = "order_by=created_at" },
			400, "Request query parameter order_by must be equal to one of the allowed values"},
		{"long filter", func(request *http.Request) { request.URL.RawQuery = "filter=" + strings.Repeat("x", 1601) },
			400, "Request query parameter filter must NOT have more than 1600 characters"},
	} {
		t.Run(test.name, func(t *testing.T) {
			witness := &witness{prism: mock}
			client := newClient(t, unknownToken(), wrapper.WithBaseURL(mock),
				through(transport{before: test.damage, after: witness.see}))
			_, err := list(t, client, accountID)
			var refused *wrapper.Error
			if !errors.As(err, &refused) || refused.StatusCode != test.status {
				t.Errorf("got %v, want status %d", err, test.status)
			}
			if found := witness.violations(); !strings.Contains(found, test.violation) {
				t.Errorf("Prism found %q, want %q", found, test.violation)
			}
		})
	}
}

// preferring asks the mock for a certain one of the documented answers.
func preferring(answer string) wrapper.Option {
	return through(transport{before: func(request *http.Request) { request.Header.Set("Prefer", answer) }})
}
