// Package cli_test tests what a person sees of the command: it runs it with
// arguments, against sandboxes, and looks at its output and exit code.
package cli_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// asProgram makes the test binary behave as the program, for tests that need
// a process of its own.
const asProgram = "CONTRACTACTIONS_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main())
	}
	os.Exit(m.Run())
}

const accountID = sandbox.DefaultAccountID

// The accounts that serve refuses.
const (
	forbiddenAccountID    = "000000000000000000000403"
	unauthorizedAccountID = "000000000000000000000401"
)

// outcome is the result of a run of the program.
type outcome struct {
	code           int
	stdout, stderr string
}

// call runs the program in this process. It repeats no request, since most
// tests that make one fail want the failure.
func call(t *testing.T, arguments ...string) outcome {
	t.Helper()
	return callWith(t, nil, arguments...)
}

// callWith is call with a standard input.
func callWith(t *testing.T, stdin io.Reader, arguments ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), arguments, stdin, &stdout, &stderr, wrapper.WithRetry(wrapper.NoRetry()))
	result := outcome{code, stdout.String(), stderr.String()}
	conforms(t, arguments, result)
	return result
}

// succeed is call for what must succeed with nothing on stderr.
func succeed(t *testing.T, arguments ...string) string {
	t.Helper()
	return succeedWith(t, nil, arguments...)
}

// succeedWith is succeed with a standard input.
func succeedWith(t *testing.T, stdin io.Reader, arguments ...string) string {
	t.Helper()
	result := callWith(t, stdin, arguments...)
	if result.code != exit.Done || result.stderr != "" {
		t.Fatalf("exit code %d, stderr %q", result.code, result.stderr)
	}
	return result.stdout
}

// setEnvironment sets these TALKDESK_ variables for a test, and no others.
func setEnvironment(t *testing.T, variables map[string]string) {
	t.Helper()
	for _, name := range []string{
		"TALKDESK_ACCOUNT", "TALKDESK_REGION", "TALKDESK_CLIENT_ID", "TALKDESK_CLIENT_SECRET", "TALKDESK_CLIENT_SECRET_COMMAND", "TALKDESK_PRIVATE_KEY",
		"TALKDESK_PRIVATE_KEY_FILE", "TALKDESK_KEY_ID", "TALKDESK_KEY_ALGORITHM", "TALKDESK_BASE_URL", "TALKDESK_TOKEN_URL",
		"TALKDESK_SCOPE", "TALKDESK_PLAIN_HTTP_HOSTS", "TALKDESK_PROFILE",
	} {
		t.Setenv(name, variables[name])
	}
	// No profile and no cache of whoever runs the tests is to be found.
	home := t.TempDir()
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME", "AppData", "LocalAppData"} {
		t.Setenv(name, home)
	}
}

func environmentOf(server *sandbox.Server) map[string]string {
	return map[string]string{
		"TALKDESK_BASE_URL":      server.URL,
		"TALKDESK_TOKEN_URL":     server.TokenURL,
		"TALKDESK_CLIENT_ID":     server.ClientID,
		"TALKDESK_CLIENT_SECRET": server.ClientSecret,
	}
}

// start starts a sandbox that the environment of the test points to.
func start(t *testing.T, options ...sandbox.Option) *sandbox.Server {
	t.Helper()
	server := sandbox.Start(t, options...)
	setEnvironment(t, environmentOf(server))
	return server
}

// startSmall starts a sandbox with an account of three contract actions, some
// of them with what printing may trip over.
func startSmall(t *testing.T) *sandbox.Server {
	t.Helper()
	ten, most := int32(10), int32(2147483647)
	noon := time.Date(2022, time.March, 10, 12, 0, 0, 0, time.UTC)
	return start(t, sandbox.WithAccount(accountID,
		wrapper.ContractAction{
			ID: "123245132132", ActionType: wrapper.TypeNew, Quantity: &ten, Status: wrapper.StatusCreated,
			StatusMessage: "Contract action created successfully.", CreatedAt: noon, UpdatedAt: noon,
		},
		wrapper.ContractAction{
			ID: "7", ActionType: wrapper.TypeCancel, Status: wrapper.StatusFailed,
			StatusMessage: "=1+1\x1b[31m\nred\u009b", CreatedAt: noon, UpdatedAt: noon.Add(time.Minute),
		},
		wrapper.ContractAction{
			ID: "8", ActionType: wrapper.TypeAmend, Quantity: &most, Status: wrapper.StatusInProgress,
			StatusMessage: `Größe "M", <1 von 2>`,
			CreatedAt:     noon.In(time.FixedZone("", 2*60*60)),
			UpdatedAt:     noon.Add(1500 * time.Millisecond),
		},
	))
}

// documented joins the values of an enumeration, as help and errors have them.
func documented[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return strings.Join(texts, ", ")
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// interruptAtFirstWrite is a writer that asks for the end of the program as
// soon as something is written to it.
type interruptAtFirstWrite struct {
	bytes.Buffer
	interrupt context.CancelFunc
}

func (w *interruptAtFirstWrite) Write(data []byte) (int, error) {
	w.interrupt()
	return w.Buffer.Write(data)
}
