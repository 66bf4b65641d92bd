package list_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestListFollowsAllPages(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 7))
	output := acceptance.Succeed(t, "list", accountID, "--per-page", "3")
	if lines := strings.Count(output, "\n"); lines != 1+7+1 || !strings.Contains(output, "7 contract actions on 3 pages: ") {
		t.Errorf("%d lines:\n%s", lines, output)
	}
	if server.ActionRequests() != 3 {
		t.Errorf("%d requests", server.ActionRequests())
	}
}

func TestListEndsAfterMaxPagesAndSaysSo(t *testing.T) {
	acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 7))
	output := acceptance.Succeed(t, "list", accountID, "--per-page", "3", "--max-pages", "2")
	if !strings.Contains(output, "\n6 contract actions on 2 pages: ") || !strings.HasSuffix(output, "; there are more pages\n") {
		t.Error(output)
	}
}

func TestListGivesUpAfterItsTimeout(t *testing.T) {
	server := acceptance.Start(t)
	server.Fail(sandbox.Fault{Delay: time.Hour})
	result := acceptance.Call(t, "list", accountID, "--timeout", "50ms")
	if result.Code != exit.Failure || !strings.Contains(result.Stderr, "the --timeout of 50ms expired") {
		t.Errorf("exit code %d, stderr %q", result.Code, result.Stderr)
	}
}

func TestListWithAPrivateKey(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(accountID, 2))
	acceptance.SetEnvironment(t, map[string]string{
		"TALKDESK_BASE_URL":    server.URL,
		"TALKDESK_TOKEN_URL":   server.TokenURL,
		"TALKDESK_CLIENT_ID":   server.ClientID,
		"TALKDESK_KEY_ID":      server.KeyID,
		"TALKDESK_PRIVATE_KEY": server.PrivateKey,
	})
	if output := acceptance.Succeed(t, "list", accountID); !strings.Contains(output, "2 contract actions on 1 page") {
		t.Error(output)
	}
}

// What was received is printed, and stays usable, whatever ends the list.
func TestAListThatBreaksOffPrintsWhatCame(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault sandbox.Fault
	}{
		{"the connection is cut", sandbox.Fault{CutAfter: 100}},
		{"a refusal", sandbox.Fault{Status: http.StatusNotImplemented}},
		{"a gateway's error page", sandbox.Fault{Status: http.StatusBadGateway, Body: "<html>Bad gateway</html>"}},
		{"a page that is not one", sandbox.Fault{Body: "<html>Maintenance</html>"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 4))
			arguments := []string{"list", accountID, "--per-page", "2", "--output"}

			server.Fail(sandbox.Fault{}, test.fault)
			table := acceptance.Call(t, append(arguments, "table")...)
			if lines := strings.Split(table.Stdout, "\n"); len(lines) != 1+2+1+1 || !strings.HasSuffix(lines[3], "; the list broke off") {
				t.Errorf("table:\n%s", table.Stdout)
			}
			server.Fail(sandbox.Fault{}, test.fault)
			array := acceptance.Call(t, append(arguments, "json")...)
			var actions []wrapper.ContractAction
			if err := json.Unmarshal([]byte(array.Stdout), &actions); err != nil || len(actions) != 2 {
				t.Errorf("json: %v\n%s", err, array.Stdout)
			}
			for _, result := range []acceptance.Outcome{table, array} {
				if result.Code != exit.Failure || strings.Count(result.Stderr, "\n") != 1 {
					t.Errorf("exit code %d, stderr %q", result.Code, result.Stderr)
				}
			}
		})
	}
}

func TestAListThatTheServiceCutsShortIsAFailure(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 2))
	server.Fail(sandbox.Fault{Rewrite: func(body []byte) []byte {
		return []byte(strings.Replace(string(body), `"total":2`, `"total":3`, 1))
	}})
	result := acceptance.Call(t, "list", accountID)
	if result.Code != exit.Failure || !strings.Contains(result.Stdout, "2 contract actions on 1 page") {
		t.Errorf("exit code %d, stdout\n%s", result.Code, result.Stdout)
	}
}

func TestAnInterruptedListSaysSo(t *testing.T) {
	acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 100))
	ctx, interrupt := context.WithCancel(t.Context())
	stdout := &acceptance.InterruptAtFirstWrite{Interrupt: interrupt}
	var stderr bytes.Buffer
	code := cli.Run(ctx, []string{"list", accountID, "--per-page", "1"}, nil, stdout, &stderr)
	if code != exit.Interrupted || stderr.String() != "contractactions: interrupted\n" {
		t.Errorf("exit code %d, stderr %q", code, &stderr)
	}
	if output := stdout.String(); !strings.Contains(output, "123245132132") || !strings.HasSuffix(output, "; interrupted\n") {
		t.Error(output)
	}
	// Besides the first page, printed as soon as it was there, at most the one
	// that was fetched meanwhile.
	if lines := strings.Count(stdout.String(), "\n"); lines > 1+2+1 {
		t.Errorf("%d lines after the interrupt", lines)
	}
}

// Nothing is what a script can tell from an empty list.
func TestAListThatDoesNotBeginPrintsNothing(t *testing.T) {
	server := acceptance.Start(t)
	for _, format := range output.Formats {
		server.Fail(sandbox.Fault{Status: http.StatusNotImplemented})
		if result := acceptance.Call(t, "list", accountID, "--output", format); result.Code != exit.Failure || result.Stdout != "" {
			t.Errorf("%s: exit code %d, stdout %q", format, result.Code, result.Stdout)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestOutputThatCannotBeWrittenIsAFailure(t *testing.T) {
	acceptance.StartSmall(t)
	arguments := [][]string{{"demo", "--actions", "1"}, {"spec"}, {"version"}, {"serve", "--addr", "127.0.0.1:0"},
		{"wait", accountID, "7"}, {"check", accountID}, {"check", accountID, "--output", "json"}}
	for _, format := range output.Formats {
		arguments = append(arguments, []string{"list", accountID, "--output", format})
	}
	for _, arguments := range arguments {
		var stderr bytes.Buffer
		code := cli.Run(t.Context(), arguments, nil, fullDisk{}, &stderr)
		if code != exit.Failure || !strings.HasSuffix(stderr.String(), "contractactions: the disk is full\n") {
			t.Errorf("%q: exit code %d, stderr %q", arguments, code, &stderr)
		}
	}
}
