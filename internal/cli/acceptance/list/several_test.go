package list_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
)

func TestAnAccountWithoutPermissionDoesNotEndTheOthers(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithUnauthorizedAccount(acceptance.UnauthorizedAccountID), sandbox.WithGeneratedAccount(accountID, 3))
	result := acceptance.Call(t, "list", acceptance.UnauthorizedAccountID, accountID, "--concurrency", "1", "-o", "ndjson")
	if result.Code != exit.Accounts || !strings.Contains(result.Stderr, "\n"+acceptance.UnauthorizedAccountID+"  401 Unauthorized: 3110001: ") {
		t.Errorf("exit code %d, stderr\n%s", result.Code, result.Stderr)
	}
	acceptance.EachOnce(t, result.Stdout, server, accountID)
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
	server := acceptance.Start(t, options...)
	result := acceptance.CallWith(t, strings.NewReader(strings.Join(ids, "\n")), "list", "-", "--output", "ndjson", "--per-page", "3")
	if result.Code != exit.Accounts {
		t.Errorf("exit code %d", result.Code)
	}
	acceptance.EachOnce(t, result.Stdout, server, good...)

	lines := strings.Split(strings.TrimSuffix(result.Stderr, "\n"), "\n")
	if len(lines) != 1+20+1 {
		t.Fatalf("stderr is\n%s", result.Stderr)
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
	acceptance.StartSeveral(t, 1, 1)
	result := acceptance.Call(t, "list", "account-1", "account-2", acceptance.ForbiddenAccountID, "--sort", "account_id", "--fields", "account_id,id")
	before, summary, _ := strings.Cut(result.Stdout, "2 contract actions of 3 accounts on 2 pages: ")
	clitest.Compare(t, before, `ACCOUNT    ID
account-1  123245132132
account-2  123245132132
`)
	if !strings.HasSuffix(summary, "; 1 account failed\n") {
		t.Errorf("the summary ends with %q", summary)
	}
	acceptance.StartSeveral(t, 1, 1)
	heading, _, _ := strings.Cut(acceptance.Succeed(t, "list", "account-1", "account-2"), "\n")
	clitest.Compare(t, strings.Join(strings.Fields(heading), " "), "ACCOUNT ID TYPE STATUS QUANTITY CREATED UPDATED MESSAGE")
}

// If nothing arrives, nothing is printed, as with one account.
func TestSeveralAccountsThatAllFail(t *testing.T) {
	acceptance.StartSeveral(t)
	for _, format := range output.Formats {
		result := acceptance.Call(t, "list", acceptance.ForbiddenAccountID, "../x", "--output", format)
		if result.Code != exit.Accounts || result.Stdout != "" || !strings.Contains(result.Stderr, "2 of 2 accounts") {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q", format, result.Code, result.Stdout, result.Stderr)
		}
	}
}

func TestCredentialsThatAreRefusedEndEverything(t *testing.T) {
	server := acceptance.StartSeveral(t, 1, 1, 1)
	t.Setenv("TALKDESK_CLIENT_SECRET", "wrong")
	result := acceptance.CallWith(t, acceptance.Endless(t, "account-1\naccount-2\naccount-3\n"), "list", "-")
	if result.Code != exit.Authentication || server.ActionRequests() > 0 {
		t.Errorf("exit code %d after %d requests", result.Code, server.ActionRequests())
	}
	acceptance.IsOneError(t, result.Stderr, "check the client id")
}

func TestAnAccountThatBreaksOffIsAFailureAndWhatCameIsPrinted(t *testing.T) {
	server := acceptance.StartSeveral(t, 4, 0)
	server.Fail(sandbox.Fault{}, sandbox.Fault{Status: http.StatusNotImplemented})
	result := acceptance.Call(t, "list", "account-1", "account-2", "--concurrency", "1", "--per-page", "2", "-o", "ndjson")
	if result.Code != exit.Accounts || strings.Count(result.Stdout, "\n") != 2 || !strings.Contains(result.Stderr, "\naccount-1  501 ") {
		t.Errorf("exit code %d, stdout\n%s\nstderr\n%s", result.Code, result.Stdout, result.Stderr)
	}
}

func TestMaxPagesIsOfEachAccount(t *testing.T) {
	acceptance.StartSeveral(t, 5, 5)
	output := acceptance.Succeed(t, "list", "account-1", "account-2", "--per-page", "2", "--max-pages", "2")
	if !strings.Contains(output, "\n8 contract actions of 2 accounts on 4 pages: ") || !strings.HasSuffix(output, "; there are more pages\n") {
		t.Error(output)
	}
}

func TestIDsFromStandardInput(t *testing.T) {
	acceptance.StartSeveral(t, 1, 2, 3)
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
			if output := acceptance.SucceedWith(t, strings.NewReader(test.input), "list", "-"); !strings.Contains(output, "\n"+test.want) {
				t.Errorf("%q is missing from\n%s", test.want, output)
			}
		})
	}
}

func TestAnArgumentThatIsThereTwiceIsListedOnce(t *testing.T) {
	acceptance.StartSeveral(t, 1, 2)
	output := acceptance.Succeed(t, "list", "account-1", "account-2", "account-1")
	if !strings.Contains(output, "\n3 contract actions of 2 accounts on 2 pages") {
		t.Error(output)
	}
}

func TestALineThatCannotBeAnIDIsNamedByItsNumber(t *testing.T) {
	acceptance.StartSeveral(t, 1)
	result := acceptance.CallWith(t, strings.NewReader("# accounts\naccount-1\n../x\x1b[2J\n"), "list", "-", "-o", "csv", "--fields", "account_id")
	if result.Code != exit.Accounts {
		t.Errorf("exit code %d", result.Code)
	}
	clitest.Compare(t, result.Stdout, "account_id\naccount-1\n")
	clitest.Compare(t, result.Stderr, `ACCOUNT      ERROR
../x\x1b[2J  line 3: not an account id: use letters, digits, '-', '_', '~' and '.', but not "." or ".." alone (it looks like 5ea75fe7aa224700012eae40)
contractactions: 1 of 2 accounts could not be listed to the end, see above
`)
}

func TestALineThatIsTooLongIsAnErrorAfterWhatCameBefore(t *testing.T) {
	acceptance.StartSeveral(t, 1)
	result := acceptance.CallWith(t, strings.NewReader("account-1\n"+strings.Repeat("x", 100_000)), "list", "-", "-o", "csv", "--fields", "account_id")
	if result.Code != exit.Failure || result.Stdout != "account_id\naccount-1\n" {
		t.Errorf("exit code %d, stdout %q", result.Code, result.Stdout)
	}
	acceptance.IsOneError(t, result.Stderr, "account ids on standard input, line 2: ")
}

func TestAnInterruptDoesNotWaitForStandardInput(t *testing.T) {
	acceptance.StartSeveral(t, 3)
	ctx, interrupt := context.WithCancel(t.Context())
	stdout := &acceptance.InterruptAtFirstWrite{Interrupt: interrupt}
	var stderr bytes.Buffer
	code := cli.Run(ctx, []string{"list", "-"}, acceptance.Endless(t, "account-1\n"), stdout, &stderr)
	if code != exit.Interrupted || stderr.String() != "contractactions: interrupted\n" {
		t.Errorf("exit code %d, stderr %q", code, &stderr)
	}
	if output := stdout.String(); !strings.HasSuffix(output, "; interrupted\n") {
		t.Error(output)
	}
}

func TestALimitDoesNotWaitForStandardInput(t *testing.T) {
	acceptance.StartSeveral(t, 3)
	if output := acceptance.SucceedWith(t, acceptance.Endless(t, "account-1\n"), "list", "-", "--limit", "2"); !strings.Contains(output, "\n2 of the 3 contract actions of 1 account on 1 page: ") || !strings.HasSuffix(output, "; ended by --limit\n") {
		t.Error(output)
	}
}
