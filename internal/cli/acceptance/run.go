// Package acceptance runs the command as a person does, for the tests in its
// folders: with arguments, against sandboxes, in this process or its own.
package acceptance

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// asProgram makes the test binary behave as the program, for tests that need
// a process of its own.
const asProgram = "CONTRACTACTIONS_TEST_AS_PROGRAM"

var mainRuns bool // whether Main has been called

// Main runs the tests of a package, or the program in a process that [Program] has
// started. The TestMain of each package calls it.
func Main(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main())
	}
	if signal.Ignored(syscall.SIGHUP) { // under nohup, as the programs then would be, too
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	mainRuns = true
	os.Exit(m.Run())
}

// Program prepares a run of the program in a process of its own, where it can
// get signals.
func Program(t *testing.T, arguments ...string) (command *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	if !mainRuns {
		t.Fatal("TestMain does not call acceptance.Main: the process would run the tests")
	}
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	stderr = new(bytes.Buffer)
	command = exec.CommandContext(t.Context(), executable, arguments...)
	command.Env = append(os.Environ(), asProgram+"=1")
	command.Stderr = stderr
	return command, stderr
}

// Outcome is the result of a run of the program.
type Outcome struct {
	Code           int
	Stdout, Stderr string
}

// Call runs the program in this process. It repeats no request, since most
// tests that make one fail want the failure.
func Call(t *testing.T, arguments ...string) Outcome {
	t.Helper()
	return CallWith(t, nil, arguments...)
}

// CallWith is [Call] with a standard input.
func CallWith(t *testing.T, stdin io.Reader, arguments ...string) Outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), arguments, stdin, &stdout, &stderr, wrapper.WithRetry(wrapper.NoRetry()))
	result := Outcome{code, stdout.String(), stderr.String()}
	conforms(t, arguments, result)
	return result
}

// Succeed is [Call] for what must succeed with nothing on stderr.
func Succeed(t *testing.T, arguments ...string) string {
	t.Helper()
	return SucceedWith(t, nil, arguments...)
}

// SucceedWith is [Succeed] with a standard input.
func SucceedWith(t *testing.T, stdin io.Reader, arguments ...string) string {
	t.Helper()
	result := CallWith(t, stdin, arguments...)
	if result.Code != exit.Done || result.Stderr != "" {
		t.Fatalf("exit code %d, stderr %q", result.Code, result.Stderr)
	}
	return result.Stdout
}

// Endless returns a standard input that has a text to read, and never ends.
func Endless(t *testing.T, text string) io.Reader {
	reader, writer := io.Pipe()
	t.Cleanup(func() { writer.Close() })
	return io.MultiReader(strings.NewReader(text), reader)
}

// InterruptAtFirstWrite is a writer that asks for the end of the program as
// soon as something is written to it.
type InterruptAtFirstWrite struct {
	bytes.Buffer
	Interrupt context.CancelFunc
}

// Write interrupts the program.
func (w *InterruptAtFirstWrite) Write(data []byte) (int, error) {
	w.Interrupt()
	return w.Buffer.Write(data)
}
