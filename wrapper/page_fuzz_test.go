package wrapper_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// A body is a page exactly if encoding/json thinks so and it says something of
// a page, and then all of it arrives; otherwise the caller gets the body in an
// Error.
func FuzzPage(f *testing.F) {
	for _, body := range []string{
		``, ` `, `{}`, `null`, `[]`, `{} {}`, `<html>`, `{"count":1e400}`, `{"_embedded":null,"_links":{"next":null}}`,
		`{"page":1,"per_page":2,"count":2,"total":2,"total_pages":1,"_embedded":{"contract_actions":[` + action("1") + `,` + action("2") + `]},"_links":{"self":{"href":"?page=1"}}}`,
		`{"_embedded":{"contract_actions":[` + action("1") + `]},"_links":{"next":{"href":"?page=2"}}}`,
		`{"_embedded":{"contract_actions":[{"id":7}]}}`,
		`{"_embedded":{"contract_actions":[{"created_at":"` + ownToken + `"}]}}`,
		`{"_embedded":{"contract_actions":[{"created_at":"2022-03-10T16:15:50+23:59","ID":"x","id":"\ud800"}]}}`,
		`{"_embedded":{"contract_actions":[` + action("1") + `]},"_EMBEDDED":{"contract_actions":[null]}}`,
		`{"_links":{"next":{"href":"https://elsewhere.example.com/` + strings.Repeat("x", 1<<14) + `"}}}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		client := newFuzzedClient(t, func(request *http.Request) (*http.Response, error) {
			return answered(request, 200, http.Header{"Content-Type": {"application/json"}}, string(body)), nil
		})
		pages, err := collect(client.Pages(t.Context(), account, wrapper.MaxPages(1)))
		if err != nil {
			checkText(t, err)
		}

		want := new(gen.ContractActionPage)
		isPage := json.Unmarshal(body, want) == nil && bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")) && isPageOf(body, want)
		var unusable *wrapper.Error
		switch isUnusable := errors.As(err, &unusable); {
		case isPage && (isUnusable || len(pages) != 1):
			t.Fatalf("got %d pages and the error %v, want the page", len(pages), err)
		case isPage:
			compareWithPage(t, pages[0], want)
		case !isUnusable || len(pages) != 0:
			t.Fatalf("got %d pages and the error %v, want an Error alone", len(pages), err)
		default:
			compareWithBody(t, unusable, 200, string(body))
		}
	})
}

// isPageOf reports whether the body has any of the documented fields if it has
// fields at all, and an id in all contract actions.
func isPageOf(body []byte, page *gen.ContractActionPage) bool {
	if *page == (gen.ContractActionPage{}) {
		var fields map[string]any
		if json.Unmarshal(body, &fields) != nil {
			return false
		}
		isDocumented := func(name string) bool {
			return slices.Contains([]string{"_embedded", "_links", "count", "page", "per_page", "total", "total_pages"}, name)
		}
		return len(fields) == 0 || slices.ContainsFunc(slices.Collect(maps.Keys(fields)), isDocumented)
	}
	return page.Embedded == nil || !slices.ContainsFunc(page.Embedded.ContractActions, func(action gen.ContractAction) bool { return action.ID == "" })
}

func compareWithPage(t *testing.T, got *wrapper.Page, want *gen.ContractActionPage) {
	t.Helper()
	var actions []wrapper.ContractAction
	if want.Embedded != nil {
		actions = want.Embedded.ContractActions
	}
	if got, want := string(must(json.Marshal(got.Actions))), string(must(json.Marshal(actions))); got != want {
		t.Errorf("the contract actions are %s, want %s", got, want)
	}
	for name, counter := range map[string]struct {
		got  int
		want *int
	}{
		"page":        {got.Number, want.Page},
		"per_page":    {got.PerPage, want.PerPage},
		"count":       {got.Count, want.Count},
		"total":       {got.Total, want.Total},
		"total_pages": {got.TotalPages, want.TotalPages},
	} {
		if said := counter.want; said == nil && counter.got != 0 || said != nil && counter.got != *said {
			t.Errorf("%s is %d", name, counter.got)
		}
	}
}

// compareWithBody checks what an Error keeps of an answer: all of it, but for
// the token.
func compareWithBody(t *testing.T, got *wrapper.Error, status int, body string) {
	t.Helper()
	if got.StatusCode != status {
		t.Errorf("the error has the status %d, want %d", got.StatusCode, status)
	}
	// Escaped, or cut at the end, the token is replaced as well.
	if mayHoldToken := strings.Contains(body, "token"); !mayHoldToken && string(got.Body) != body {
		t.Errorf("the error has the body %q, want %q", got.Body, body)
	}
	if strings.Contains(string(got.Body), ownToken) {
		t.Error("the token is in the error's body")
	}
}
