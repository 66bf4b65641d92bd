package list_test

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Services that do not support what list requests.
var (
	ignoring = sandbox.WithIgnoredParameters("filter", "order_by")
	refusing = sandbox.WithRefusedParameters("filter", "order_by")
)

// madeUp returns n contract actions, of which every 125th FAILED.
func madeUp(n int) []wrapper.ContractAction {
	actions := make([]wrapper.ContractAction, n)
	moment := time.Date(2022, time.March, 10, 12, 0, 0, 0, time.UTC)
	for i := range actions {
		actions[i] = wrapper.ContractAction{
			ID: fmt.Sprint(100_000 + i), ActionType: wrapper.TypeNew, Status: wrapper.StatusCompleted, StatusMessage: "Done.",
			CreatedAt: moment.Add(time.Duration(i) * time.Hour), UpdatedAt: moment.Add(time.Duration(i) * time.Hour),
		}
		if i%125 == 0 {
			actions[i].Status = wrapper.StatusFailed
		}
	}
	return actions
}

func TestHowManyRequestsAListTakes(t *testing.T) {
	for _, test := range []struct {
		name    string
		flags   string
		actions int
		service []sandbox.Option
		want    int
	}{
		{"large pages", "", 425, nil, 2},
		{"the service's own pages", "--per-page 50", 425, nil, 9},
		{"a service without order and page size", "", 425, []sandbox.Option{sandbox.WithRefusedParameters("order_by", "per_page")}, 1 + 9},
		{"a filter", "--status FAILED", 5000, nil, 1},
		{"a filter that is not wanted", "--status FAILED --read-all", 5000, nil, 20},
		{"a filter that is ignored", "--status FAILED", 5000, []sandbox.Option{ignoring}, 20},
		{"a filter that is refused, and with it the page size", "--status FAILED", 5000, []sandbox.Option{refusing}, 1 + 100},
		{"what cannot be expressed as a filter", "--status FAILED,unknown", 5000, nil, 20},
		{"the other flag's filter", "--status FAILED,unknown --type CANCELTDE", 5000, nil, 1},
		// One more, in the opposite order, verifies that the order is honoured.
		{"an early end", "--since 2022-09-25", 5000, nil, 1 + 1},
		{"an early end in another order", "--since 2022-09-25 --order-by updated_at:asc", 5000, nil, 20},
		{"an early end that is not wanted", "--since 2022-09-25 --read-all", 5000, nil, 20},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := acceptance.Start(t, append(test.service, sandbox.WithAccount(accountID, madeUp(test.actions)...))...)
			acceptance.Succeed(t, append([]string{"list", accountID, "-o", "csv"}, strings.Fields(test.flags)...)...)
			if requests := server.ActionRequests(); requests != test.want {
				t.Errorf("%d requests, want %d", requests, test.want)
			}
		})
	}
}

func TestTheFilterThatIsSent(t *testing.T) {
	for flags, want := range map[string]string{
		"":                              "",
		"--status FAILED":               "status eq 'FAILED'",
		"--status FAILED,CREATED":       "status eq 'FAILED' or status eq 'CREATED'",
		"--type NEWTDE --status FAILED": "status eq 'FAILED' and action_type eq 'NEWTDE'",
		"--type NEWTDE,AMENDTDE --status FAILED,CREATED": "(status eq 'FAILED' or status eq 'CREATED') and (action_type eq 'NEWTDE' or action_type eq 'AMENDTDE')",
		"--type NEWTDE,unknown --status FAILED":          "status eq 'FAILED'",
		"--status FAILED --read-all":                     "",
	} {
		t.Run(flags, func(t *testing.T) {
			server := acceptance.StartSmall(t)
			acceptance.Succeed(t, append([]string{"list", accountID}, strings.Fields(flags)...)...)
			requests := server.Requests()
			query, err := url.ParseQuery(requests[len(requests)-1].RawQuery)
			if err != nil {
				t.Fatal(err)
			}
			clitest.Compare(t, query.Get("filter"), want)
		})
	}
}

// With the same contract actions, the output is the same whatever the service
// supports. Only the number of requests differs.
func TestTheOutputOfASelectionDoesNotDependOnTheService(t *testing.T) {
	services := map[string][]sandbox.Option{
		"supporting":            nil,
		"ignoring":              {ignoring},
		"ignoring the order":    {sandbox.WithIgnoredParameters("order_by")},
		"refusing":              {refusing},
		"refusing, small pages": {sandbox.WithRefusedParameters("filter", "order_by", "per_page")},
	}
	for _, flags := range []string{
		"--status FAILED",
		"--status FAILED,CREATED --type NEWTDE -o csv",
		"--type CANCELTDE,unknown -o json",
		"--since 2022-06-01 -o ndjson",
		"--since 2022-06-01 --status FAILED",
		"--since 2022-06-01 --sort action_type -o csv",
		"--status FAILED --sort action_type --limit 9",
		"--status FAILED --limit 3",
		"--since 2022-06-01 --limit 9 -o csv",
		"--since 2022-06-01 --status FAILED -o csv --into",
	} {
		t.Run(flags, func(t *testing.T) {
			list := func(options []sandbox.Option, more ...string) (output string, requests int) {
				arguments := append([]string{"list", accountID}, strings.Fields(flags)...)
				into := ""
				if strings.HasSuffix(flags, "--into") {
					into = filepath.Join(t.TempDir(), "file")
					arguments = append(arguments, into, "--quiet")
				}
				server := acceptance.Start(t, append(options, sandbox.WithGeneratedAccount(accountID, 750))...)
				output = acceptance.Succeed(t, append(arguments, more...)...)
				if into != "" {
					output = acceptance.ReadFile(t, into)
				}
				return output, server.ActionRequests()
			}
			want, fewest := list(services["supporting"])
			if strings.Count(want, "\n") < 5 {
				t.Fatalf("too little to compare:\n%s", want)
			}
			all, _ := list(services["supporting"], "--read-all")
			clitest.Compare(t, all, want)
			for name, options := range services {
				output, requests := list(options)
				if output != want {
					t.Errorf("%s: got\n%s\nwant\n%s", name, output, want)
				}
				if strings.Contains(name, "refusing") && requests <= fewest {
					t.Errorf("%s: %d requests, as few as %d", name, requests, fewest)
				}
			}
		})
	}
}

func TestSeveralAccountsHaveTheSameLinesWhateverTheService(t *testing.T) {
	var want []string
	for _, service := range []sandbox.Option{sandbox.WithIgnoredParameters(), ignoring, refusing} {
		acceptance.Start(t, service, sandbox.WithGeneratedAccount("one", 300), sandbox.WithGeneratedAccount("two", 300))
		lines := strings.Split(acceptance.Succeed(t, "list", "one", "two", "--since", "2022-04-01", "--status", "FAILED", "-o", "csv"), "\n")
		slices.Sort(lines)
		if want == nil {
			want = lines
		}
		if !slices.Equal(lines, want) || len(lines) < 10 {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestVerboseSaysThatAShortcutIsNotSupported(t *testing.T) {
	for want, service := range map[string]sandbox.Option{
		"parameters refused, listing without them": refusing,
		"order not honoured, reading everything":   ignoring,
	} {
		acceptance.Start(t, service, sandbox.WithGeneratedAccount(accountID, 300))
		result := acceptance.Call(t, "list", accountID, "--since", "2022-03-20", "--verbose")
		if result.Code != exit.Done || !strings.Contains(result.Stderr, `level=WARN msg="`+want+`"`) {
			t.Errorf("exit code %d, stderr\n%s", result.Code, result.Stderr)
		}
	}
}

func TestWhatIsRequestedExplicitlyIsNotGivenUp(t *testing.T) {
	for _, test := range []struct{ flags, parameter string }{
		{"--order-by created_at:desc", "order_by"},
		{"--per-page 10 --status FAILED", "per_page"},
	} {
		acceptance.Start(t, sandbox.WithRefusedParameters(test.parameter), sandbox.WithGeneratedAccount(accountID, 3))
		result := acceptance.Call(t, append([]string{"list", accountID}, strings.Fields(test.flags)...)...)
		if result.Code != exit.Refused {
			t.Errorf("%s: exit code %d", test.flags, result.Code)
		}
		acceptance.IsOneError(t, result.Stderr, "400 Bad Request: 3110005: ")
	}
}

func TestOrders(t *testing.T) {
	acceptance.StartSmall(t)
	for flags, want := range map[string]string{
		"--order-by updated_at:asc":                                       "123245132132 8 7",
		"--order-by updated_at:desc":                                      "7 8 123245132132",
		"--order-by created_at:desc":                                      "8 7 123245132132",
		"--order-by updated_at:asc --status FAILED,IN_PROGRESS":           "8 7",
		"--order-by updated_at:asc --since 2022-03-10T12:00:01Z":          "8 7",
		"--order-by updated_at:asc --status FAILED,IN_PROGRESS --sort id": "7 8",
	} {
		t.Run(flags, func(t *testing.T) {
			output := acceptance.Succeed(t, append([]string{"list", accountID, "-o", "csv", "--fields", "id"}, strings.Fields(flags)...)...)
			clitest.Compare(t, strings.Join(strings.Fields(output), " "), "id "+want)
		})
	}
}

// A list that --since ends early has all that was asked for, unlike one that
// --max-pages ends.
func TestAnEarlyEndIsNotReportedAsMorePages(t *testing.T) {
	actions := sandbox.WithAccount(accountID, madeUp(100)...)
	another := sandbox.WithAccount("another", madeUp(100)...)
	const more = "; there are more pages\n"
	for _, test := range []struct {
		maxPages string
		each     int // contract actions of an account
		more     bool
	}{{"3", 15, true}, {"9", 16, false}} {
		for _, accounts := range [][]string{{accountID}, {accountID, "another"}} {
			acceptance.Start(t, actions, another)
			output := acceptance.Succeed(t, append([]string{"list", "--since", "2022-03-14", "--per-page", "5", "--max-pages", test.maxPages}, accounts...)...)
			summary := fmt.Sprintf("\n%d matching contract actions", test.each*len(accounts))
			if !strings.Contains(output, summary) || strings.HasSuffix(output, more) != test.more {
				t.Errorf("--max-pages %s of %q:\n%s", test.maxPages, accounts, output)
			}
		}
	}
	acceptance.Start(t, actions)
	if output := acceptance.Succeed(t, "list", accountID, "--since", "2022-03-14", "--per-page", "5"); strings.HasSuffix(output, more) {
		t.Error(output)
	}
}

func TestASelectionThatBreaksOffPrintsWhatCame(t *testing.T) {
	for _, accounts := range [][]string{{accountID}, {accountID, "empty"}} {
		server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 30), sandbox.WithAccount("empty"))
		arguments := append([]string{"list", "--since", "2022-01-01", "--per-page", "10", "--concurrency", "1", "-o", "ndjson"}, accounts...)
		server.Fail(sandbox.Fault{}, sandbox.Fault{}, sandbox.Fault{Status: 501})
		result := acceptance.Call(t, arguments...)
		if result.Code == exit.Done || len(acceptance.Listed(t, result.Stdout)) != 20 || !strings.Contains(result.Stderr, "501") {
			t.Errorf("exit code %d, stderr %q, stdout\n%s", result.Code, result.Stderr, result.Stdout)
		}
	}
}

// What is created meanwhile comes first by default, and moves everything else
// back by one.
func TestAnActionThatIsCreatedMeanwhile(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithAccount(accountID, madeUp(120)...))
	created := madeUp(121)[120]
	server.Fail(sandbox.Fault{}, sandbox.Fault{Rewrite: func(body []byte) []byte {
		server.Put(accountID, created)
		return body
	}})
	acceptance.EachOnce(t, acceptance.Succeed(t, "list", accountID, "--per-page", "50", "-o", "ndjson"), server, accountID)
	if len(server.Actions(accountID)) != 121 {
		t.Error("nothing was created")
	}
}

func TestWhatChangedLatelyInAThousandAccounts(t *testing.T) {
	const accounts, each, recent = 1000, 500, 3
	var options []sandbox.Option
	var ids strings.Builder
	actions := madeUp(each)
	for i := each - recent; i < each; i++ {
		actions[i].UpdatedAt = time.Now().Add(-time.Duration(i) * time.Minute)
	}
	for i := range accounts {
		id := fmt.Sprintf("account-%04d", i)
		fmt.Fprintln(&ids, id)
		options = append(options, sandbox.WithAccount(id, actions...))
	}
	server := acceptance.Start(t, options...)
	// Small pages, since the sandbox validates all that it sends. With larger ones
	// the number of requests is the same.
	output := acceptance.SucceedWith(t, strings.NewReader(ids.String()), "list", "-", "--since", "7d", "-o", "ndjson", "--per-page", "50")
	if lines := strings.Count(output, "\n"); lines != accounts*recent {
		t.Errorf("%d contract actions", lines)
	}
	if requests := server.ActionRequests(); requests > 1100 {
		t.Errorf("%d requests", requests)
	} else {
		t.Logf("%d requests", requests)
	}
}

func TestFiltersChooseWhatIsPrinted(t *testing.T) {
	for _, test := range []struct{ flags, want string }{
		{"--status FAILED", "7"},
		{"--status failed,in_progress", "7 8"},
		{"--status FAILED --status CREATED", "7 123245132132"},
		{"--status COMPLETED", ""},
		{"--status unknown", ""},
		{"--type CANCELTDE", "7"},
		{"--type NEWTDE,AMENDTDE --status CREATED", "123245132132"},
		{"--since 2022-03-10", "7 8 123245132132"},
		{"--since 2022-03-11", ""},
		{"--since 2022-03-10T12:00:01Z", "7 8"}, // created before, but updated then
		{"--since 2022-03-10T14:01:00+02:00", "7"},
		{"--since 1w", ""},
	} {
		t.Run(test.flags, func(t *testing.T) {
			acceptance.StartSmall(t)
			output := acceptance.Succeed(t, append([]string{"list", accountID, "-o", "csv", "--fields", "id"}, strings.Fields(test.flags)...)...)
			clitest.Compare(t, strings.Join(strings.Fields(output), " "), strings.TrimSpace("id "+test.want))
		})
	}
}

func TestUnknownValuesCanBeAskedFor(t *testing.T) {
	server := acceptance.StartSmall(t)
	server.Fail(sandbox.Fault{Rewrite: func(body []byte) []byte {
		return []byte(strings.NewReplacer(`"IN_PROGRESS"`, `"PAUSED"`).Replace(string(body)))
	}})
	clitest.Compare(t, acceptance.Succeed(t, "list", accountID, "-o", "csv", "--fields", "id,status", "--status", "unknown"), "id,status\n8,PAUSED\n")
}

func TestTheSummaryTellsHowManyWereSelected(t *testing.T) {
	acceptance.StartSmall(t)
	if output := acceptance.Succeed(t, "list", accountID, "--status", "FAILED"); !strings.HasSuffix(output, "\n1 matching contract action: 1 FAILED\n") {
		t.Error(output)
	}
	if output := acceptance.Succeed(t, "list", accountID, "--since", "1h"); !strings.HasSuffix(output, "\n0 matching contract actions\n") {
		t.Error(output)
	}
}

func TestALimitEndsTheList(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 100))
	output := acceptance.Succeed(t, "list", accountID, "--per-page", "10", "--limit", "15", "-o", "ndjson")
	if lines := strings.Count(output, "\n"); lines != 15 {
		t.Errorf("%d lines", lines)
	}
	// Besides the two that were needed, at most the one that was fetched ahead.
	if requests := server.ActionRequests(); requests > 3 {
		t.Errorf("%d requests", requests)
	}
}

func TestSortByEachField(t *testing.T) {
	acceptance.StartSmall(t)
	for keys, want := range map[string]string{
		"id":                 "7 8 123245132132",
		"-id":                "123245132132 8 7",
		"action_type":        "8 7 123245132132",
		"status":             "123245132132 7 8",
		"quantity":           "7 123245132132 8",
		"-quantity":          "8 123245132132 7",
		"updated_at":         "123245132132 8 7",
		"-updated_at":        "7 8 123245132132",
		"created_at":         "123245132132 7 8", // all the same: as they came
		"created_at,-status": "8 7 123245132132",
		"account_id,id":      "7 8 123245132132",
	} {
		t.Run(keys, func(t *testing.T) {
			output := acceptance.Succeed(t, "list", accountID, "-o", "csv", "--fields", "id", "--per-page", "1", "--sort", keys)
			clitest.Compare(t, strings.Join(strings.Fields(output), " "), "id "+want)
		})
	}
}

func TestSortAndLimitPrintTheFirst(t *testing.T) {
	acceptance.StartSmall(t)
	output := acceptance.Succeed(t, "list", accountID, "--sort", "-updated_at", "--limit", "1", "--fields", "id")
	clitest.Compare(t, output, "ID\n7\n1 of the 3 contract actions on 1 page: 1 FAILED\n")
}

func TestWhatTheKeysLeaveOpenIsTheSameInEachRun(t *testing.T) {
	moment := time.Date(2022, time.March, 10, 12, 0, 0, 0, time.UTC)
	action := func(id string) wrapper.ContractAction {
		return wrapper.ContractAction{ID: id, ActionType: wrapper.TypeNew, Status: wrapper.StatusCreated,
			StatusMessage: "same", CreatedAt: moment, UpdatedAt: moment}
	}
	acceptance.Start(t, sandbox.WithAccount("a", action("2"), action("1")), sandbox.WithAccount("b", action("3")), sandbox.WithAccount("c", action("0")))
	for range 5 {
		output := acceptance.Succeed(t, "list", "c", "b", "a", "--sort", "created_at", "-o", "csv", "--fields", "account_id,id")
		clitest.Compare(t, output, "account_id,id\na,2\na,1\nb,3\nc,0\n")
	}
}
