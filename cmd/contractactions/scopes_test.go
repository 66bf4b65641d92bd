package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

const scopesNeeded = wrapper.ScopeRead + " or " + wrapper.ScopeWrite

func TestWhatAClientWithTheseScopesSees(t *testing.T) {
	for _, test := range []struct {
		name               string
		granted            []string
		canList            string // of the text
		canListJSON        string
		authCode, listCode int
		authError          string
		listError          string
	}{
		{"read", []string{sandbox.ScopeRead}, "yes", "true", exitDone, exitDone, "", ""},
		{"write", []string{sandbox.ScopeWrite}, "yes", "true", exitDone, exitDone, "", ""},
		{"both", []string{sandbox.ScopeRead, sandbox.ScopeWrite}, "yes", "true", exitDone, exitDone, "", ""},
		{"neither", []string{sandbox.ScopeAccounts}, "no: needs " + scopesNeeded, "false", exitAuthentication, exitRefused,
			"contractactions: the token cannot list contract actions: it needs the scope " + scopesNeeded + "; have the client granted one of them\n",
			`the token has the scope "express-accounts:read": the client must be granted the scope ` + scopesNeeded},
	} {
		t.Run(test.name, func(t *testing.T) {
			start(t, sandbox.WithGeneratedAccount(accountID, 1), sandbox.WithScopes(test.granted...))
			text := call(t, "auth", "test")
			if text.code != test.authCode || !strings.Contains(text.stdout, "\nCan list        "+test.canList+"\n") {
				t.Errorf("auth test: exit code %d, stdout\n%s", text.code, text.stdout)
			}
			compare(t, text.stderr, test.authError)

			said, result := authJSON(t)
			if result.code != test.authCode || strings.Join(said.Scopes, " ") != strings.Join(test.granted, " ") {
				t.Errorf("auth test -o json: exit code %d, scopes %q", result.code, said.Scopes)
			}
			if !strings.Contains(result.stdout, `"can_list":`+test.canListJSON) {
				t.Error(result.stdout)
			}

			list := call(t, "list", accountID)
			if list.code != test.listCode || !strings.Contains(list.stderr, test.listError) || test.listError == "" && list.stderr != "" {
				t.Errorf("list: exit code %d, stderr %q", list.code, list.stderr)
			}
		})
	}
}

// A token endpoint that names no scope leaves open what the token can do.
func TestUnknownScopesAreNotAnError(t *testing.T) {
	server := start(t, sandbox.WithGeneratedAccount(accountID, 1))
	unnamed := sandbox.Fault{Rewrite: func(body []byte) []byte {
		var token map[string]any
		if err := json.Unmarshal(body, &token); err != nil {
			panic(err)
		}
		delete(token, "scope")
		changed, _ := json.Marshal(token)
		return changed
	}}
	server.FailToken(unnamed, unnamed)
	text := succeed(t, "auth", "test")
	if !strings.Contains(text, "\nScopes          unknown: the token endpoint names none\nCan list        unknown\n") {
		t.Error(text)
	}
	if _, result := authJSON(t); !strings.Contains(result.stdout, `"scopes":null,"can_list":null`) {
		t.Error(result.stdout)
	}
}

func TestScopesCanBeRequested(t *testing.T) {
	for _, test := range []struct {
		name     string
		variable string
		flags    []string
		want     string
	}{
		{"all", "", nil, sandbox.ScopeRead + " " + sandbox.ScopeWrite + " " + sandbox.ScopeAccounts},
		{"by a variable", sandbox.ScopeRead + " " + sandbox.ScopeAccounts, nil, sandbox.ScopeRead + " " + sandbox.ScopeAccounts},
		{"by a flag in its place", sandbox.ScopeRead, []string{"--scope", sandbox.ScopeWrite}, sandbox.ScopeWrite},
		{"by several flags", "", []string{"--scope", sandbox.ScopeRead, "--scope=" + sandbox.ScopeWrite}, sandbox.ScopeRead + " " + sandbox.ScopeWrite},
		{"with commas and spaces", "", []string{"--scope", sandbox.ScopeRead + ", " + sandbox.ScopeWrite}, sandbox.ScopeRead + " " + sandbox.ScopeWrite},
	} {
		t.Run(test.name, func(t *testing.T) {
			start(t)
			t.Setenv("TALKDESK_SCOPE", test.variable)
			said, _ := authJSON(t, test.flags...)
			compare(t, strings.Join(said.Scopes, " "), test.want)
		})
	}
	start(t)
	result := call(t, "auth", "test", "--scope", sandbox.ScopeAccounts)
	if result.code != exitAuthentication || !strings.Contains(result.stdout, "express-accounts:read  (from the flags)\n") {
		t.Errorf("%+v", result)
	}
	isOneError(t, result.stderr, "; request one of them with --scope or TALKDESK_SCOPE, or no scope to get all that the client was granted")
	if result := call(t, "list", accountID, "--scope", "account:manage"); result.code != exitAuthentication {
		t.Errorf("exit code %d, stderr %q", result.code, result.stderr)
	}
	result = call(t, "list", accountID, "--scope", `a"b`)
	if result.code != exitUsage {
		t.Errorf("exit code %d", result.code)
	}
	isOneError(t, result.stderr, "(TALKDESK_SCOPE is from the flags)")
}

func TestAuthTestTriesAnAccount(t *testing.T) {
	for _, test := range []struct {
		name, accountID string
		options         []sandbox.Option
		code            int
		line            string // the last one on stdout
		json            string
		err             string // on stderr
	}{
		{"one that can be listed", accountID, nil, exitDone, "ok, 425 contract actions",
			`{"account_id":"` + accountID + `","ok":true,"contract_actions":425}`, ""},
		{"an empty one", "empty", []sandbox.Option{sandbox.WithAccount("empty")}, exitDone, "ok, 0 contract actions",
			`{"account_id":"empty","ok":true,"contract_actions":0}`, ""},
		{"no parameters", accountID, []sandbox.Option{sandbox.WithRefusedParameters("per_page", "order_by")}, exitDone,
			"ok, 425 contract actions", `"contract_actions":425`, ""},
		{"an unknown one", "unknown", nil, exitRefused, "failed: 404 Not Found, code 3110006",
			`"ok":false,"contract_actions":null,"code":"3110006","error":"list contract actions`, "; check the account id"},
		{"no permission", unauthorizedAccountID, []sandbox.Option{sandbox.WithUnauthorizedAccount(unauthorizedAccountID)}, exitRefused,
			"failed: 401 Unauthorized, code 3110001", `"code":"3110001"`, "ask the vendor for the entitlement"},
		{"no scope", accountID, []sandbox.Option{sandbox.WithScopes(sandbox.ScopeAccounts)}, exitRefused,
			"failed: 403 Forbidden, code 3110002", `"code":"3110002"`, "must be granted the scope"},
		{"not an id", "../x", nil, exitUsage, "failed", `"ok":false,"contract_actions":null,"error":"`, "not an account id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := start(t, append(test.options, sandbox.WithGeneratedAccount(accountID, 425))...)
			text := call(t, "auth", "test", test.accountID)
			if text.code != test.code || !strings.HasSuffix(text.stdout, "\nAccount "+test.accountID+"  "+test.line+"\n") {
				t.Errorf("exit code %d, stdout\n%s", text.code, text.stdout)
			}
			if test.err != "" {
				isOneError(t, text.stderr, test.err)
			}
			_, result := authJSON(t, test.accountID)
			if result.code != test.code || !strings.Contains(result.stdout, test.json) {
				t.Errorf("exit code %d, stdout\n%s", result.code, result.stdout)
			}
			if strings.Contains(text.stdout+text.stderr+result.stdout+result.stderr, server.ClientSecret) {
				t.Error("the secret is in the output")
			}
		})
	}
}
