package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
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
	if result.code != exit.Accounts || !strings.Contains(result.stderr, "\n"+unauthorizedAccountID+"  401 Unauthorized: 3110001: ") {
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
	result := callWith(t, strings.NewReader(strings.Join(ids, "\n")), "list", "-", "--output", "ndjson", "--per-page", "3")
	if result.code != exit.Accounts {
		t.Errorf("exit code %d", result.code)
	}
	eachOnce(t, result.stdout, server, good...)

	lines := strings.Split(strings.TrimSuffix(result.stderr, "\n"), "\n")
	if len(lines) != 1+20+1 {
		t.Fatalf("stderr is\n%s", result.stderr)
	}
	clitest.Compare(t, lines[0], "ACCOUNT       ERROR")
	for i, id := range bad {
		if !strings.HasPrefix(lines[1+i], id+"  403 Forbidden: ") {
			t.Errorf("line %q, want the failure of %s", lines[1+i], id)
		}
	}
	clitest.Compare(t, lines[21], "contractactions: 20 of 1000 accounts could not be listed to the end, see above")
}

func TestATableOfSeveralAccountsNamesThem(t *testing.T) {
	startSeveral(t, 1, 1)
	result := call(t, "list", "account-1", "account-2", forbiddenAccountID, "--sort", "account_id", "--fields", "account_id,id")
	before, summary, _ := strings.Cut(result.stdout, "2 contract actions of 3 accounts on 2 pages: ")
	clitest.Compare(t, before, `ACCOUNT    ID
account-1  123245132132
account-2  123245132132
`)
	if !strings.HasSuffix(summary, "; 1 account failed\n") {
		t.Errorf("the summary ends with %q", summary)
	}
	startSeveral(t, 1, 1)
	heading, _, _ := strings.Cut(succeed(t, "list", "account-1", "account-2"), "\n")
	clitest.Compare(t, strings.Join(strings.Fields(heading), " "), "ACCOUNT ID TYPE STATUS QUANTITY CREATED UPDATED MESSAGE")
}

// If nothing arrives, nothing is printed, as with one account.
func TestSeveralAccountsThatAllFail(t *testing.T) {
	startSeveral(t)
	for _, format := range output.Formats {
		result := call(t, "list", forbiddenAccountID, "../x", "--output", format)
		if result.code != exit.Accounts || result.stdout != "" || !strings.Contains(result.stderr, "2 of 2 accounts") {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q", format, result.code, result.stdout, result.stderr)
		}
	}
}

func TestCredentialsThatAreRefusedEndEverything(t *testing.T) {
	server := startSeveral(t, 1, 1, 1)
	t.Setenv("TALKDESK_CLIENT_SECRET", "wrong")
	result := callWith(t, endless(t, "account-1\naccount-2\naccount-3\n"), "list", "-")
	if result.code != exit.Authentication || server.ActionRequests() > 0 {
		t.Errorf("exit code %d after %d requests", result.code, server.ActionRequests())
	}
	isOneError(t, result.stderr, "check the client id")
}

func TestAnAccountThatBreaksOffIsAFailureAndWhatCameIsPrinted(t *testing.T) {
	server := startSeveral(t, 4, 0)
	server.Fail(sandbox.Fault{}, sandbox.Fault{Status: http.StatusNotImplemented})
	result := call(t, "list", "account-1", "account-2", "--concurrency", "1", "--per-page", "2", "-o", "ndjson")
	if result.code != exit.Accounts || strings.Count(result.stdout, "\n") != 2 || !strings.Contains(result.stderr, "\naccount-1  501 ") {
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

// endless returns a standard input that has a text to read, and never ends.
func endless(t *testing.T, text string) io.Reader {
	reader, writer := io.Pipe()
	t.Cleanup(func() { writer.Close() })
	return io.MultiReader(strings.NewReader(text), reader)
}

// startSeveral starts a sandbox with accounts of these numbers of contract actions:
// account-1, account-2 and so on.
func startSeveral(t *testing.T, actions ...int) *sandbox.Server {
	t.Helper()
	options := []sandbox.Option{sandbox.WithForbiddenAccount(forbiddenAccountID)}
	for i, n := range actions {
		options = append(options, sandbox.WithGeneratedAccount(fmt.Sprint("account-", i+1), n))
	}
	return start(t, options...)
}

func TestIDsFromStandardInput(t *testing.T) {
	startSeveral(t, 1, 2, 3)
	for _, test := range []struct {
		name, input, want string
	}{
		{"one a line", "account-1\naccount-2\n", "3 contract actions of 2 accounts on 2 pages"},
		{"without a line break at the end", "account-1\naccount-3", "4 contract actions of 2 accounts on 2 pages"},
		{"as Windows writes it", "\ufeffaccount-1\r\naccount-2\r\n", "3 contract actions of 2 accounts on 2 pages"},
		{"blank lines and comments", "# mine\n\n  account-1  \n\t\n#account-2\n", "1 contract action of 1 account on 1 page"},
		{"one twice", "account-1\naccount-2\naccount-1\n", "3 contract actions of 2 accounts on 2 pages"},
		{"none", "# none yet\n", "0 contract actions of 0 accounts on 0 pages"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if output := succeedWith(t, strings.NewReader(test.input), "list", "-"); !strings.Contains(output, "\n"+test.want) {
				t.Errorf("%q is missing from\n%s", test.want, output)
			}
		})
	}
}

func TestAnArgumentThatIsThereTwiceIsListedOnce(t *testing.T) {
	startSeveral(t, 1, 2)
	output := succeed(t, "list", "account-1", "account-2", "account-1")
	if !strings.Contains(output, "\n3 contract actions of 2 accounts on 2 pages") {
		t.Error(output)
	}
}

func TestALineThatCannotBeAnIDIsNamedByItsNumber(t *testing.T) {
	startSeveral(t, 1)
	result := callWith(t, strings.NewReader("# accounts\naccount-1\n../x\x1b[2J\n"), "list", "-", "-o", "csv", "--fields", "account_id")
	if result.code != exit.Accounts {
		t.Errorf("exit code %d", result.code)
	}
	clitest.Compare(t, result.stdout, "account_id\naccount-1\n")
	clitest.Compare(t, result.stderr, `ACCOUNT      ERROR
../x\x1b[2J  line 3: not an account id: only letters, digits, '-', '.', '_' and '~' are allowed in it (they look like 5ea75fe7aa224700012eae40)
contractactions: 1 of 2 accounts could not be listed to the end, see above
`)
}

func TestALineThatIsTooLongIsAnErrorAfterWhatCameBefore(t *testing.T) {
	startSeveral(t, 1)
	result := callWith(t, strings.NewReader("account-1\n"+strings.Repeat("x", 100_000)), "list", "-", "-o", "csv", "--fields", "account_id")
	if result.code != exit.Failure || result.stdout != "account_id\naccount-1\n" {
		t.Errorf("exit code %d, stdout %q", result.code, result.stdout)
	}
	isOneError(t, result.stderr, "account ids on standard input, line 2: ")
}

func TestAnInterruptDoesNotWaitForStandardInput(t *testing.T) {
	startSeveral(t, 3)
	ctx, interrupt := context.WithCancel(t.Context())
	stdout := &interruptAtFirstWrite{interrupt: interrupt}
	var stderr bytes.Buffer
	code := cli.Run(ctx, []string{"list", "-"}, endless(t, "account-1\n"), stdout, &stderr)
	if code != exit.Interrupted || stderr.String() != "contractactions: interrupted\n" {
		t.Errorf("exit code %d, stderr %q", code, &stderr)
	}
	if output := stdout.String(); !strings.HasSuffix(output, "; interrupted\n") {
		t.Error(output)
	}
}

func TestALimitDoesNotWaitForStandardInput(t *testing.T) {
	startSeveral(t, 3)
	if output := succeedWith(t, endless(t, "account-1\n"), "list", "-", "--limit", "2"); !strings.Contains(output, "\n2 of 3 contract actions of 1 account on 1 page: ") || !strings.HasSuffix(output, "; ended by --limit\n") {
		t.Error(output)
	}
}
