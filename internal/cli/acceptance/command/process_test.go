//go:build unix

package command_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
)

// interruptAfterLine starts the command and sends it a signal once it has
// printed a line. It returns the exit code.
func interruptAfterLine(t *testing.T, command *exec.Cmd, signal os.Signal) int {
	t.Helper()
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(stdout)
	if _, err := reader.ReadString('\n'); err != nil {
		t.Errorf("no line: %v", err)
	}
	if err := command.Process.Signal(signal); err != nil {
		t.Error(err)
	}
	if _, err := reader.WriteTo(new(bytes.Buffer)); err != nil {
		t.Error(err)
	}
	_ = command.Wait() // the exit code has the result
	return command.ProcessState.ExitCode()
}

func TestSignalsEndAList(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 100))
		server.Fail(sandbox.Fault{}, sandbox.Fault{Delay: time.Hour})
		command, stderr := acceptance.Program(t, "list", accountID, "--per-page", "50")
		if code := interruptAfterLine(t, command, signal); code != exit.Interrupted {
			t.Errorf("%v: exit code %d", signal, code)
		}
		clitest.Compare(t, stderr.String(), "contractactions: interrupted\n")
	}
}

func TestSignalsEndServeWithSuccess(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		command, stderr := acceptance.Program(t, "serve", "--addr", "127.0.0.1:0")
		if code := interruptAfterLine(t, command, signal); code != exit.Done {
			t.Errorf("%v: exit code %d, stderr %q", signal, code, stderr)
		}
	}
}

func TestAClosedPipeIsNoError(t *testing.T) {
	acceptance.StartSmall(t)
	for _, arguments := range [][]string{{"list", accountID}, {"spec"}, {"--help"}} {
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		reader.Close()
		command, stderr := acceptance.Program(t, arguments...)
		command.Stdout = writer
		_ = command.Run() // the state has the result
		writer.Close()
		if status, ok := command.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGPIPE || stderr.Len() > 0 {
			t.Errorf("%s: %v, stderr %q", strings.Join(arguments, " "), command.ProcessState, stderr)
		}
	}
}

func TestOutputThatCannotBeWrittenIsAFailure(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no such device")
	}
	defer full.Close()
	acceptance.StartSmall(t)
	for _, arguments := range []string{
		"", "--help", "--version", "accounts", "completion", "completion bash", "errors", "help errors", "help list", "list " + accountID,
		"list --help", "schema list", "spec", "version",
	} {
		command, stderr := acceptance.Program(t, strings.Fields(arguments)...)
		command.Stdout = full
		_ = command.Run() // the state has the result
		if code := command.ProcessState.ExitCode(); code != exit.Failure {
			t.Errorf("%s: exit code %d", arguments, code)
		}
		acceptance.IsOneError(t, stderr.String(), "no space left on device")
	}
}

func TestTimesAreInUTCOrLocal(t *testing.T) {
	acceptance.StartSmall(t)
	list := func(zone string, arguments ...string) string {
		command, stderr := acceptance.Program(t, append([]string{"list", accountID}, arguments...)...)
		command.Env = append(command.Env, "TZ="+zone)
		output, err := command.Output()
		if err != nil {
			t.Fatalf("%v, stderr %q", err, stderr)
		}
		return string(output)
	}
	const zone = "Etc/GMT+3" // which is west of Greenwich
	for _, format := range output.Formats {
		if output := list(zone, "--fields", "updated_at", "-o", format); !strings.Contains(output, "2022-03-10T12:01:00Z") {
			t.Errorf("%s: %s", format, output)
		}
		if output := list(zone, "--fields", "updated_at", "-o", format, "--local"); !strings.Contains(output, "2022-03-10T09:01:00-03:00") || strings.Contains(output, "Z") {
			t.Errorf("%s: %s", format, output)
		}
	}
	// In the east, the next day has begun fourteen hours earlier than in UTC.
	sinceNextDay := []string{"--fields", "id", "-o", "csv", "--since", "2022-03-11"}
	clitest.Compare(t, list("Etc/GMT-14", sinceNextDay...), "id\n")
	clitest.Compare(t, list("Etc/GMT-14", append(sinceNextDay, "--local")...), "id\n7\n8\n123245132132\n")
}
