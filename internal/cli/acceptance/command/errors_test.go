package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// endings are runs that end in every way that there is, against a sandbox with two
// accounts, account-1 of which has three contract actions, and a forbidden one.
var endings = []struct {
	name      string
	arguments string // separated by spaces
	prepare   func(*testing.T, *sandbox.Server)
	code      int
	want      []string // members of each object on stderr
}{
	{"success", "list account-1", nil, exit.Done, nil},
	{"a flag that is wrong", "list account-1 --limit 0", nil, exit.Usage, []string{`{"kind":"usage","transient":false,"account_id":null}`}},
	{"no such command", "lst", nil, exit.Usage, []string{`{"kind":"usage"}`}},
	{"an id that cannot be one", "list ../x", nil, exit.Usage, []string{`{"kind":"usage","account_id":"../x"}`}},
	{"nothing is configured", "list account-1",
		func(t *testing.T, _ *sandbox.Server) { acceptance.SetEnvironment(t, nil) }, exit.Usage,
		[]string{`{"kind":"usage","hint":"to store them, run 'contractactions auth login'; to try this program without an account, run 'contractactions demo' or 'contractactions serve'"}`}},
	{"a refusal", "list " + acceptance.ForbiddenAccountID, nil, exit.Refused,
		[]string{`{"kind":"api","account_id":"` + acceptance.ForbiddenAccountID + `","status":403,"code":"3110002","attempts":1,"retry_after":null,"transient":false}`}},
	{"a service that is busy", "list account-1", failWith(503), exit.Failure,
		[]string{`{"kind":"api","account_id":"account-1","status":503,"code":null,"request_id":"r-1","attempts":1,"retry_after":7,"hint":null,"transient":true}`}},
	{"a rate limit", "wait account-1 1", failWith(429), exit.Failure,
		[]string{`{"kind":"api","account_id":"account-1","status":429,"hint":"reduce the request rate","transient":true}`}},
	{"no response", "list account-1", func(_ *testing.T, server *sandbox.Server) {
		server.Fail(sandbox.Fault{Drop: true}, sandbox.Fault{Drop: true})
	},
		exit.Failure, []string{`{"kind":"api","status":null,"request_id":null,"transient":true}`}},
	{"credentials that are refused", "auth test", func(t *testing.T, _ *sandbox.Server) { t.Setenv("TALKDESK_CLIENT_SECRET", "wrong") }, exit.Authentication,
		[]string{`{"kind":"token","account_id":null,"status":401,"code":"invalid_client","attempts":1,"transient":false}`}},
	{"a token endpoint that is not there", "list account-1",
		func(_ *testing.T, server *sandbox.Server) { server.FailToken(sandbox.Fault{Status: 404}) }, exit.Failure,
		[]string{`{"kind":"token","status":404,"transient":false}`}},
	{"a link that leads away", "list account-1", func(_ *testing.T, server *sandbox.Server) {
		server.Fail(acceptance.ChangePage(func(page map[string]any) {
			page["_links"].(map[string]any)["next"] = map[string]any{"href": "https://example.test/"}
		}))
	}, exit.Failure, []string{`{"kind":"link","account_id":"account-1","status":null,"transient":false}`}},
	{"a list with a gap", "list account-1", func(_ *testing.T, server *sandbox.Server) {
		server.Fail(acceptance.ChangePage(func(page map[string]any) { page["total"] = 9 }))
	}, exit.Failure, []string{`{"kind":"incomplete","account_id":"account-1"}`}},
	{"no such contract action", "wait account-1 404", nil, exit.Refused, []string{`{"kind":"action_not_found","account_id":"account-1"}`}},
	{"a contract action that failed", "wait account-1 7", nil, exit.ActionFailed, []string{`{"kind":"action_failed","account_id":"account-1","transient":false}`}},
	{"a wait that takes too long", "wait account-1 8 --timeout 1ns", nil, exit.Timeout, []string{`{"kind":"timeout","account_id":"account-1","transient":true}`}},
	{"a list that takes too long", "list account-1 --timeout 1ns", nil, exit.Failure, []string{`{"kind":"timeout","account_id":"account-1","transient":true,"message":"list contract actions of account \"account-1\": get a token: the --timeout of 1ns expired"}`}},
	{"drift", "check account-1", func(_ *testing.T, server *sandbox.Server) {
		server.Fail(acceptance.ChangePage(func(page map[string]any) { page["new"] = 1 }))
	}, exit.Drift, []string{`{"kind":"drift","transient":false}`}},
	{"some accounts that are refused", "list account-1 " + acceptance.ForbiddenAccountID + " account-2 --concurrency 1 --fields id", failWith(503), exit.Accounts,
		[]string{`{"kind":"api","account_id":"account-1","status":503,"transient":true}`, `{"kind":"api","status":403,"transient":false}`,
			`{"kind":"accounts","account_id":null,"transient":false,"message":"2 of 3 accounts could not be listed to the end, see above"}`}},
	{"some accounts that may succeed later", "list account-1 account-2 --concurrency 1", failWith(503), exit.AccountsTransient,
		[]string{`{"kind":"api","account_id":"account-1","status":503,"transient":true}`, `{"kind":"accounts","transient":true}`}},
	{"a line that cannot be an id", "list -", nil, exit.Accounts,
		[]string{`{"kind":"usage","account_id":"../x","message":"account \"../x\": line 2: not an account id: use letters, digits, '-', '_', '~' and '.', but not \".\" or \"..\" alone (it looks like 5ea75fe7aa224700012eae40)"}`,
			`{"kind":"accounts"}`}},
}

// failWith lets the first request fail with a status.
func failWith(status int) func(*testing.T, *sandbox.Server) {
	return func(_ *testing.T, server *sandbox.Server) {
		server.Fail(sandbox.Fault{Status: status, Body: "busy", Header: http.Header{"Retry-After": {"7"}, "X-Request-Id": {"r-1"}}})
	}
}

func startForEnding(t *testing.T, prepare func(*testing.T, *sandbox.Server)) {
	t.Helper()
	small := acceptance.StartSmall(t)
	server := acceptance.Start(t, sandbox.WithAccount("account-1", small.Actions(accountID)...), sandbox.WithAccount("account-2"),
		sandbox.WithForbiddenAccount(acceptance.ForbiddenAccountID))
	if prepare != nil {
		prepare(t, server)
	}
}

// With --errors json, stderr has objects and nothing else, and the exit code and
// stdout are the same.
func TestErrorsAsJSON(t *testing.T) {
	for _, test := range endings {
		t.Run(test.name, func(t *testing.T) {
			run := func(flags ...string) acceptance.Outcome {
				startForEnding(t, test.prepare)
				return acceptance.CallWith(t, strings.NewReader("account-1\n../x\n"), append(strings.Fields(test.arguments), flags...)...)
			}
			text, result := run(), run("--errors", "json")
			// Each run has its own sandbox.
			port := regexp.MustCompile(`127\.0\.0\.1:\d+`)
			text.Stderr, result.Stderr = port.ReplaceAllString(text.Stderr, "service"), port.ReplaceAllString(result.Stderr, "service")
			if result.Code != test.code || text.Code != test.code || result.Stdout != text.Stdout {
				t.Errorf("exit code %d, as text %d, stdout\n%s\nas text\n%s", result.Code, text.Code, result.Stdout, text.Stdout)
			}
			lines := strings.SplitAfter(result.Stderr, "\n")
			if lines = lines[:len(lines)-1]; len(lines) != len(test.want) {
				t.Fatalf("stderr is\n%s", result.Stderr)
			}
			for i, line := range lines {
				hasMembers(t, line, test.want[i])
			}
			if len(lines) > 0 && test.arguments != "lst" {
				last, _ := strings.CutPrefix(text.Stderr[strings.LastIndex(text.Stderr, "contractactions: "):], "contractactions: ")
				hasMembers(t, lines[len(lines)-1], `{"message":`+strconv.Quote(strings.TrimSuffix(last, "\n"))+`}`)
			}
		})
	}
}

// hasMembers fails the test unless an object has these members.
func hasMembers(t *testing.T, object, want string) {
	t.Helper()
	var got, wanted map[string]any
	if err := json.Unmarshal([]byte(object), &got); err != nil {
		t.Fatalf("%v: %s", err, object)
	}
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatalf("%v: %s", err, want)
	}
	for name, value := range wanted {
		if found, ok := got[name]; !ok || !reflect.DeepEqual(found, value) {
			t.Errorf("%s is %v, want %v, in %s", name, found, value, object)
		}
	}
}

// The ends that need more than arguments and a sandbox.
func TestErrorsAsJSONOfTheMachine(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	readOnly, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer readOnly.Close()
	used := filepath.Join(t.TempDir(), "used.ndjson")
	held, err := checkpoint.Open(t.Context(), used, checkpoint.Header{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	for _, test := range []struct {
		name   string
		ctx    context.Context
		stdout io.Writer
		flags  []string
		code   int
		want   string
	}{
		{"an interrupt", cancelled, io.Discard, nil, exit.Interrupted, `{"kind":"interrupted","transient":false,"message":"interrupted"}`},
		{"a file in use", t.Context(), io.Discard, []string{"--into", used}, exit.InUse, `{"kind":"in_use","account_id":null,"transient":true}`},
		{"output that cannot be written", t.Context(), readOnly, nil, exit.Failure, `{"kind":"file"}`},
		{"a file without errors", t.Context(), io.Discard, []string{"--into", filepath.Join(t.TempDir(), "new.ndjson")}, exit.Done, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			startForEnding(t, nil)
			var stderr bytes.Buffer
			code := cli.Run(test.ctx, append([]string{"list", "account-1", "--errors=JSON"}, test.flags...), nil, test.stdout, &stderr, wrapper.WithRetry(wrapper.NoRetry()))
			if code != test.code || strings.Count(stderr.String(), "\n") != min(len(test.want), 1) {
				t.Fatalf("exit code %d, stderr %q", code, &stderr)
			}
			if test.want != "" {
				hasMembers(t, stderr.String(), test.want)
			}
		})
	}
}

func TestErrorsOfChangesAsJSON(t *testing.T) {
	startForEnding(t, nil)
	state := filepath.Join(t.TempDir(), "state")
	changes := func(accounts ...string) acceptance.Outcome {
		return acceptance.Call(t, append([]string{"changes", "--state", state, "--concurrency", "1", "--errors", "json"}, accounts...)...)
	}
	if result := changes("account-1"); result.Code != exit.Done || result.Stderr != "" || strings.Count(result.Stdout, "\n") != 3 {
		t.Errorf("%+v", result)
	}
	startForEnding(t, failWith(503))
	state = filepath.Join(t.TempDir(), "state")
	result := changes("account-1", "account-2")
	lines := strings.Split(result.Stderr, "\n")
	if result.Code != exit.AccountsTransient || len(lines) != 3 {
		t.Fatalf("%+v", result)
	}
	hasMembers(t, lines[0], `{"kind":"api","account_id":"account-1","status":503,"transient":true}`)
	hasMembers(t, lines[1], `{"kind":"accounts","transient":true}`)
}

// Every exit code of the help is one that a test produces: those of the tables
// above. 141 is the signal of a closed pipe: see TestAClosedPipeIsNoError.
func TestEveryExitCodeIsTested(t *testing.T) {
	produced := map[int]bool{exit.InUse: true, exit.Interrupted: true, 141: true}
	for _, test := range endings {
		produced[test.code] = true
	}
	var documented []int
	for _, match := range regexp.MustCompile(`(?m)^  (\d+) `).FindAllStringSubmatch(exit.Help, -1) {
		code, _ := strconv.Atoi(match[1])
		documented = append(documented, code)
	}
	if got := slices.Sorted(maps.Keys(produced)); !slices.Equal(got, documented) {
		t.Errorf("tests produce %v, the help has %v", got, documented)
	}
}

// Whatever the service repeats, credentials stay out.
func TestNoSecretIsInAnError(t *testing.T) {
	const secret = "PASSWORD12345"
	repeat := sandbox.Fault{Status: 409, Body: `{"code":"` + secret + `","message":"m"}`, Header: http.Header{"X-Request-Id": {secret}}}
	for command, prepare := range map[string]func(*sandbox.Server){
		"list": func(server *sandbox.Server) {
			server.FailToken(sandbox.Fault{Status: 400, Body: `{"error":"` + secret + `","error_description":"` + secret + `"}`})
		},
		"check": func(server *sandbox.Server) { server.Fail(repeat) },
	} {
		server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 1), sandbox.WithClient("me", secret))
		prepare(server)
		result := acceptance.Call(t, command, accountID, "--errors", "json")
		if result.Code == exit.Done || result.Stderr == "" || strings.Contains(result.Stdout+result.Stderr, secret) {
			t.Errorf("%s: exit code %d, stdout %s, stderr %s", command, result.Code, result.Stdout, result.Stderr)
		}
	}
}

func TestErrorsAsJSONExcludesLogs(t *testing.T) {
	acceptance.Start(t)
	for _, flag := range []string{"--verbose", "--debug"} {
		result := acceptance.Call(t, "list", accountID, "--errors", "json", flag)
		hasMembers(t, result.Stderr, `{"kind":"usage","message":"--errors json cannot be used with --verbose or --debug: stderr has only errors then"}`)
	}
	acceptance.IsOneError(t, acceptance.Call(t, "list", accountID, "--errors", "xml").Stderr, "use one of: text, json")
	if text := acceptance.Call(t, "list", "--", accountID, "--errors", "json").Stderr; !strings.HasPrefix(text, "ACCOUNT ") {
		t.Error(text)
	}
}
