package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// listed decodes ndjson: how often each contract action of each account came.
func listed(t *testing.T, output string) map[string]int {
	t.Helper()
	times := make(map[string]int)
	for line := range strings.Lines(output) {
		var action struct {
			AccountID string `json:"account_id"`
			ID        string `json:"id"`
		}
		if err := json.Unmarshal([]byte(line), &action); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		times[action.AccountID+" "+action.ID]++
	}
	return times
}

// eachOnce fails the test unless what was listed is every contract action of
// these accounts, once.
func eachOnce(t *testing.T, output string, server *sandbox.Server, accounts ...string) {
	t.Helper()
	got, want := listed(t, output), 0
	for _, account := range accounts {
		for _, action := range server.Actions(account) {
			want++
			if times := got[account+" "+action.ID]; times != 1 {
				t.Errorf("contract action %s of %s came %d times", action.ID, account, times)
			}
		}
	}
	if len(got) != want {
		t.Errorf("%d contract actions, want %d", len(got), want)
	}
}

func TestAnAccountWithoutPermissionDoesNotEndTheOthers(t *testing.T) {
	server := start(t, sandbox.WithUnauthorizedAccount(unauthorizedAccountID), sandbox.WithGeneratedAccount(accountID, 3))
	result := call(t, "list", unauthorizedAccountID, accountID, "--concurrency", "1", "-o", "ndjson")
	if result.code != exitAccounts || !strings.Contains(result.stderr, "\n"+unauthorizedAccountID+"  401 Unauthorized: 3110001: ") {
		t.Errorf("exit code %d, stderr\n%s", result.code, result.stderr)
	}
	eachOnce(t, result.stdout, server, accountID)
}

func TestAThousandAccountsOfWhichTwentyFail(t *testing.T) {
	var options []sandbox.Option
	var ids, good, bad []string
	for i := range 1000 {
		id := fmt.Sprintf("account-%04d", i)
		ids = append(ids, id)
		if i%50 == 25 {
			bad, options = append(bad, id), append(options, sandbox.WithForbiddenAccount(id))
			continue
		}
		good, options = append(good, id), append(options, sandbox.WithGeneratedAccount(id, i%7))
	}
	server := start(t, options...)
	input(t, strings.Join(ids, "\n"))
	result := call(t, "list", "-", "--output", "ndjson", "--per-page", "3")
	if result.code != exitAccounts {
		t.Errorf("exit code %d", result.code)
	}
	eachOnce(t, result.stdout, server, good...)

	lines := strings.Split(strings.TrimSuffix(result.stderr, "\n"), "\n")
	if len(lines) != 1+20+1 {
		t.Fatalf("stderr is\n%s", result.stderr)
	}
	compare(t, lines[0], "ACCOUNT       ERROR")
	for i, id := range bad {
		if !strings.HasPrefix(lines[1+i], id+"  403 Forbidden: ") {
			t.Errorf("line %q, want the failure of %s", lines[1+i], id)
		}
	}
	compare(t, lines[21], "contractactions: 20 of 1000 accounts could not be listed to the end, see above")
}

func TestATableOfSeveralAccountsNamesThem(t *testing.T) {
	startSeveral(t, 1, 1)
	result := call(t, "list", "account-1", "account-2", forbiddenAccountID, "--sort", "account_id", "--fields", "account_id,id,status")
	compare(t, result.stdout, `ACCOUNT    ID            STATUS
account-1  123245132132  CREATED
account-2  123245132132  FAILED
2 contract actions of 3 accounts on 2 pages: 1 CREATED, 1 FAILED; 1 account failed
`)
	startSeveral(t, 1, 1)
	heading, _, _ := strings.Cut(succeed(t, "list", "account-1", "account-2"), "\n")
	compare(t, strings.Join(strings.Fields(heading), " "), "ACCOUNT ID TYPE STATUS QUANTITY CREATED UPDATED MESSAGE")
}

// If nothing arrives, nothing is printed, as with one account.
func TestSeveralAccountsThatAllFail(t *testing.T) {
	startSeveral(t)
	for _, format := range formats {
		result := call(t, "list", forbiddenAccountID, "../x", "--output", format)
		if result.code != exitAccounts || result.stdout != "" || !strings.Contains(result.stderr, "2 of 2 accounts") {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q", format, result.code, result.stdout, result.stderr)
		}
	}
}

func TestCredentialsThatAreRefusedEndEverything(t *testing.T) {
	server := startSeveral(t, 1, 1, 1)
	t.Setenv("TALKDESK_CLIENT_SECRET", "wrong")
	endlessInput(t, "account-1\naccount-2\naccount-3\n")
	result := call(t, "list", "-")
	if result.code != exitAuthentication || server.ActionRequests() > 0 {
		t.Errorf("exit code %d after %d requests", result.code, server.ActionRequests())
	}
	isOneError(t, result.stderr, "check the client id")
}

func TestAnAccountThatBreaksOffIsAFailureAndWhatCameIsPrinted(t *testing.T) {
	server := startSeveral(t, 4, 0)
	server.Fail(sandbox.Fault{}, sandbox.Fault{Status: http.StatusNotImplemented})
	result := call(t, "list", "account-1", "account-2", "--concurrency", "1", "--per-page", "2", "-o", "ndjson")
	if result.code != exitAccounts || strings.Count(result.stdout, "\n") != 2 || !strings.Contains(result.stderr, "\naccount-1  501 ") {
		t.Errorf("exit code %d, stdout\n%s\nstderr\n%s", result.code, result.stdout, result.stderr)
	}
}

func TestMaxPagesIsOfEachAccount(t *testing.T) {
	startSeveral(t, 5, 5)
	output := succeed(t, "list", "account-1", "account-2", "--per-page", "2", "--max-pages", "2")
	if !strings.Contains(output, "\n8 contract actions of 2 accounts on 4 pages: ") || !strings.HasSuffix(output, "; there are more pages\n") {
		t.Error(output)
	}
}
