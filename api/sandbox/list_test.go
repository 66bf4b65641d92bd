package sandbox_test

import (
	"net/http"
	"slices"
	"strings"
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
		{"largest page", "five", "?per_page=250", 5,
			hrefs{"?page=1&per_page=250", "?page=1&per_page=250", "?page=1&per_page=250", "", ""}},
		{"everything that was asked for", "five", "?per_page=2&filter=not+status+eq+'X'&order_by=updated_at:asc", 2, hrefs{
			"?filter=not+status+eq+%27X%27&order_by=updated_at%3Aasc&page=1&per_page=2",
			"?filter=not+status+eq+%27X%27&order_by=updated_at%3Aasc&page=3&per_page=2",
			"?filter=not+status+eq+%27X%27&order_by=updated_at%3Aasc&page=1&per_page=2", "",
			"?filter=not+status+eq+%27X%27&order_by=updated_at%3Aasc&page=2&per_page=2"}},
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

func TestBadParameters(t *testing.T) {
	const (
		page    = "page: must be a whole number of 1 or more"
		perPage = "per_page: must be a whole number from 1 to 250"
		orderBy = "order_by: must be one of created_at:asc, created_at:desc, updated_at:asc, updated_at:desc"
	)
	tests := []struct {
		name, query string
		fields      []string
	}{
		{"not a number", "?page=abc", []string{page}},
		{"both not numbers", "?per_page=x&page=y", []string{page, perPage}},
		{"empty", "?page=", []string{page}},
		{"fraction", "?per_page=2.5", []string{perPage}},
		{"too large for an integer", "?page=99999999999999999999", []string{page}},
		{"zero", "?page=0", []string{page}},
		{"negative", "?per_page=-1", []string{perPage}},
		{"both out of range", "?page=0&per_page=0", []string{page, perPage}},
		{"more than the maximum", "?per_page=251", []string{perPage}},
		{"unknown order", "?order_by=id:asc", []string{orderBy}},
		{"order without a direction", "?order_by=created_at", []string{orderBy}},
		{"empty order", "?order_by=", []string{orderBy}},
		{"long filter", "?filter=" + strings.Repeat("x", 1601), []string{"filter: must be at most 1600 characters long"}},
		{"page twice", "?page=1&page=2", []string{"page: must be given only once"}},
		{"per_page twice", "?per_page=1&per_page=1", []string{"per_page: must be given only once"}},
		{"malformed encoding", "?page=%zz", []string{`query: invalid URL escape "%zz"`}},
	}
	server := sandbox.Start(t)
	token := tokenFor(t, server)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer := get(t, listURL(server, sandbox.DefaultAccountID)+test.query, token).wantStatus(t, http.StatusBadRequest)
			if got := refusedFields(t, answer); !slices.Equal(got, test.fields) {
				t.Errorf("fields = %q, want %q", got, test.fields)
			}
		})
	}
	noViolations(t, server)
}

func TestTheCallersRequestIsNotChanged(t *testing.T) {
	server := sandbox.New()
	server.URL, server.TokenURL = "http://api.example.test", "http://id.example.test"+sandbox.TokenPath
	token := decode[tokenAnswer](t, serve(t, server, tokenRequest(t, server))).AccessToken
	target := listURL(server, sandbox.DefaultAccountID) + "?page=2"
	request := getRequest(t, target, token)
	serve(t, server, request).wantStatus(t, http.StatusOK)
	if got := request.URL.String(); got != target {
		t.Errorf("URL = %s, want %s as before", got, target)
	}
}

// refusedFields are the fields of a 400, each as its name and description.
func refusedFields(t *testing.T, answer reply) []string {
	t.Helper()
	body := decode[gen.ErrorBody](t, answer.wantStatus(t, http.StatusBadRequest))
	if body.Code != "3110005" || body.Message != "Invalid parameters." {
		t.Errorf("body = %s", answer.body)
	}
	var fields []string
	for _, field := range body.Fields {
		fields = append(fields, field.Name+": "+field.Description)
	}
	return fields
}

func TestAccountsThatAreNotShown(t *testing.T) {
	tests := []struct {
		account   string
		status    int
		code      string
		challenge string
	}{
		{"unknown", http.StatusNotFound, "3110006", ""},
		{"forbidden", http.StatusForbidden, "3110002", ""},
		{"unauthorized", http.StatusUnauthorized, "3110001", `Bearer realm="sandbox"`},
	}
	server := sandbox.Start(t, sandbox.WithForbiddenAccount("forbidden"), sandbox.WithUnauthorizedAccount("unauthorized"))
	server.Put("forbidden", newAction("1", gen.ContractActionStatusCREATED))
	token := tokenFor(t, server)
	for _, test := range tests {
		for _, query := range []string{"", "?page=abc"} {
			t.Run(test.account+query, func(t *testing.T) {
				answer := get(t, listURL(server, test.account)+query, token).wantStatus(t, test.status)
				if body := decode[gen.ErrorBody](t, answer); body.Code != test.code || body.Message == "" {
					t.Errorf("body = %s, want code %s", answer.body, test.code)
				}
				if got := answer.header.Get("WWW-Authenticate"); got != test.challenge {
					t.Errorf("WWW-Authenticate = %q, want %q", got, test.challenge)
				}
			})
		}
	}
	noViolations(t, server)
}

func TestTokenIsCheckedFirst(t *testing.T) {
	server := sandbox.Start(t)
	get(t, listURL(server, "unknown")+"?page=abc", "wrong").wantStatus(t, http.StatusUnauthorized)
	token := tokenFor(t, server, "scope", sandbox.ScopeAccounts)
	get(t, listURL(server, "unknown")+"?page=abc", token).wantStatus(t, http.StatusForbidden)
}
