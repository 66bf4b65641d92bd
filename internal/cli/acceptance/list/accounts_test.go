package list_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// startOrganization starts a sandbox with accounts of two contract actions each:
// one of every kind that a list of accounts can have.
func startOrganization(t *testing.T, options ...sandbox.Option) *sandbox.Server {
	t.Helper()
	for _, account := range []wrapper.Account{
		{ID: "a1", Name: new("acme-shop"), CompanyName: new("Acme Incorporated"), Status: new(gen.AccountStatusACTIVE)},
		{ID: "a2", Name: new("=1+1\x1b[31m $(reboot)"), Status: new(gen.AccountStatusINTRIAL)},
		{ID: "a3", Name: new("later"), Status: new(gen.AccountStatusOTHER)},
		{ID: "a4"},
	} {
		options = append(options, sandbox.WithGeneratedAccount(account.ID, 2), sandbox.WithAccountDetails(account))
	}
	return acceptance.Start(t, options...)
}

// laterStatus makes the status of a3 one that the contract does not list.
var laterStatus = sandbox.Fault{Rewrite: func(body []byte) []byte {
	return bytes.Replace(body, []byte(gen.AccountStatusOTHER), []byte("PAUSED"), 1)
}}

func TestAccountsInEachFormat(t *testing.T) {
	server := startOrganization(t)
	for _, test := range []struct{ arguments, want string }{
		{"", `ID  STATUS      NAME                    COMPANY
a1  ACTIVE      acme-shop               Acme Incorporated
a2  IN_TRIAL    =1+1\x1b[31m $(reboot)  -
a3  PAUSED?     later                   -
a4  -           -                       -
4 accounts; ? marks what the contract does not list
`},
		{"--status active,unknown --fields id,status", "ID  STATUS\na1  ACTIVE\na3  PAUSED?\na4  -\n3 matching accounts; ? marks what the contract does not list\n"},
		{"--limit 2 --per-page 1 --fields id", "ID\na1\na2\n2 accounts; ended by --limit\n"},
		{"-o csv --status IN_TRIAL,PROSPECT", "id,name,company_name,status\na2,'=1+1\\x1b[31m $(reboot),,IN_TRIAL\n"},
		{"-o ndjson --status ACTIVE", `{"id":"a1","name":"acme-shop","company_name":"Acme Incorporated","status":"ACTIVE"}` + "\n"},
		{"-o json --status unknown --fields id,name", "[\n" + `{"id":"a3","name":"later"},` + "\n" + `{"id":"a4","name":null}` + "\n]\n"},
		{"-o json --status CHURNED", "[]\n"},
		{"--status CHURNED", "ID  STATUS      NAME  COMPANY\n0 matching accounts\n"},
		{"--quiet --fields name,id --limit 1", "NAME       ID\nacme-shop  a1\n"},
	} {
		t.Run(test.arguments, func(t *testing.T) {
			server.Fail(laterStatus)
			clitest.Compare(t, acceptance.Succeed(t, append([]string{"accounts"}, strings.Fields(test.arguments)...)...), test.want)
		})
	}
}

// Each ends the command, and what was received before is printed.
func TestHowAListOfAccountsEnds(t *testing.T) {
	for _, test := range []struct {
		name      string
		faults    []sandbox.Fault
		options   []sandbox.Option
		secret    string // a wrong one
		arguments []string
		code      int
		stdout    string
		want      string // in the error
	}{
		{name: "no scope", options: []sandbox.Option{sandbox.WithScopes(sandbox.ScopeRead)},
			arguments: []string{"accounts"}, code: exit.Refused, want: "the scope express-accounts:read"},
		{name: "wrong secret", secret: "wrong", arguments: []string{"accounts"}, code: exit.Authentication, want: "check the client id"},
		{name: "second page", faults: []sandbox.Fault{{}, {Status: 501}}, arguments: []string{"accounts", "--per-page", "3", "-o", "csv", "--fields", "id"},
			code: exit.Failure, stdout: "id\na1\na2\na3\n", want: "list accounts: 501"},
		{name: "no scope for all accounts", options: []sandbox.Option{sandbox.WithScopes(sandbox.ScopeRead)}, arguments: []string{"list", "--all-accounts"},
			code: exit.Refused, want: "accounts that were not received are not listed: list accounts: 403"},
		{name: "wrong secret for all accounts", secret: "wrong", arguments: []string{"list", "--all-accounts"}, code: exit.Authentication, want: "check the client id"},
		{name: "all accounts, one fails and then their list", options: []sandbox.Option{sandbox.WithForbiddenAccount("a0")},
			faults:    []sandbox.Fault{{Rewrite: withNextPage}},
			arguments: []string{"list", "--all-accounts", "--concurrency", "1", "-o", "csv", "--fields", "account_id,id"},
			code:      exit.Refused, stdout: "account_id,id\n" + listedOf("a1", "a2", "a3", "a4"), want: "list accounts: 400"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := startOrganization(t, test.options...)
			if test.secret != "" {
				t.Setenv("TALKDESK_CLIENT_SECRET", test.secret)
			}
			server.Fail(test.faults...)
			result := acceptance.Call(t, test.arguments...)
			if result.Code != test.code {
				t.Errorf("exit code %d", result.Code)
			}
			clitest.Compare(t, result.Stdout, test.stdout)
			lines := strings.SplitAfter(strings.TrimSuffix(result.Stderr, "\n"), "\n")
			acceptance.IsOneError(t, lines[len(lines)-1]+"\n", test.want)
			if kept := cacheFiles(t); len(kept) > 0 {
				t.Errorf("a part of the list was kept: %v", kept)
			}
		})
	}
}

// withNextPage makes a list of accounts, complete on one page, one that continues
// with a page that is refused.
func withNextPage(body []byte) []byte {
	return bytes.Replace(body, []byte(`"_links":{`), []byte(`"_links":{"next":{"href":"/express/accounts?page=0"},`), 1)
}

// listedOf is the csv of the contract actions of startOrganization.
func listedOf(accounts ...string) string {
	var text strings.Builder
	for _, account := range accounts {
		for n := range 2 {
			fmt.Fprintf(&text, "%s,%d\n", account, 123245132132+n)
		}
	}
	return text.String()
}

func TestAllAccounts(t *testing.T) {
	server := startOrganization(t)
	for _, test := range []struct{ arguments, want string }{
		{"", listedOf("a1", "a2", "a3", "a4")},
		{"--account-status ACTIVE --account-status in_trial", listedOf("a1", "a2")},
		{"--account-status unknown", listedOf("a3", "a4")},
		{"--account-status CHURNED", ""},
		{"--limit 3", listedOf("a1", "a2")[:len(listedOf("a1"))*3/2]},
	} {
		t.Run(test.arguments, func(t *testing.T) {
			server.Fail(laterStatus)
			arguments := strings.Fields("list --all-accounts --concurrency 1 -q -o csv --fields account_id,id " + test.arguments)
			clitest.Compare(t, acceptance.Succeed(t, arguments...), "account_id,id\n"+test.want)
		})
	}
	if output := acceptance.Succeed(t, "list", "--all-accounts"); !strings.Contains(output, "\n8 contract actions of 4 accounts on 4 pages: ") {
		t.Error(output)
	}
}

func cacheFiles(t *testing.T) (files []string) {
	t.Helper()
	directory, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	_ = filepath.WalkDir(directory, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, name)
		}
		return nil
	})
	return files
}

func TestCompletionOffersTheAccountsThatWereListed(t *testing.T) {
	server := startOrganization(t)
	clitest.Compare(t, acceptance.Completions(t, "list", ""), ":4")
	for _, arguments := range [][]string{{"accounts", "-q", "--limit", "1"}, {"list", "a1"}} {
		acceptance.Succeed(t, arguments...)
		if kept := cacheFiles(t); len(kept) > 0 {
			t.Fatalf("%q kept %v", arguments, kept)
		}
	}
	for _, arguments := range [][]string{{"accounts"}, {"list", "--all-accounts", "--account-status", "CHURNED"}} {
		acceptance.Succeed(t, arguments...)
		kept := cacheFiles(t)
		if len(kept) != 1 {
			t.Fatalf("%q kept %v", arguments, kept)
		}
		if info, err := os.Stat(kept[0]); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		requests := len(server.Requests())
		offered := acceptance.Call(t, "__complete", "get", "").Stdout
		clitest.Compare(t, offered, "a1\tacme-shop, Acme Incorporated\na2\t 1 1  31m   reboot\na3\tlater\na4\n:4\n")
		clitest.Compare(t, acceptance.Completions(t, "list", "a1", ""), "a2 a3 a4 :4")
		if sent := len(server.Requests()) - requests; sent > 0 {
			t.Errorf("completion sent %d requests", sent)
		}
		if err := os.Remove(kept[0]); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAccountsAreKeptPerServiceAndCredentials(t *testing.T) {
	startOrganization(t)
	acceptance.Succeed(t, "accounts")
	for name, want := range map[string]string{"TALKDESK_CLIENT_SECRET": "a1 a2 a3 a4 :4", "TALKDESK_CLIENT_ID": ":4", "TALKDESK_BASE_URL": ":4"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, "other")
			clitest.Compare(t, acceptance.Completions(t, "wait", ""), want)
		})
	}
	clitest.Compare(t, acceptance.Completions(t, "list", "--region", "eu", ""), ":4")
	if err := os.WriteFile(cacheFiles(t)[0], []byte(`[{"id":"a b"},{"id":"$(reboot)"},{"id":"a5"},`), 0o600); err != nil {
		t.Fatal(err)
	}
	clitest.Compare(t, acceptance.Completions(t, "list", ""), ":4")
}

func TestACacheThatCannotBeWrittenIsNotAnError(t *testing.T) {
	startOrganization(t)
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, os.DevNull)
	}
	acceptance.Succeed(t, "accounts")
}

func TestGet(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 600))
	at := func(n int) string { return fmt.Sprint(123245132132 + n) } // the nth from the oldest
	for _, test := range []struct {
		name      string
		arguments []string
		prints    []string
		requests  int
		missing   []string
	}{
		{"one of the latest", []string{at(599)}, []string{at(599)}, 1, nil},
		{"several, newest first, each once", []string{at(3), at(599), at(400), at(3)}, []string{at(599), at(400), at(3)}, 3, nil},
		{"a page size", []string{at(599), "--per-page", "1"}, []string{at(599)}, 1, nil},
		{"some that are missing", []string{"x2", at(1), "x\x1b1"}, []string{at(1)}, 3, []string{`"x2"`, `"x\x1b1"`}},
		{"none", []string{"x"}, nil, 3, []string{`"x"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := server.ActionRequests()
			result := acceptance.Call(t, append([]string{"get", accountID, "-o", "csv", "--fields", "id"}, test.arguments...)...)
			if sent := server.ActionRequests() - before; sent != test.requests {
				t.Errorf("%d requests", sent)
			}
			want := ""
			if len(test.prints) > 0 {
				want = "id\n" + strings.Join(test.prints, "\n") + "\n"
			}
			clitest.Compare(t, result.Stdout, want)
			if test.missing == nil {
				clitest.Compare(t, fmt.Sprint(result.Code, result.Stderr), "0")
				return
			}
			if result.Code != exit.Refused {
				t.Errorf("exit code %d", result.Code)
			}
			for _, id := range test.missing {
				acceptance.IsOneError(t, result.Stderr, "no such contract action: ")
				acceptance.IsOneError(t, result.Stderr, id)
			}
		})
	}
	for format, want := range map[string]string{
		"json": "[\n{\"account_id\":", "ndjson": "{\"account_id\":", "table": "ID ",
	} {
		if output := acceptance.Succeed(t, "get", accountID, at(0), "-o", format); !strings.HasPrefix(output, want) {
			t.Errorf("%s:\n%s", format, output)
		}
	}
}

func TestRawIsWhatTheServiceSent(t *testing.T) {
	const item = `{"future":{"n":1.50e2,"big":12345678901234567890},"id":"9","status":"PAUSED", "action_type":"NEWTDE",` +
		"\n" + `"status_message":"<&\u001b\u202e>","created_at":"2022-03-10T12:00:00.000+02:00","updated_at":"2022-03-10T12:00:00Z"}`
	const printed = `{"account_id":"` + accountID + `","action":{"future":{"n":1.50e2,"big":12345678901234567890},"id":"9","status":"PAUSED","action_type":"NEWTDE",` +
		`"status_message":"<&\u001b\u202e>","created_at":"2022-03-10T12:00:00.000+02:00","updated_at":"2022-03-10T12:00:00Z"}}`
	for _, test := range []struct{ arguments, want string }{
		{"-o ndjson", printed + "\n"},
		{"-o json", "[\n" + printed + "\n]\n"},
		{"-o ndjson --status unknown --local --sort -id", printed + "\n"},
		{"-o ndjson --status FAILED", ""},
		{"-o json --status FAILED", "[]\n"},
	} {
		t.Run(test.arguments, func(t *testing.T) {
			server := acceptance.Start(t)
			server.Fail(sandbox.Fault{Body: `{"_embedded":{"contract_actions":[` + item + `]},"_links":{}}`})
			clitest.Compare(t, acceptance.Succeed(t, append(strings.Fields("list --raw "+accountID), strings.Fields(test.arguments)...)...), test.want)
		})
	}
}
