package command_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

func TestUsageErrors(t *testing.T) {
	acceptance.SetEnvironment(t, nil)
	for _, test := range []struct {
		arguments string // separated by spaces
		want      string // in the error
	}{
		{"lst", `unknown command "lst" (did you mean get or list?); see 'contractactions --help'`},
		{"frobnicate", `unknown command "frobnicate"; see 'contractactions --help'`},
		{"help frobnicate", `unknown command "frobnicate"`},
		{"--frobnicate", "unknown flag: --frobnicate; see 'contractactions --help'"},
		{"list", "the id of an account is missing; use - to read ids from standard input, or --all-accounts; see 'contractactions list --help'"},
		{"list one -", "use ids or -, not both"},
		{"list one --all-accounts", "use ids, - or --all-accounts, not several of them"},
		{"list - --all-accounts", "use ids, - or --all-accounts, not several of them"},
		{"list one --account-status ACTIVE", "--account-status needs --all-accounts"},
		{"list --all-accounts --account-status GONE", `"--account-status" flag: use one or more of: ` + acceptance.Documented(gen.AccountStatusValues()) + ", unknown"},
		{"list one --raw", "--raw cannot be used with --output table: use --output json or ndjson"},
		{"list one --raw -o csv", "--raw cannot be used with --output csv"},
		{"list one --raw -o json --fields id", "--raw cannot be used with --fields"},
		{"accounts one", "accounts takes no arguments"},
		{"accounts --status GONE", `"--status" flag: use one or more of: ` + acceptance.Documented(gen.AccountStatusValues()) + ", unknown"},
		{"accounts --fields email", `"--fields" flag: use one or more of: id, name,`},
		{"accounts --per-page 251", `"--per-page" flag: use a whole number from 1 to `},
		{"get one", "get needs the id of an account and the ids of contract actions; see 'contractactions get --help'"},
		{"list id --frobnicate", "unknown flag: --frobnicate; see 'contractactions list --help'"},
		{"list id --steer\x1b[2J", `unknown flag: --steer\x1b[2J`},
		{"list id --output xml", "use one of: table, json, ndjson, csv"},
		{"list id --per-page 0", `"--per-page" flag: use a whole number from 1 to `},
		{"check id --per-page 251", `"--per-page" flag: use a whole number from 1 to `},
		{"list id --order-by id", `"--order-by" flag: use one of: ` + acceptance.Documented(gen.ContractActionOrderValues())},
		{"list id --scope= --account acme", `"--scope" flag: the value is empty`},
		{"auth tset", `unknown command "tset" (did you mean test?); see 'contractactions auth --help'`},
		{"auth profiles x", "auth profiles takes no arguments; see 'contractactions auth profiles --help'"},
		{"completion bogus", `unknown command "bogus"; see 'contractactions completion --help'`},
		{"completion bash x", `unknown command "x" for "contractactions completion bash"`},
		{"auth test one two", "auth test takes the id of one account, not 2"},
		{"list id --max-pages many", `"--max-pages" flag: use a whole number, 1 or more`},
		{"list id --timeout 10", `"--timeout" flag: use a duration such as 30s or 5m`},
		{"list id --timeout -1s", `"--timeout" flag: use a duration`},
		{"list id --status FALED", `"--status" flag: use one or more of: ` + acceptance.Documented(gen.ContractActionStatusValues()) + ", unknown"},
		{"list id --status=", `"--status" flag: use one or more of`},
		{"list id --type CANCEL", `"--type" flag: use one or more of: ` + acceptance.Documented(gen.ContractActionTypeValues()) + ", unknown"},
		{"list id --since yesterday", `"--since" flag: use a duration`},
		{"list id --since=", `"--since" flag: use a duration`},
		{"list id --fields id,name", `"--fields" flag: use one or more of: account_id, id,`},
		{"list id --sort --id", `"--sort" flag: use one or more of: account_id, id,`},
		{"list id --read-all=maybe", `invalid argument "maybe" for "--read-all" flag: use true or false, or the flag alone; see`},
		{"list id -q=2", `invalid argument "2" for "--quiet" flag: use true or false`},
		{"list id --limit 0", `"--limit" flag: use a whole number, 1 or more`},
		{"list id --concurrency 0", `"--concurrency" flag: use a whole number, 1 or more`},
		{"list id --into=", `"--into" flag: the value is empty`},
		{"list id --into f -o table", "--into f: use --output ndjson or csv"},
		{"list id --into f.sqlite", "--into f.sqlite: use --output ndjson or csv"},
		{"list id --into f --sort id", "--into cannot be used with --sort"},
		{"list id --into f --limit 1", "--into cannot be used with --limit"},
		{"list id --into f --max-pages 1", "--into cannot be used with --max-pages"},
		{"changes id", "changes needs --state FILE, to record how far each account has been printed; see 'contractactions changes --help'"},
		{"changes --state f", "the id of an account is missing; use - to read ids"},
		{"changes id --state f --interval 5s", "--interval needs --follow"},
		{"changes id --state f --interval 0s", `"--interval" flag: use a duration`},
		{"list id --region mars", "use us, eu or canada"},
		{"list id --account=", `"--account" flag: the value is empty`},
		{"list id --base-url=", `"--base-url" flag: the value is empty`},
		{"list id", "set TALKDESK_ACCOUNT, TALKDESK_CLIENT_ID, TALKDESK_CLIENT_SECRET"},
		{"list id --account acme", "set TALKDESK_CLIENT_ID, TALKDESK_CLIENT_SECRET"},
		{"wait id", "wait needs the id of an account and the ids of contract actions; see 'contractactions wait --help'"},
		{"wait id 1 --per-page 0", `"--per-page" flag: use a whole number from 1 to `},
		{"wait id 1 --output csv", "use one of: table, json"},
		{"wait id 1 --timeout 0", `"--timeout" flag: use a duration`},
		{"wait id 1 --interval 2m --max-interval 1m", "--max-interval 1m0s is shorter than --interval 2m0s; see 'contractactions wait --help'"},
		{"check", "check needs the id of an account; see 'contractactions check --help'"},
		{"check one two", "check takes the id of one account, not 2"},
		{"check id --output csv", "use one of: table, json"},
		{"demo now", "demo takes no arguments; see 'contractactions demo --help'"},
		{"demo --actions -1", `"--actions" flag: use a whole number from 0 to 1000000`},
		{"serve --actions 99999999999999", `"--actions" flag: use a whole number from 0 to 1000000`},
		{"list id --base-url ftp://x --account acme", "contractactions: --base-url: base URL: it is not an http(s) URL"},
		{"list id --token-url nonsense", "contractactions: --token-url: token URL: it is not an http(s) URL"},
		{"serve now", "serve takes no arguments"},
		{"serve --addr nowhere", "use a host and a port from 0 to 65535, such as 127.0.0.1:8080"},
		{"serve --addr 127.0.0.1:99999", "use a host and a port from 0 to 65535"},
		{"serve --seed x", `"--seed" flag: use a whole number, 0 or more`},
		{"serve --client-id=", `"--client-id" flag: use one or more printable ASCII characters`},
		{"serve --client-id a:b", "without spaces and colons"},
		{"serve --client-id a\x1b[31m", "without spaces and colons"},
		{"serve --ignore status", `"--ignore" flag: use one or more of: filter, order_by, `},
		{"serve --scopes=", `"--scopes" flag: the value is empty`},
		{`serve --scopes a"b`, `"--scopes" flag: a scope has printable ASCII characters other than " and \`},
		{`serve --scopes a\b`, `"--scopes" flag: a scope has`},
		{"serve --scopes a,é", `"--scopes" flag: a scope has`},
		{"serve --ignore page,filter --refuse order_by,Filter", "--ignore and --refuse both have filter: choose one"},
		{"serve --url sandbox.example.test", `"--url" flag: use an absolute URL without user information, query and fragment`},
		{"serve --client-secret=", `"--client-secret" flag: use one or more printable ASCII characters`},
		{"serve --cors localhost:5173", `"--cors" flag: use any, or origins such as http://localhost:5173`},
		{"serve --cors http://localhost:5173/", `"--cors" flag: use any, or origins`},
		{"serve --cors *", `"--cors" flag: use any, or origins`},
		{"serve --cors http://*.test", `"--cors" flag: use any, or origins`},
		{"serve --fail 503", `"--fail" flag: use a status from 400 to 599 and a percentage, such as 503:10%`},
		{"serve --fail 200:10%", `"--fail" flag: use a status from 400 to 599`},
		{"serve --fail 503:-1", `"--fail" flag: use a status from 400 to 599`},
		{"serve --fail 503:NaN", `"--fail" flag: use a status from 400 to 599`},
		{"serve --fail 503:60% --fail 502:41", `"--fail" flag: 101% of the requests are to fail: use 100% or less together`},
		{"serve --latency 0", `"--latency" flag: use a duration`},
		{"serve --token-lifetime -1s", `"--token-lifetime" flag: use a duration`},
		{"serve --until yesterday", `"--until" flag: use now, today, a date such as 2026-03-31, or a time`},
		{"serve --until 9999-01-01", `"--until" flag: use now, today, a date`},
		{"serve --control here", `"--control" flag: use a host and a port`},
		{"serve --scenario /nowhere/s.yaml", "--scenario: open /nowhere/s.yaml: "},
		{"serve --scenario f --actions 3", "--actions cannot be used with --scenario: write it into the file"},
		{"serve --key-file /nowhere/key", "--key-file: open /nowhere/key: "},
		{"serve --env-file /nowhere/env", "--env-file: write /nowhere/env: "},
		{"serve --env-file f --key-file ./f", "--env-file and --key-file need different files"},
		{"serve --env-file . --quiet", "--env-file: . exists and was not written by serve: name a different file"},
		{"serve --env-file=", `"--env-file" flag: the value is empty`},
		{"serve --url=", `"--url" flag: use an absolute URL`},
		{"spec --output csv", "use one of: yaml, json"},
		{"spec --sandbox 127.0.0.1:8080", `"--sandbox" flag: use an absolute URL`},
		{"spec --open-enums --sandbox http://127.0.0.1:8080", "--open-enums and --sandbox are two variants: choose one"},
		{"version 2", "version takes no arguments"},
	} {
		t.Run(test.arguments, func(t *testing.T) {
			result := acceptance.Call(t, strings.Fields(test.arguments)...)
			if result.Code != exit.Usage || result.Stdout != "" {
				t.Errorf("exit code %d, stdout %q", result.Code, result.Stdout)
			}
			acceptance.IsOneError(t, result.Stderr, test.want)
		})
	}
}

func TestChoicesInUpperOrLowerCase(t *testing.T) {
	acceptance.StartSmall(t)
	for _, test := range []struct{ flags, same string }{
		{"-o CSV", "-o csv"},
		{"-o csv --order-by Updated_At:DESC", "-o csv --order-by updated_at:desc"},
		{"-o csv --sort -Updated_At,ID", "-o csv --sort -updated_at,id"},
		{"-o csv --fields ID,Status", "-o csv --fields id,status"},
		{"-o csv --status Failed --type canceltde", "-o csv --status FAILED --type CANCELTDE"},
	} {
		list := func(flags string) string {
			return acceptance.Succeed(t, append([]string{"list", accountID}, strings.Fields(flags)...)...)
		}
		if got, want := list(test.flags), list(test.same); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.flags, got, want)
		}
	}
	acceptance.Succeed(t, "list", accountID, "--sort", " id , -status")
	acceptance.WriteProfile(t, "work", nil)
	acceptance.Succeed(t, "list", accountID, "--profile", "Work")
	acceptance.Succeed(t, "check", accountID, "-o", "Json")
	acceptance.Succeed(t, "auth", "test", "-o", "JSON")
}

func TestABadVariableIsNamed(t *testing.T) {
	for _, test := range []struct{ name, value, want string }{
		{"TALKDESK_REGION", "mars", "TALKDESK_REGION"},
		{"TALKDESK_BASE_URL", "http://192.0.2.1", "base URL"},
		{"TALKDESK_TOKEN_URL", "nonsense", "token URL"},
		{"TALKDESK_PRIVATE_KEY", "key", "TALKDESK_KEY_ID"},
	} {
		acceptance.Start(t)
		t.Setenv(test.name, test.value)
		result := acceptance.Call(t, "list", accountID)
		if result.Code != exit.Usage {
			t.Errorf("%s: exit code %d", test.name, result.Code)
		}
		acceptance.IsOneError(t, result.Stderr, test.want)
	}
}

func TestExitCodesOfAList(t *testing.T) {
	refuse := func(status int) func(*sandbox.Server) {
		return func(server *sandbox.Server) {
			server.Fail(sandbox.Fault{Status: status}, sandbox.Fault{Status: status})
		}
	}
	refuseToken := func(status int) func(*sandbox.Server) {
		return func(server *sandbox.Server) { server.FailToken(sandbox.Fault{Status: status}) }
	}
	setSecret := func(secret string) func(*testing.T) {
		return func(t *testing.T) { t.Setenv("TALKDESK_CLIENT_SECRET", secret) }
	}
	for _, test := range []struct {
		name      string
		accountID string
		prepare   func(*sandbox.Server)
		variables func(*testing.T)
		code      int
		want      string // in the error
	}{
		{name: "an account id that cannot be one", accountID: "../x", code: exit.Usage, want: "not an account id"},
		{name: "a wrong secret", variables: setSecret("wrong"), code: exit.Authentication, want: "check the client id"},
		{name: "a token endpoint that is not there", prepare: refuseToken(404), code: exit.Failure, want: "check the account's name and the region"},
		{name: "a token endpoint that repeats the secret", code: exit.Authentication, want: "[withheld",
			prepare: func(server *sandbox.Server) {
				server.FailToken(sandbox.Fault{Status: 400, Body: `{"error": "` + server.ClientSecret + `"}`})
			}},
		{name: "a token endpoint that is busy", prepare: refuseToken(429), code: exit.Failure, want: "429"},
		{name: "a token endpoint that fails", prepare: refuseToken(501), code: exit.Failure, want: "501"},
		{name: "tokens that are refused", prepare: refuse(401), code: exit.Authentication, want: "401"},
		{name: "a request that is refused", prepare: refuse(400), code: exit.Refused, want: "400"},
		{name: "a forbidden account", accountID: acceptance.ForbiddenAccountID, code: exit.Refused, want: "403"},
		{name: "an account without permission", accountID: acceptance.UnauthorizedAccountID, code: exit.Refused, want: "3110001"},
		{name: "an account that is not there", accountID: "none", code: exit.Refused, want: "404"},
		{name: "a conflict", prepare: refuse(409), code: exit.Refused, want: "409"},
		{name: "too many requests", prepare: refuse(429), code: exit.Failure, want: "429"},
		{name: "a gateway's error page", code: exit.Failure, want: "502",
			prepare: func(server *sandbox.Server) {
				server.Fail(sandbox.Fault{Status: http.StatusBadGateway, Body: "<html>\x1b[31m</html>"})
			}},
		{name: "a message that steers the terminal", code: exit.Refused, want: `\x1b[2J`,
			prepare: func(server *sandbox.Server) {
				server.Fail(sandbox.Fault{Status: 403, Body: `{"code": "forbidden", "message": "\u001b[2J"}`})
			}},
		{name: "no answer", code: exit.Failure, want: "no response",
			prepare: func(server *sandbox.Server) {
				// net/http itself repeats a request once on a new connection.
				server.Fail(sandbox.Fault{Drop: true}, sandbox.Fault{Drop: true})
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := acceptance.Start(t,
				sandbox.WithGeneratedAccount(accountID, 1), sandbox.WithForbiddenAccount(acceptance.ForbiddenAccountID),
				sandbox.WithUnauthorizedAccount(acceptance.UnauthorizedAccountID))
			if test.prepare != nil {
				test.prepare(server)
			}
			if test.variables != nil {
				test.variables(t)
			}
			id := test.accountID
			if id == "" {
				id = accountID
			}
			result := acceptance.Call(t, "list", id)
			if result.Code != test.code || result.Stdout != "" {
				t.Errorf("exit code %d, stdout %q", result.Code, result.Stdout)
			}
			acceptance.IsOneError(t, result.Stderr, test.want)
			if strings.Contains(result.Stderr, server.ClientSecret) {
				t.Errorf("the secret is in %q", result.Stderr)
			}
		})
	}
}
