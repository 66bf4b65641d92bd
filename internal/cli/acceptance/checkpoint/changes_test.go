package checkpoint_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// update makes a contract action FAILED, or adds one, in the sandbox.
func update(server *sandbox.Server, accountID, id string) {
	action := server.Actions("account-1")[0]
	action.ID, action.Status, action.StatusMessage = id, wrapper.StatusFailed, "The card was declined."
	action.UpdatedAt = action.UpdatedAt.AddDate(1, 0, 0)
	server.Put(accountID, action)
}

// changedIDs are the contract actions that ndjson has, one a line.
func changedIDs(t *testing.T, output string) string {
	t.Helper()
	var ids []string
	for line := range strings.Lines(output) {
		_, id, _ := strings.Cut(line, `"id":"`)
		id, _, _ = strings.Cut(id, `"`)
		ids = append(ids, id)
	}
	return strings.Join(ids, " ")
}

func TestChangesPrintsEachOnce(t *testing.T) {
	server := acceptance.StartSeveral(t, 3, 4)
	state := filepath.Join(t.TempDir(), "state")
	arguments := []string{"changes", "account-1", "account-2", "--concurrency", "1", "--state", state}
	first := acceptance.Call(t, arguments...)
	if first.Code != exit.Done || strings.Count(first.Stdout, "\n") != 7 {
		t.Errorf("exit code %d, stdout\n%s", first.Code, first.Stdout)
	}
	clitest.Compare(t, strings.ReplaceAll(first.Stderr, state, "FILE"), "FILE is new: every contract action is printed, later runs print what has changed\n")
	clitest.Compare(t, acceptance.Succeed(t, arguments...), "")

	update(server, "account-2", "123245132134")
	update(server, "account-1", "9")
	clitest.Compare(t, changedIDs(t, acceptance.Succeed(t, arguments...)), "9 123245132134")
	clitest.Compare(t, acceptance.Succeed(t, arguments...), "")

	update(server, "account-2", "10") // at the same instant
	clitest.Compare(t, changedIDs(t, acceptance.Succeed(t, arguments...)), "10")
	server.Put("account-3", server.Actions("account-2")[0]) // an account that is followed later
	clitest.Compare(t, changedIDs(t, acceptance.Succeed(t, append(arguments, "account-3")...)), server.Actions("account-3")[0].ID)
}

func TestAnAccountThatFailsKeepsItsPosition(t *testing.T) {
	server := acceptance.StartSeveral(t, 3, 3, 3)
	state := filepath.Join(t.TempDir(), "state")
	arguments := []string{"changes", "account-1", "account-2", "account-3", "gone", "--concurrency", "1", "--state", state}
	server.Fail(sandbox.Fault{}, sandbox.Fault{Status: http.StatusNotImplemented})
	acceptance.Call(t, arguments...)
	update(server, "account-1", "1")
	update(server, "account-3", "3")
	server.Fail(sandbox.Fault{Status: http.StatusNotImplemented})
	result := acceptance.Call(t, arguments...)
	ids := strings.Fields(changedIDs(t, result.Stdout))
	if slices.Sort(ids); result.Code != exit.Accounts || strings.Join(ids, " ") != "123245132132 123245132133 123245132134 3" {
		t.Errorf("exit code %d, stdout\n%s", result.Code, result.Stdout)
	}
	lines := strings.SplitAfter(result.Stderr, "\n")
	clitest.Compare(t, lines[0], "4 changes in 2 accounts; 2 accounts failed\n")
	if len(lines) != 6 || !strings.HasPrefix(lines[2], "account-1  501 ") || !strings.HasPrefix(lines[3], "gone       404 ") {
		t.Errorf("stderr is\n%s", result.Stderr)
	}
	clitest.Compare(t, changedIDs(t, acceptance.Call(t, append(arguments, "--quiet")...).Stdout), "1")
	if result := acceptance.Call(t, "changes", "gone", "--state", state); result.Code != exit.Refused || result.Stdout != "" {
		t.Errorf("one account: exit code %d, stdout %q", result.Code, result.Stdout)
	}
}

func TestChangesSinceATimeAreThoseOfTheFirstRun(t *testing.T) {
	server := acceptance.StartSeveral(t, 3)
	state := filepath.Join(t.TempDir(), "state")
	arguments := []string{"changes", "account-1", "--state", state, "--since"}
	reports(t, state, exit.Done, "FILE is new: contract actions updated since 2024-05-01T00:00:00Z are printed, later runs print what has changed\n",
		append(arguments, "2024-05-01")...)
	reports(t, state, exit.Done, "FILE is new: contract actions updated since 2024-05-01T00:00:00Z are printed, later runs print what has changed\n",
		append(arguments, "2000-01-01")...)
	for range 3 {
		update(server, "account-1", "9")
	}
	clitest.Compare(t, changedIDs(t, acceptance.Call(t, append(arguments, "1h")...).Stdout), "9")
	clitest.Compare(t, acceptance.Succeed(t, arguments[:4]...), "")
}

// startWith starts a sandbox in which account-1 has contract actions with these
// statuses, each updated a day after the one before.
func startWith(t *testing.T, statuses ...wrapper.ContractActionStatus) *sandbox.Server {
	t.Helper()
	server := acceptance.Start(t)
	for i, status := range statuses {
		day := time.Date(2022, time.March, 10+i, 0, 0, 0, 0, time.UTC)
		server.Put("account-1", sandbox.Complete(wrapper.ContractAction{ID: fmt.Sprint(123245132132 + i), Status: status}, day))
	}
	return server
}

func TestFormatsOfChanges(t *testing.T) {
	server := startWith(t, wrapper.StatusCreated)
	folder := t.TempDir()
	for _, test := range []struct{ name, flags, first, second, third string }{
		{"csv", "-o csv", "id,status\n123245132132,CREATED\n", "", "id,status\n1,FAILED\n"},
		{"a table", "-o table", `ID            STATUS
123245132132  CREATED
1 change in 1 account
`, `ID  STATUS
0 changes in 1 account
`, `ID  STATUS
1   FAILED
1 change in 1 account
`},
		{"a selection", "--status FAILED", "", "", "{\"id\":\"1\",\"status\":\"FAILED\"}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server.Put("account-2", server.Actions("account-1")[0])
			arguments := append([]string{"changes", "account-2", "--fields", "id,status", "--state", filepath.Join(folder, test.name)}, strings.Fields(test.flags)...)
			clitest.Compare(t, acceptance.Call(t, arguments...).Stdout, test.first)
			clitest.Compare(t, acceptance.Succeed(t, arguments...), test.second)
			update(server, "account-2", "1")
			clitest.Compare(t, acceptance.Succeed(t, arguments...), test.third)
		})
		server = startWith(t, wrapper.StatusCreated)
	}
}

func TestChangesIntoAFileThatIsTakenAway(t *testing.T) {
	server := startWith(t, wrapper.StatusCreated, wrapper.StatusCompleted)
	folder := t.TempDir()
	state, into := filepath.Join(folder, "state"), filepath.Join(folder, "new.csv")
	arguments := []string{"changes", "account-1", "--fields", "id,status", "--state", state, "--into", into}
	// has fails the test unless the file has these lines after a run.
	has := func(want string) {
		t.Helper()
		clitest.Compare(t, acceptance.ReadFile(t, into), want)
	}
	acceptance.Call(t, arguments...)
	has("id,status\n123245132133,COMPLETED\n123245132132,CREATED\n")
	update(server, "account-1", "1")
	clitest.Compare(t, acceptance.Succeed(t, arguments...), "")
	has("id,status\n123245132133,COMPLETED\n123245132132,CREATED\n1,FAILED\n")

	for i, take := range []func() error{
		func() error { return os.Remove(into) },
		func() error { return os.Truncate(into, 0) },
		func() error { return os.Truncate(into, 5) }, // as a run that was killed can leave it
	} {
		if err := take(); err != nil {
			t.Fatal(err)
		}
		id := string(rune('a' + i))
		update(server, "account-1", id)
		clitest.Compare(t, acceptance.Succeed(t, arguments...), "")
		has("id,status\n" + id + ",FAILED\n")
	}
	// With a name of its own, and to stdout.
	update(server, "account-1", "d")
	into = filepath.Join(folder, "other.csv")
	arguments[len(arguments)-1] = into
	clitest.Compare(t, acceptance.Succeed(t, arguments...), "")
	has("id,status\nd,FAILED\n")
	update(server, "account-1", "e")
	clitest.Compare(t, acceptance.Succeed(t, append(arguments[:len(arguments)-2:len(arguments)-2], "-o", "csv")...), "id,status\ne,FAILED\n")
	update(server, "account-1", "f")
	clitest.Compare(t, acceptance.Succeed(t, arguments...), "")
	has("id,status\nd,FAILED\nf,FAILED\n")
}

func TestWhatChangesRefuses(t *testing.T) {
	acceptance.StartSeveral(t, 1)
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	acceptance.Call(t, "changes", "account-1", "--state", in("state"), "--into", in("out"))
	acceptance.Call(t, "list", "account-1", "--into", in("listed"))
	for _, name := range []string{"letter", "out.state"} {
		if err := os.WriteFile(in(name), []byte("Dear Sir,\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inUse, err := checkpoint.OpenState(t.Context(), in("used"), "", checkpoint.Header{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer inUse.Close()
	for _, test := range []struct {
		name, flags string
		code        int
		want        string
	}{
		{"no state", "", exit.Usage, "changes needs --state FILE"},
		{"one file for both", "--state x --into x", exit.Usage, "need different files"},
		{"a state on standard output", "--state -", exit.Usage, "- is standard output, which cannot be continued: use the name of a file"},
		{"changes into standard output", "--state x --into -", exit.Usage, "- is standard output, which cannot be continued: use the name of a file"},
		{"one array", "--state x -o json", exit.Usage, "use one of: ndjson, csv, table"},
		{"a table in a file", "--state x --into out -o table", exit.Usage, "use --output ndjson or csv"},
		{"a different selection", "--state state --status FAILED", exit.Usage, "state: it was begun without --status=FAILED; use the same, or a different file"},
		{"a different service", "--state state --base-url http://127.0.0.1:1", exit.Usage, "it was begun from a different service"},
		{"the record of a list", "--state listed.progress", exit.Usage, `it was begun by a different command: "list", not "changes"`},
		{"no record", "--state letter", exit.Usage, "letter is not a state file of contractactions: use a different file, or restore the state file"},
		{"an output of others", "--state state --into letter", exit.Usage, " were written: restore it, or use a different file"},
		{"an output of others, and a new state", "--state new --into letter", exit.Usage, "its record new does not exist: restore the record, or use a different file"},
		{"a folder that does not exist", "--state missing/state", exit.Usage, "missing"},
		{"a state in use", "--state used", exit.InUse, "used is in use by a different run"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(folder)
			result := acceptance.Call(t, append([]string{"changes", "account-1"}, strings.Fields(test.flags)...)...)
			if result.Code != test.code || result.Stdout != "" {
				t.Errorf("exit code %d, stdout %q", result.Code, result.Stdout)
			}
			acceptance.IsOneError(t, result.Stderr, test.want)
		})
	}
	clitest.Compare(t, acceptance.ReadFile(t, in("letter")), "Dear Sir,\n")
}

// The checksums of a record do not show who has written it.
func TestARecordWithAValueOfADifferentProgram(t *testing.T) {
	server := acceptance.StartSeveral(t, 1)
	fields := strings.Join(output.ContractActions.FieldNames(), ",")
	for _, value := range []string{"garbage", "2022-05-02T02:56:06.157Z AAAA", "1.5"} {
		for _, command := range []string{"list", "changes"} {
			name := filepath.Join(t.TempDir(), "file")
			header := checkpoint.Header{Command: command, Service: server.URL + "/", Settings: "--output=ndjson --fields=" + fields}
			file, err := checkpoint.Open(t.Context(), name, header, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(file.Commit("account-1", value), file.Close()); err != nil {
				t.Fatal(err)
			}
			arguments, record := []string{"list", "account-1", "--into", name}, checkpoint.RecordName(name)
			if command == "changes" {
				arguments = []string{"changes", "account-1", "--state", record}
			}
			result := acceptance.Call(t, arguments...)
			if result.Code != exit.Usage || result.Stdout != "" {
				t.Errorf("%s, %q: exit code %d, stdout %q", command, value, result.Code, result.Stdout)
			}
			acceptance.IsOneError(t, result.Stderr, `file.progress is damaged: the value of "account-1": `)
		}
	}
}

// onWrite is a writer that calls a function for each write.
type onWrite func(text string)

func (w onWrite) Write(data []byte) (int, error) {
	w(string(data))
	return len(data), nil
}

func TestFollowRepeatsUntilItIsInterrupted(t *testing.T) {
	server := acceptance.StartSeveral(t, 2)
	server.Fail(sandbox.Fault{}, sandbox.Fault{Status: http.StatusNotImplemented}) // of the account that exists, in the second run
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var printed, stderr bytes.Buffer
	stdout := onWrite(func(text string) {
		printed.WriteString(text)
		if strings.Count(printed.String(), "\n") == 2 {
			update(server, "account-1", "1")
		} else {
			interrupt()
		}
	})
	state := filepath.Join(t.TempDir(), "state")
	code := cli.Run(ctx, []string{"changes", "-", "--follow", "--interval", "1ms", "--state", state, "--concurrency", "1"},
		strings.NewReader("account-1\n"), stdout, &stderr, wrapper.WithRetry(wrapper.NoRetry()))
	if code != exit.Done || changedIDs(t, printed.String()) != "123245132133 123245132132 1" || server.ActionRequests() != 3 {
		t.Errorf("exit code %d after %d requests, stdout\n%s", code, server.ActionRequests(), &printed)
	}
	if lines := strings.Split(stderr.String(), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[1], `contractactions: list contract actions of account "account-1": 501 Not Implemented`) {
		t.Errorf("stderr is\n%s", &stderr)
	}
}

func TestWhatEndsFollow(t *testing.T) {
	server := acceptance.StartSeveral(t, 1)
	folder := t.TempDir()
	for _, test := range []struct {
		name, account string
		fault         sandbox.Fault // of the token
		code          int
	}{
		{"credentials that are refused", "account-1", sandbox.Fault{Status: http.StatusUnauthorized}, exit.Authentication},
		{"the only account", "gone", sandbox.Fault{}, exit.Refused},
	} {
		server.FailToken(test.fault)
		if result := acceptance.Call(t, "changes", test.account, "--follow", "--state", filepath.Join(folder, test.name)); result.Code != test.code {
			t.Errorf("%s: exit code %d, stderr %q", test.name, result.Code, result.Stderr)
		}
	}
	result := acceptance.CallWith(t, strings.NewReader("account-1\n"+strings.Repeat("x", 100_000)), "changes", "-", "--follow", "--state", filepath.Join(folder, "s"))
	if result.Code != exit.Failure || !strings.Contains(result.Stderr, "line 2: the line is too long") {
		t.Errorf("an input that cannot be read: exit code %d, stderr %q", result.Code, result.Stderr)
	}
}
