package sandbox_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func TestFollowingNextReadsTheWholeList(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, 425))
	token := tokenFor(t, server)

	var ids []string
	pages := 0
	for next := listURL(server, sandbox.DefaultAccountID); next != ""; pages++ {
		page := decode[gen.ContractActionPage](t, get(t, next, token).wantStatus(t, http.StatusOK))
		if *page.Count != len(page.Embedded.ContractActions) || *page.Page != pages+1 {
			t.Fatalf("page %d: count %d of %d, page %d", pages+1, *page.Count, len(page.Embedded.ContractActions), *page.Page)
		}
		if *page.PerPage != 50 || *page.Total != 425 || *page.TotalPages != 9 {
			t.Fatalf("page %d: per_page %d, total %d, total_pages %d", pages+1, *page.PerPage, *page.Total, *page.TotalPages)
		}
		for _, action := range page.Embedded.ContractActions {
			ids = append(ids, action.ID)
		}
		next = ""
		if page.Links.Next != nil {
			next = *page.Links.Next.Href
		}
	}

	var want []string
	for _, action := range server.Actions(sandbox.DefaultAccountID) {
		want = append(want, action.ID)
	}
	if pages != 9 || !slices.Equal(ids, want) {
		t.Errorf("%d actions on %d pages, want 425 on 9 in their order", len(ids), pages)
	}
	noViolations(t, server)
}

func TestLinks(t *testing.T) {
	// All hrefs begin with the list's URL, which is left out here.
	type hrefs struct{ first, last, self, prev, next string }
	tests := []struct {
		name, account, query string
		count                int
		want                 hrefs
	}{
		{"first page", "five", "?per_page=2", 2,
			hrefs{"?page=1&per_page=2", "?page=3&per_page=2", "?page=1&per_page=2", "", "?page=2&per_page=2"}},
		{"middle page", "five", "?page=2&per_page=2", 2,
			hrefs{"?page=1&per_page=2", "?page=3&per_page=2", "?page=2&per_page=2", "?page=1&per_page=2", "?page=3&per_page=2"}},
		{"last page", "five", "?page=3&per_page=2", 1,
			hrefs{"?page=1&per_page=2", "?page=3&per_page=2", "?page=3&per_page=2", "?page=2&per_page=2", ""}},
		{"page after the last", "five", "?page=7&per_page=2", 0,
			hrefs{"?page=1&per_page=2", "?page=3&per_page=2", "?page=7&per_page=2", "?page=3&per_page=2", ""}},
		{"page far after the last", "five", "?page=9223372036854775807", 0,
			hrefs{"?page=1", "?page=1", "?page=9223372036854775807", "?page=1", ""}},
		{"only page", "five", "", 5, hrefs{"?page=1", "?page=1", "?page=1", "", ""}},
		{"full page", "five", "?per_page=5", 5,
			hrefs{"?page=1&per_page=5", "?page=1&per_page=5", "?page=1&per_page=5", "", ""}},
		{"largest page", "five", "?per_page=1000", 5,
			hrefs{"?page=1&per_page=1000", "?page=1&per_page=1000", "?page=1&per_page=1000", "", ""}},
		{"empty list", "none", "", 0, hrefs{"?page=1", "?page=1", "?page=1", "", ""}},
		{"unknown parameters", "five", "?page=1&color=blue", 5, hrefs{"?page=1", "?page=1", "?page=1", "", ""}},
	}
	server := sandbox.Start(t, sandbox.WithGeneratedAccount("five", 5), sandbox.WithAccount("none"))
	token := tokenFor(t, server)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			base := listURL(server, test.account)
			page := decode[gen.ContractActionPage](t, get(t, base+test.query, token).wantStatus(t, http.StatusOK))
			if *page.Count != test.count || len(page.Embedded.ContractActions) != test.count {
				t.Errorf("count %d, %d actions; want %d", *page.Count, len(page.Embedded.ContractActions), test.count)
			}
			absolute := func(query string) string {
				if query == "" {
					return ""
				}
				return base + query
			}
			got := hrefs{href(page.Links.First), href(page.Links.Last), href(page.Links.Self), href(page.Links.Prev), href(page.Links.Next)}
			want := hrefs{absolute(test.want.first), absolute(test.want.last), absolute(test.want.self), absolute(test.want.prev), absolute(test.want.next)}
			if got != want {
				t.Errorf("links\n got %+v\nwant %+v", got, want)
			}
		})
	}
	noViolations(t, server)
}

func href(link *gen.Link) string {
	if link == nil {
		return ""
	}
	return *link.Href
}

func TestBadPaging(t *testing.T) {
	tests := []struct {
		name, query string
		fields      []string
	}{
		{"not a number", "?page=abc", []string{"page"}},
		{"both not numbers", "?per_page=x&page=y", []string{"page", "per_page"}},
		{"empty", "?page=", []string{"page"}},
		{"fraction", "?per_page=2.5", []string{"per_page"}},
		{"too large for an integer", "?page=99999999999999999999", []string{"page"}},
		{"zero", "?page=0", []string{"page"}},
		{"negative", "?per_page=-1", []string{"per_page"}},
		{"both out of range", "?page=0&per_page=0", []string{"page", "per_page"}},
		{"more than the maximum", "?per_page=1001", []string{"per_page"}},
		{"page twice", "?page=1&page=2", []string{"page"}},
		{"per_page twice", "?per_page=1&per_page=1", []string{"per_page"}},
		{"malformed encoding", "?page=%zz", []string{"query"}},
	}
	server := sandbox.Start(t)
	token := tokenFor(t, server)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer := get(t, listURL(server, sandbox.DefaultAccountID)+test.query, token).wantStatus(t, http.StatusBadRequest)
			body := decode[gen.ErrorBody](t, answer)
			if body.Code != "bad_request" || body.Message == "" {
				t.Errorf("body = %s", answer.body)
			}
			var fields []string
			for _, field := range body.Fields {
				fields = append(fields, field.Name)
				if field.Description == "" {
					t.Errorf("%s: no description", field.Name)
				}
			}
			if !slices.Equal(fields, test.fields) {
				t.Errorf("fields = %q, want %q", fields, test.fields)
			}
		})
	}
	noViolations(t, server)
}

func TestAccountsThatAreNotShown(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithForbiddenAccount("forbidden"))
	token := tokenFor(t, server)
	var bodies []string
	for _, account := range []string{"forbidden", "unknown"} {
		answer := get(t, listURL(server, account), token).wantStatus(t, http.StatusForbidden)
		if body := decode[gen.ErrorBody](t, answer); body.Code != "forbidden" || body.Message == "" {
			t.Errorf("%s: body = %s", account, answer.body)
		}
		bodies = append(bodies, string(answer.body))
	}
	if bodies[0] != bodies[1] {
		t.Errorf("the answers tell whether an account exists:\n%s\n%s", bodies[0], bodies[1])
	}
	noViolations(t, server)
}

func TestTokenIsCheckedBeforeParameters(t *testing.T) {
	server := sandbox.Start(t)
	get(t, listURL(server, "unknown")+"?page=abc", "wrong").wantStatus(t, http.StatusUnauthorized)
}
