package checkpoint_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
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
)

// reports fails the test unless the command exits with the code, prints nothing on
// stdout, and these lines on stderr. FILE stands for the name of the file.
func reports(t *testing.T, name string, code int, stderr string, arguments ...string) {
	t.Helper()
	result := acceptance.Call(t, arguments...)
	if result.Code != code || result.Stdout != "" {
		t.Errorf("exit code %d, stdout %q", result.Code, result.Stdout)
	}
	clitest.Compare(t, strings.ReplaceAll(result.Stderr, name, "FILE"), stderr)
}

func TestIntoContinuesWithWhatIsLeft(t *testing.T) {
	server := acceptance.StartSeveral(t, 5, 5, 5)
	name := filepath.Join(t.TempDir(), "actions.ndjson")
	arguments := []string{"list", "account-1", "account-2", "account-3", "--per-page", "2", "--concurrency", "1", "--into", name}
	// The second account breaks off on its second page.
	server.Fail(make([]sandbox.Fault, 4)...)
	server.Fail(sandbox.Fault{Status: http.StatusNotImplemented})
	first := acceptance.Call(t, arguments...)
	if first.Code != exit.Accounts || first.Stdout != "" {
		t.Errorf("exit code %d, stdout %q", first.Code, first.Stdout)
	}
	report, rest, _ := strings.Cut(strings.ReplaceAll(first.Stderr, name, "FILE"), "\n")
	clitest.Compare(t, report, "FILE is not complete: 10 contract actions of 2 accounts; failed: 1 account; run the same command again to continue")
	if !strings.HasPrefix(rest, "ACCOUNT    ERROR\naccount-2  501 ") || !strings.HasSuffix(rest, "\ncontractactions: 1 of 3 accounts could not be listed to the end, see above\n") {
		t.Errorf("stderr is\n%s", rest)
	}
	acceptance.EachOnce(t, acceptance.ReadFile(t, name), server, "account-1", "account-3")
	reports(t, name, exit.Done, "FILE is complete: 15 contract actions of 3 accounts; already done: 2 accounts\n", arguments...)
	acceptance.EachOnce(t, acceptance.ReadFile(t, name), server, "account-1", "account-2", "account-3")

	requests := server.ActionRequests()
	reports(t, name, exit.Done, "FILE is already complete: 15 contract actions of 3 accounts; to start over, remove FILE and FILE.progress\n", arguments...)
	clitest.Compare(t, acceptance.Succeed(t, append(arguments, "--quiet")...), "")
	if server.ActionRequests() != requests {
		t.Error("there were requests although all was done")
	}
	server.Put("account-4", server.Actions("account-1")[0])
	reports(t, name, exit.Done, "FILE is complete: 16 contract actions of 4 accounts; already done: 3 accounts\n", append(arguments, "account-4")...)
}

// What a user has appended is not removed. The rest of a run that was killed is,
// with a note.
func TestIntoWithMoreThanWasWritten(t *testing.T) {
	acceptance.StartSeveral(t, 2)
	folder := t.TempDir()
	for _, test := range []struct {
		name      string
		arguments []string
		record    string
	}{
		{"list.csv", []string{"list", "account-1"}, "list.csv.progress"},
		{"changes.csv", []string{"changes", "account-1", "--state", filepath.Join(folder, "state")}, "state"},
	} {
		t.Run(test.name, func(t *testing.T) {
			name, record := filepath.Join(folder, test.name), filepath.Join(folder, test.record)
			arguments := append(test.arguments, "--into", name)
			acceptance.Call(t, arguments...)
			content, recorded := acceptance.ReadFile(t, name), acceptance.ReadFile(t, record)
			write := func(name, content string) {
				if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write(name, content+"appended\n")
			result := acceptance.Call(t, arguments...)
			if result.Code != exit.Usage {
				t.Errorf("exit code %d", result.Code)
			}
			acceptance.IsOneError(t, result.Stderr, " bytes, and ")
			clitest.Compare(t, acceptance.ReadFile(t, name), content+"appended\n")

			write(record, recorded[:strings.LastIndex(strings.TrimSuffix(recorded, "\n"), "\n")+1])
			result = acceptance.Call(t, arguments...)
			if result.Code != exit.Done || !strings.HasPrefix(result.Stderr, name+": discarded 9 bytes after the last complete account, left by an interrupted run\n") {
				t.Errorf("exit code %d, stderr %q", result.Code, result.Stderr)
			}
			clitest.Compare(t, acceptance.ReadFile(t, name), content)
		})
	}
}

// interruptAtRequest is a sandbox's fault that interrupts the command when the
// service has answered a request.
func interruptAtRequest(server *sandbox.Server, number int, interrupt context.CancelFunc) {
	server.Fail(make([]sandbox.Fault, number)...)
	server.Fail(sandbox.Fault{Rewrite: func(body []byte) []byte { interrupt(); return body }})
}

func TestIntoAfterAnInterrupt(t *testing.T) {
	server := acceptance.StartSeveral(t, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9)
	const accounts = "account-1\naccount-2\naccount-3\naccount-4\naccount-5\naccount-6\naccount-7\naccount-8\naccount-9\naccount-10\n"
	name := filepath.Join(t.TempDir(), "actions")
	arguments := []string{"list", "-", "--per-page", "2", "--concurrency", "3", "--into", name}
	for range 3 {
		ctx, interrupt := context.WithCancel(t.Context())
		interruptAtRequest(server, 15, interrupt)
		var stderr bytes.Buffer
		code := cli.Run(ctx, arguments, strings.NewReader(accounts), nil, &stderr)
		interrupt()
		if code != exit.Interrupted || !strings.Contains(stderr.String(), "; run the same command again to continue\ncontractactions: interrupted\n") {
			t.Errorf("exit code %d, stderr %q", code, &stderr)
		}
	}
	result := acceptance.CallWith(t, strings.NewReader(accounts), arguments...)
	if result.Code != exit.Done || !strings.Contains(result.Stderr, " is complete: 90 contract actions of 10 accounts; already done: ") {
		t.Errorf("exit code %d, stderr %q", result.Code, result.Stderr)
	}
	acceptance.EachOnce(t, acceptance.ReadFile(t, name), server, "account-1", "account-2", "account-3", "account-4", "account-5",
		"account-6", "account-7", "account-8", "account-9", "account-10")
}

// A list that is short by the service's own numbers is known to be short only
// after its last page.
func TestAnAccountThatIsNotWholeIsNotDone(t *testing.T) {
	server := acceptance.StartSeveral(t, 2)
	server.Fail(sandbox.Fault{Rewrite: func(body []byte) []byte {
		return bytes.Replace(body, []byte(`"total":2`), []byte(`"total":3`), 1)
	}})
	name := filepath.Join(t.TempDir(), "actions.ndjson")
	arguments := []string{"list", "account-1", "--into", name}
	if result := acceptance.Call(t, arguments...); result.Code != exit.Failure {
		t.Errorf("exit code %d", result.Code)
	}
	clitest.Compare(t, acceptance.ReadFile(t, name), "")
	reports(t, name, exit.Done, "FILE is complete: 2 contract actions of 1 account\n", arguments...)
	acceptance.EachOnce(t, acceptance.ReadFile(t, name), server, "account-1")
}

func TestTheHeadingOfCSVIsWrittenOnce(t *testing.T) {
	server := acceptance.StartSeveral(t, 1, 1)
	name := filepath.Join(t.TempDir(), "actions.CSV")
	arguments := []string{"list", "account-1", "account-2", "--concurrency", "1", "--fields", "account_id,id", "--into", name}
	acceptance.CallWith(t, strings.NewReader(""), "list", "-", "--fields", "account_id,id", "--into", name)
	clitest.Compare(t, acceptance.ReadFile(t, name), "account_id,id\n")
	server.Fail(sandbox.Fault{}, sandbox.Fault{Status: http.StatusNotImplemented})
	acceptance.Call(t, arguments...)
	reports(t, name, exit.Done, "FILE is complete: 2 contract actions of 2 accounts; already done: 1 account\n", arguments...)
	clitest.Compare(t, acceptance.ReadFile(t, name), "account_id,id\naccount-1,123245132132\naccount-2,123245132132\n")
}

// Days ago are counted from the first run.
func TestIntoKeepsTheMomentOfSince(t *testing.T) {
	server := acceptance.StartSeveral(t, 3)
	name := filepath.Join(t.TempDir(), "actions.ndjson")
	began, err := checkpoint.Open(t.Context(), name, checkpoint.Header{
		Command: "list", Service: server.URL + "/", Settings: "--output=ndjson --fields=" + strings.Join(output.ContractActions.FieldNames(), ",") + " --since=7d",
		Since: time.Date(2022, time.January, 1, 0, 0, 0, 0, time.UTC),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	began.Close()
	reports(t, name, exit.Done, "FILE is complete: 3 matching contract actions of 1 account\n", "list", "account-1", "--since", "7d", "--into", name)
}

func TestWhatIntoRefuses(t *testing.T) {
	acceptance.StartSeveral(t, 1)
	folder := t.TempDir()
	name := filepath.Join(folder, "actions.ndjson")
	acceptance.Call(t, "list", "account-1", "--into", name)
	letter := filepath.Join(folder, "letter")
	if err := os.WriteFile(letter, []byte("Dear Sir,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	inUse, err := checkpoint.Open(t.Context(), filepath.Join(folder, "used"), checkpoint.Header{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer inUse.Close()
	for _, test := range []struct {
		name, file string
		flags      string
		code       int
		want       string
	}{
		{"a different format", name, "-o csv", exit.Usage, "it was begun with --output=ndjson, not --output=csv; use the same, or a different file"},
		{"standard output", "-", "", exit.Usage, "- is standard output, which cannot be continued: use the name of a file"},
		{"a filter", name, "--status FAILED", exit.Usage, "it was begun without --status=FAILED; "},
		{"other fields", name, "--fields id", exit.Usage, ", not --fields=id; "},
		{"a different service", name, "--base-url http://127.0.0.1:1", exit.Usage, "it was begun from a different service"},
		{"a file of others", letter, "", exit.Usage, "letter is not empty, and its record "},
		{"a folder that does not exist", filepath.Join(name, "x"), "", exit.Usage, "--into: "},
		{"a folder", folder, "-o csv", exit.Usage, "is not a regular file"},
		{"a device", os.DevNull, "", exit.Usage, "is not a regular file"},
		{"a file in use", filepath.Join(folder, "used"), "", exit.InUse, "is in use by a different run"},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := acceptance.Call(t, append([]string{"list", "account-1", "--into", test.file}, strings.Fields(test.flags)...)...)
			if result.Code != test.code || result.Stdout != "" {
				t.Errorf("exit code %d, stdout %q", result.Code, result.Stdout)
			}
			acceptance.IsOneError(t, result.Stderr, test.want)
		})
	}
	clitest.Compare(t, acceptance.ReadFile(t, letter), "Dear Sir,\n")
}

func TestARecordIsForItsOwnerAndHasNoSecret(t *testing.T) {
	server := acceptance.StartSeveral(t, 1)
	name := filepath.Join(t.TempDir(), "actions.ndjson")
	acceptance.Call(t, "list", "account-1", "--into", name)
	record := checkpoint.RecordName(name)
	if info, err := os.Stat(record); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if strings.Contains(acceptance.ReadFile(t, record), server.ClientSecret) {
		t.Error("the secret is in it")
	}
}
