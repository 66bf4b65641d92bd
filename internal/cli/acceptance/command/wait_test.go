package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// inProcess is a transport to a sandbox without sockets, which a bubble of
// package synctest cannot see through.
type inProcess struct{ server *sandbox.Server }

func (p inProcess) RoundTrip(request *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	p.server.ServeHTTP(answer, request)
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	return answer.Result(), nil
}

// watching is a sandbox in a bubble, and how long wait took by its clock.
type watching struct {
	acceptance.Outcome
	server *sandbox.Server
	took   time.Duration
}

// waitInBubble runs wait against a sandbox whose contract actions move on once
// a minute. prepare may be nil.
func waitInBubble(t *testing.T, prepare func(*sandbox.Server, context.CancelFunc), arguments ...string) watching {
	t.Helper()
	acceptance.SetEnvironment(t, map[string]string{
		"TALKDESK_BASE_URL":      "http://localhost",
		"TALKDESK_TOKEN_URL":     "http://localhost" + sandbox.TokenPath,
		"TALKDESK_CLIENT_ID":     "me",
		"TALKDESK_CLIENT_SECRET": "my secret",
	})
	var result watching
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sandbox.WithGeneratedAccount(accountID, 120), sandbox.WithClient("me", "my secret"),
			sandbox.WithProgress(time.Minute))
		server.Put(accountID, created(willComplete))
		server.Put(accountID, created(willFail))
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		if prepare != nil {
			prepare(server, interrupt)
		}
		var stdout, stderr bytes.Buffer
		started := time.Now()
		code := cli.Run(ctx, append([]string{"wait"}, arguments...), nil, &stdout, &stderr,
			wrapper.WithHTTPClient(&http.Client{Transport: inProcess{server}}))
		result = watching{acceptance.Outcome{Code: code, Stdout: stdout.String(), Stderr: stderr.String()}, server, time.Since(started)}
	})
	return result
}

// Two contract actions that are CREATED at first: what becomes of them depends
// on their ids.
const (
	willComplete = "123245132132"
	willFail     = "123245132208"
)

func created(id string) wrapper.ContractAction {
	moment := time.Date(2022, time.March, 10, 16, 15, 50, 0, time.UTC)
	return wrapper.ContractAction{ID: id, ActionType: wrapper.TypeAmend, Quantity: new(int32(-2)), Status: wrapper.StatusCreated,
		StatusMessage: "Contract action created successfully.", CreatedAt: moment, UpdatedAt: moment}
}

func TestWaitPrintsTheActionOnceItIsCompleted(t *testing.T) {
	result := waitInBubble(t, nil, accountID, willComplete)
	if result.Code != exit.Done || result.Stderr != "" {
		t.Fatalf("exit code %d, stderr %q", result.Code, result.Stderr)
	}
	clitest.Golden(t, "wait", result.Stdout)
	if result.took < 2*time.Minute || result.took > 3*time.Minute {
		t.Errorf("took %v", result.took)
	}
}

func TestWaitPrintsJSON(t *testing.T) {
	result := waitInBubble(t, nil, accountID, willComplete, "--output", "json")
	var action wrapper.ContractAction
	if err := json.Unmarshal([]byte(result.Stdout), &action); err != nil || action.Status != wrapper.StatusCompleted || action.ID != willComplete {
		t.Errorf("%v: %s", err, result.Stdout)
	}
	if strings.Count(result.Stdout, "\n") != 1 || result.Code != exit.Done {
		t.Errorf("exit code %d, stdout %q", result.Code, result.Stdout)
	}
}

func TestHowAWaitEnds(t *testing.T) {
	fail := func(faults ...sandbox.Fault) func(*sandbox.Server, context.CancelFunc) {
		return func(server *sandbox.Server, _ context.CancelFunc) { server.Fail(faults...) }
	}
	failAfterTheFirstLook := func(status int) func(*sandbox.Server, context.CancelFunc) {
		faults := []sandbox.Fault{{}}
		for range 100 {
			faults = append(faults, sandbox.Fault{Status: status})
		}
		return fail(faults...)
	}
	interruptAfter := func(delay time.Duration) func(*sandbox.Server, context.CancelFunc) {
		return func(_ *sandbox.Server, interrupt context.CancelFunc) { time.AfterFunc(delay, interrupt) }
	}
	for _, test := range []struct {
		name      string
		arguments []string
		prepare   func(*sandbox.Server, context.CancelFunc)
		code      int
		want      string // the error
		prints    string // the status of the contract action that is printed
	}{
		{"FAILED", []string{accountID, willFail}, nil,
			exit.ActionFailed, "the contract action FAILED: Contract action could not be carried out.", "FAILED"},
		{"the time is over", []string{accountID, willComplete, "--timeout", "90s", "--max-interval", "5s"}, nil,
			exit.Timeout, "the --timeout of 1m30s expired: the contract action was last seen IN_PROGRESS", "IN_PROGRESS"},
		{"the time is over during the first look", []string{accountID, willComplete, "--timeout", "10s"}, fail(sandbox.Fault{Delay: time.Hour}),
			exit.Timeout, "the --timeout of 10s expired: the contract action had not been found yet", ""},
		{"the time is over after failures", []string{accountID, willComplete, "--timeout", "90s"}, failAfterTheFirstLook(503),
			exit.Timeout, "was last seen CREATED; the latest poll: 503 Service Unavailable", "CREATED"},
		{"the time is over before a turn comes", []string{accountID, willComplete, "--timeout", "50s", "--interval", "1ns", "--max-interval", "1ns"}, nil,
			exit.Timeout, "the contract action was last seen CREATED", "CREATED"},
		{"interrupted", []string{accountID, willComplete, "--max-interval", "5s"}, interruptAfter(70 * time.Second),
			exit.Interrupted, "interrupted; the contract action was last seen IN_PROGRESS", "IN_PROGRESS"},
		{"interrupted during the first look", []string{accountID, willComplete},
			func(server *sandbox.Server, interrupt context.CancelFunc) {
				fail(sandbox.Fault{Delay: time.Hour})(server, interrupt)
				interruptAfter(time.Minute/2)(server, interrupt)
			},
			exit.Interrupted, "interrupted; the contract action had not been found yet", ""},
		{"no such contract action", []string{accountID, "1"}, nil,
			exit.Refused, `wait for contract action "1" of account "` + accountID + `": no such contract action: check its id, and the account's`, ""},
		{"no such account", []string{"nobody", "1"}, nil, exit.Refused, "404 Not Found: 3110006: ", ""},
		{"an account id that cannot be one", []string{"../x", "1"}, nil, exit.Usage, "not an account id", ""},
		{"a refusal later on", []string{accountID, willComplete}, failAfterTheFirstLook(403), exit.Refused, "403 Forbidden", "CREATED"},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := waitInBubble(t, test.prepare, test.arguments...)
			if result.Code != test.code {
				t.Errorf("exit code %d", result.Code)
			}
			acceptance.IsOneError(t, result.Stderr, test.want)
			if test.prints == "" {
				clitest.Compare(t, result.Stdout, "")
			} else if lines := strings.Split(result.Stdout, "\n"); len(lines) != 3 || strings.Fields(lines[1])[2] != test.prints {
				t.Errorf("stdout is\n%s", result.Stdout)
			}
		})
	}
}

func TestWaitKeepsToTheRateLimitHoweverShortThePauses(t *testing.T) {
	result := waitInBubble(t, nil, accountID, willComplete, "--interval", "1ns", "--max-interval", "1ns")
	if most := 10 + 2*int(result.took.Seconds()+1); result.Code != exit.Done || result.server.ActionRequests() > most {
		t.Errorf("exit code %d, %d requests in %v", result.Code, result.server.ActionRequests(), result.took)
	}
}

func TestWaitForSeveral(t *testing.T) {
	for _, test := range []struct {
		name      string
		arguments []string
		code      int
		prints    map[string]string // statuses by id
		want      []string          // in the error
	}{
		{"all COMPLETED", []string{accountID, willComplete, "123245132212", willComplete}, exit.Done,
			map[string]string{willComplete: "COMPLETED", "123245132212": "COMPLETED"}, nil},
		{"one FAILED", []string{accountID, willComplete, willFail}, exit.ActionFailed,
			map[string]string{willComplete: "COMPLETED", willFail: "FAILED"},
			[]string{"1 of 2 contract actions are not COMPLETED: " + willFail + ": the contract action FAILED: Contract action could not"}},
		{"some missing, one FAILED", []string{accountID, "2", willFail, "1"}, exit.Refused, map[string]string{willFail: "FAILED"},
			[]string{"3 of 3 contract actions are not COMPLETED: ", "1, 2: no such contract action", willFail + ": the contract action FAILED"}},
		{"the time is over", []string{accountID, willComplete, willFail, "--timeout", "90s", "--max-interval", "5s"}, exit.Timeout,
			map[string]string{willComplete: "IN_PROGRESS", willFail: "IN_PROGRESS"},
			[]string{willComplete + ", " + willFail + ": the --timeout of 1m30s expired: the contract action was last seen IN_PROGRESS"}},
		{"no such account", []string{"nobody", "1", "2"}, exit.Refused, nil, []string{`1, 2: list contract actions of account "nobody": 404 Not Found: 3110006: `}},
	} {
		t.Run(test.name, func(t *testing.T) {
			prepare := func(server *sandbox.Server, _ context.CancelFunc) { server.Put(accountID, created("123245132212")) }
			result := waitInBubble(t, prepare, append(test.arguments, "--output", "json", "--per-page", "77")...)
			if result.Code != test.code {
				t.Errorf("exit code %d", result.Code)
			}
			printed := make(map[string]string)
			for line := range strings.Lines(result.Stdout) {
				var action wrapper.ContractAction
				if err := json.Unmarshal([]byte(line), &action); err != nil {
					t.Error(err)
				}
				printed[action.ID] = string(action.Status)
			}
			if !maps.Equal(printed, test.prints) {
				t.Errorf("printed\n%s", result.Stdout)
			}
			if test.want == nil && result.Stderr != "" {
				t.Error(result.Stderr)
			}
			for _, want := range test.want {
				acceptance.IsOneError(t, result.Stderr, want)
			}
			for _, request := range result.server.Requests() {
				if strings.HasSuffix(request.Path, "/actions") && !strings.Contains(request.RawQuery, "per_page=77") {
					t.Errorf("requested %s", request.RawQuery)
				}
			}
		})
	}
}
