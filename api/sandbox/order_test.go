package sandbox_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

// listedIDs follows next from a query to the end.
func listedIDs(t *testing.T, server *sandbox.Server, token, query string) []string {
	t.Helper()
	var ids []string
	for next := listURL(server, "a") + "?" + query; next != ""; {
		var page []string
		page, next = pageOf(t, next, token)
		ids = append(ids, page...)
	}
	return ids
}

func pageOf(t *testing.T, target, token string) (ids []string, next string) {
	t.Helper()
	page := decode[gen.ContractActionPage](t, get(t, target, token).wantStatus(t, http.StatusOK))
	return idsOf(page.Embedded.ContractActions), href(page.Links.Next)
}

func idsOf(actions []gen.ContractAction) []string {
	ids := make([]string, len(actions))
	for i, action := range actions {
		ids[i] = action.ID
	}
	return ids
}

// actionAt was created and updated so many hours after the others.
func actionAt(id string, created, updated int) gen.ContractAction {
	action := newAction(id, gen.ContractActionStatusCREATED)
	action.UpdatedAt = action.CreatedAt.Add(time.Duration(updated) * time.Hour)
	action.CreatedAt = action.CreatedAt.Add(time.Duration(created) * time.Hour)
	return action
}

func TestOrders(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount("a",
		actionAt("1", 3, 3), actionAt("2", 1, 5), actionAt("3", 2, 4), actionAt("4", 1, 5)))
	token := tokenFor(t, server)
	tests := []struct{ query, want string }{
		{"", "1 3 4 2"},
		{"order_by=created_at:desc", "1 3 4 2"},
		{"order_by=created_at:asc", "2 4 3 1"},
		{"order_by=updated_at:desc", "4 2 3 1"},
		{"order_by=updated_at:asc", "1 3 2 4"},
	}
	for _, test := range tests {
		for _, perPage := range []int{1, 3, 4} {
			t.Run(test.query+" by "+strconv.Itoa(perPage), func(t *testing.T) {
				ids := listedIDs(t, server, token, test.query+"&per_page="+strconv.Itoa(perPage))
				if got := strings.Join(ids, " "); got != test.want {
					t.Errorf("listed %s, want %s", got, test.want)
				}
			})
		}
	}
	if got := strings.Join(idsOf(server.Actions("a")), " "); got != tests[0].want {
		t.Errorf("Actions are %s, want the default order", got)
	}
	noViolations(t, server)
}

func TestOrderFollowsChanges(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount("a", actionAt("1", 1, 1), actionAt("2", 2, 2)))
	token := tokenFor(t, server)
	want := func(ids string) {
		t.Helper()
		if got := strings.Join(listedIDs(t, server, token, "order_by=updated_at:desc"), " "); got != ids {
			t.Errorf("listed %s, want %s", got, ids)
		}
	}
	want("2 1")
	if err := server.Advance("a", "1", inProgress, ""); err != nil {
		t.Fatal(err)
	}
	want("1 2")
	server.Put("a", actionAt("3", 0, 0))
	want("1 2 3")
	server.Put("a", actionAt("1", 0, 0))
	want("2 3 1")
}

func TestOrderFollowsProgress(t *testing.T) {
	clock := newManualClock()
	server := sandbox.Start(t, sandbox.WithClock(clock.Now), sandbox.WithProgress(time.Minute),
		sandbox.WithAccount("a", newAction("1", inProgress), newAction("2", created), newAction("3", failed)))
	token := tokenFor(t, server)
	steps := []struct {
		query, want string
	}{
		{"order_by=updated_at:desc", "3 2 1"},
		{"filter=status eq 'CREATED'", "2"},
		{"", ""}, // a minute passes
		{"order_by=updated_at:desc", "2 1 3"},
		{"filter=status eq 'CREATED'", ""},
		{"filter=status eq 'IN_PROGRESS'", "2"},
		{"", ""},
		{"order_by=updated_at:desc", "2 1 3"},
		{"filter=status eq 'IN_PROGRESS'", ""},
	}
	for _, step := range steps {
		if step.query == "" {
			clock.advance(time.Minute)
			continue
		}
		if got := strings.Join(listedIDs(t, server, token, strings.ReplaceAll(step.query, " ", "+")), " "); got != step.want {
			t.Errorf("%s: listed %s, want %s", step.query, got, step.want)
		}
	}
}

// Newest first, an action that is created between two pages moves the others.
func TestActionCreatedWhileTheListIsRead(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount("a", 5))
	token := tokenFor(t, server)
	before := idsOf(server.Actions("a"))

	first, next := pageOf(t, listURL(server, "a")+"?per_page=2", token)
	late := newAction("late", created)
	late.CreatedAt = server.Actions("a")[0].CreatedAt.Add(time.Second)
	late.UpdatedAt = late.CreatedAt
	server.Put("a", late)

	second, _ := pageOf(t, next, token)
	if want := before[1:3]; first[1] != before[1] || !slices.Equal(second, want) {
		t.Errorf("pages %s and %s, want the last of the first to come again", first, second)
	}
	if got := listedIDs(t, server, token, ""); got[0] != "late" {
		t.Errorf("listed %s, want the new action first", got)
	}
	oldestFirst := listedIDs(t, server, token, "order_by=created_at:asc")
	if got := oldestFirst[len(oldestFirst)-1]; got != "late" {
		t.Errorf("listed %s, want the new action last", oldestFirst)
	}
}

func TestManyFiltersOfOneAccount(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount("a", newAction("1", created)))
	token := tokenFor(t, server)
	for i := range 50 {
		unlike := url.QueryEscape("not status eq '" + strconv.Itoa(i) + "'")
		if got := listedIDs(t, server, token, "filter="+unlike); len(got) != 1 {
			t.Fatalf("filter %d: listed %s", i, got)
		}
	}
}

// A page must not cost more in a long list than in a short one.
func BenchmarkPageOfALongList(b *testing.B) {
	for _, n := range []int{1_000, 1_000_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			server := sandbox.Start(b, sandbox.WithGeneratedAccount("a", n))
			token := tokenFor(b, server)
			target := listURL(server, "a") + "?order_by=updated_at:desc&per_page=250&filter=" + url.QueryEscape("status eq 'FAILED'")
			get(b, target, token)
			for b.Loop() {
				get(b, target, token)
			}
		})
	}
}
