package cli_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

func journalName(t *testing.T) string { return filepath.Join(t.TempDir(), "journal") }

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestResumeListsOnlyWhatIsLeft(t *testing.T) {
	server := startSeveral(t, 5, 5, 5)
	name := journalName(t)
	arguments := []string{"list", "account-1", "account-2", "account-3", "--per-page", "2", "--concurrency", "1", "-o", "ndjson", "--resume", name}
	// The second account breaks off on its second page.
	server.Fail(make([]sandbox.Fault, 4)...)
	server.Fail(sandbox.Fault{Status: http.StatusNotImplemented})
	first := call(t, arguments...)
	if first.code != exit.Accounts || strings.Contains(first.stdout, "account-2") {
		t.Errorf("exit code %d, stdout\n%s", first.code, first.stdout)
	}
	eachOnce(t, first.stdout, server, "account-1", "account-3")
	second := succeed(t, arguments...)
	eachOnce(t, first.stdout+second, server, "account-1", "account-2", "account-3")

	requests := server.ActionRequests()
	clitest.Compare(t, succeed(t, arguments...), "")
	if server.ActionRequests() != requests {
		t.Error("there were requests although all was done")
	}
	more := append(arguments, "account-4")
	server.Put("account-4", server.Actions("account-1")[0])
	eachOnce(t, succeed(t, more...), server, "account-4")
}

func TestResumeAfterAnInterrupt(t *testing.T) {
	server := startSeveral(t, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9)
	const accounts = "account-1\naccount-2\naccount-3\naccount-4\naccount-5\naccount-6\naccount-7\naccount-8\naccount-9\naccount-10\n"
	arguments := []string{"list", "-", "--per-page", "2", "--concurrency", "3", "-o", "ndjson", "--resume", journalName(t)}
	var output string
	runs := 0
	for code := exit.Interrupted; code == exit.Interrupted; runs++ {
		ctx, interrupt := context.WithCancel(t.Context())
		stdout := &interruptAtFirstWrite{interrupt: interrupt}
		code = cli.Run(ctx, arguments, strings.NewReader(accounts), stdout, new(bytes.Buffer))
		interrupt()
		output += stdout.String()
	}
	if runs < 3 {
		t.Errorf("only %d runs were needed", runs)
	}
	eachOnce(t, output, server, "account-1", "account-2", "account-3", "account-4", "account-5",
		"account-6", "account-7", "account-8", "account-9", "account-10")
}

// A list that is short by the service's own numbers is known to be short only
// after its last page.
func TestAnAccountThatIsNotWholeIsNotDone(t *testing.T) {
	server := startSeveral(t, 2)
	server.Fail(sandbox.Fault{Rewrite: func(body []byte) []byte {
		return bytes.Replace(body, []byte(`"total":2`), []byte(`"total":3`), 1)
	}})
	arguments := []string{"list", "account-1", "-o", "ndjson", "--resume", journalName(t)}
	if result := call(t, arguments...); result.code != exit.Failure || result.stdout != "" {
		t.Errorf("exit code %d, stdout %q", result.code, result.stdout)
	}
	eachOnce(t, succeed(t, arguments...), server, "account-1")
}

func TestALineThatWasNotWrittenToItsEndDoesNotCount(t *testing.T) {
	server := startSeveral(t, 1, 1)
	name := journalName(t)
	arguments := []string{"list", "account-1", "account-2", "--concurrency", "1", "-o", "ndjson", "--resume", name}
	succeed(t, arguments...)
	whole := readFile(t, name)
	if err := os.WriteFile(name, []byte(strings.TrimSuffix(whole, "2\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	eachOnce(t, succeed(t, arguments...), server, "account-2")
	clitest.Compare(t, readFile(t, name), whole)
}

func TestTheHeaderOfCSVIsPrintedOnce(t *testing.T) {
	server := startSeveral(t, 1, 1)
	server.Fail(sandbox.Fault{}, sandbox.Fault{Status: http.StatusNotImplemented})
	arguments := []string{"list", "account-1", "account-2", "--concurrency", "1", "-o", "csv", "--fields", "account_id,id", "--resume", journalName(t)}
	first := call(t, arguments...).stdout
	clitest.Compare(t, first+succeed(t, arguments...), "account_id,id\naccount-1,123245132132\naccount-2,123245132132\n")
	clitest.Compare(t, succeed(t, arguments...), "")
}

// Days ago are counted from the first run.
func TestResumeKeepsTheMomentOfSince(t *testing.T) {
	startSeveral(t, 1, 3)
	name := journalName(t)
	arguments := []string{"list", "account-1", "-o", "ndjson", "--since", "7d", "--resume", name}
	clitest.Compare(t, succeed(t, arguments...), "")
	header, rest, _ := strings.Cut(readFile(t, name), "\n")
	before, after, _ := strings.Cut(header, `"since":"2`)
	_, after, _ = strings.Cut(after, `"`)
	if err := os.WriteFile(name, []byte(before+`"since":"2022-01-01T00:00:00Z"`+after+"\n"+rest), 0o600); err != nil {
		t.Fatal(err)
	}
	arguments[1] = "account-2"
	if output := succeed(t, arguments...); strings.Count(output, "\n") != 3 {
		t.Errorf("listed\n%s", output)
	}
}

func TestAJournalBelongsToOneListing(t *testing.T) {
	startSeveral(t, 1)
	name := journalName(t)
	succeed(t, "list", "account-1", "-o", "ndjson", "--resume", name)
	other := filepath.Join(t.TempDir(), "letter")
	if err := os.WriteFile(other, []byte("Dear Sir,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name      string
		arguments []string
		want      string
	}{
		{"another format", []string{"-o", "csv", "--resume", name}, `different flags: "--output=ndjson", not "--output=csv"`},
		{"a filter", []string{"-o", "ndjson", "--status", "FAILED", "--resume", name}, `not "--output=ndjson --status=FAILED"`},
		{"another service", []string{"-o", "ndjson", "--base-url", "http://127.0.0.1:1", "--resume", name}, "a different service"},
		{"another file", []string{"-o", "ndjson", "--resume", other}, "not written by --resume"},
		{"a folder that is not there", []string{"-o", "ndjson", "--resume", filepath.Join(name, "x")}, "--resume: "},
		{"a table", []string{"--resume", name}, "use --output ndjson or csv"},
		{"sorted", []string{"-o", "ndjson", "--sort", "id", "--resume", name}, "cannot be used with --sort"},
		{"a limit", []string{"-o", "ndjson", "--limit", "1", "--resume", name}, "cannot be used with --limit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := call(t, append([]string{"list", "account-1"}, test.arguments...)...)
			if result.code != exit.Usage || result.stdout != "" {
				t.Errorf("exit code %d, stdout %q", result.code, result.stdout)
			}
			isOneError(t, result.stderr, test.want)
		})
	}
	clitest.Compare(t, readFile(t, other), "Dear Sir,\n")
}

func TestAJournalIsForItsOwnerAndHasNoSecret(t *testing.T) {
	server := startSeveral(t, 1)
	name := journalName(t)
	succeed(t, "list", "account-1", "-o", "ndjson", "--resume", name)
	if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if strings.Contains(readFile(t, name), server.ClientSecret) {
		t.Error("the secret is in it")
	}
}

// What was printed is not done before the journal says so, and a journal that
// cannot be written ends the run.
func TestOutputThatCannotBeWrittenIsNotDone(t *testing.T) {
	server := startSeveral(t, 1)
	arguments := []string{"list", "account-1", "-o", "ndjson", "--resume", journalName(t)}
	if code := cli.Run(t.Context(), arguments, nil, fullDisk{}, new(bytes.Buffer)); code != exit.Failure {
		t.Errorf("exit code %d", code)
	}
	eachOnce(t, succeed(t, arguments...), server, "account-1")
}
