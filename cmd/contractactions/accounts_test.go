package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// input makes a text the standard input of a test.
func input(t *testing.T, text string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "input")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	setInput(t, file)
}

func setInput(t *testing.T, file *os.File) {
	before := os.Stdin
	os.Stdin = file
	t.Cleanup(func() {
		os.Stdin = before
		file.Close()
	})
}

// endlessInput is a standard input that has a text to read, and never ends.
func endlessInput(t *testing.T, text string) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	setInput(t, reader)
	t.Cleanup(func() { writer.Close() })
	if _, err := writer.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// startSeveral starts a sandbox with accounts of so many contract actions each:
// account-1, account-2 and so on.
func startSeveral(t *testing.T, actions ...int) *sandbox.Server {
	t.Helper()
	options := []sandbox.Option{sandbox.WithForbiddenAccount(forbiddenAccountID)}
	for i, n := range actions {
		options = append(options, sandbox.WithGeneratedAccount(fmt.Sprint("account-", i+1), n))
	}
	return start(t, options...)
}

func TestIDsFromStandardInput(t *testing.T) {
	startSeveral(t, 1, 2, 3)
	for _, test := range []struct {
		name, input, want string
	}{
		{"one a line", "account-1\naccount-2\n", "3 contract actions of 2 accounts on 2 pages"},
		{"without a line break at the end", "account-1\naccount-3", "4 contract actions of 2 accounts on 2 pages"},
		{"as Windows writes it", "\ufeffaccount-1\r\naccount-2\r\n", "3 contract actions of 2 accounts on 2 pages"},
		{"blank lines and comments", "# mine\n\n  account-1  \n\t\n#account-2\n", "1 contract action of 1 account on 1 page"},
		{"one twice", "account-1\naccount-2\naccount-1\n", "3 contract actions of 2 accounts on 2 pages"},
		{"none", "# none yet\n", "0 contract actions of 0 accounts on 0 pages"},
	} {
		t.Run(test.name, func(t *testing.T) {
			input(t, test.input)
			if output := succeed(t, "list", "-"); !strings.Contains(output, "\n"+test.want) {
				t.Errorf("%q is missing from\n%s", test.want, output)
			}
		})
	}
}

func TestAnArgumentThatIsThereTwiceIsListedOnce(t *testing.T) {
	startSeveral(t, 1, 2)
	output := succeed(t, "list", "account-1", "account-2", "account-1")
	if !strings.Contains(output, "\n3 contract actions of 2 accounts on 2 pages") {
		t.Error(output)
	}
}

func TestALineThatCannotBeAnIDIsNamedByItsNumber(t *testing.T) {
	startSeveral(t, 1)
	input(t, "# accounts\naccount-1\n../x\x1b[2J\n")
	result := call(t, "list", "-", "-o", "csv", "--fields", "account_id")
	if result.code != exitAccounts {
		t.Errorf("exit code %d", result.code)
	}
	compare(t, result.stdout, "account_id\naccount-1\n")
	compare(t, result.stderr, `ACCOUNT      ERROR
../x\x1b[2J  line 3: not an account id: only letters, digits, '-', '.', '_' and '~' are allowed in it (they look like 5ea75fe7aa224700012eae40)
contractactions: 1 of 2 accounts could not be listed to the end, see above
`)
}

func TestALineThatIsTooLongIsAnErrorAfterWhatCameBefore(t *testing.T) {
	startSeveral(t, 1)
	input(t, "account-1\n"+strings.Repeat("x", 100_000))
	result := call(t, "list", "-", "-o", "csv", "--fields", "account_id")
	if result.code != exitFailure || result.stdout != "account_id\naccount-1\n" {
		t.Errorf("exit code %d, stdout %q", result.code, result.stdout)
	}
	isOneError(t, result.stderr, "account ids on standard input, after line 1: ")
}

func TestAnInterruptDoesNotWaitForStandardInput(t *testing.T) {
	startSeveral(t, 3)
	endlessInput(t, "account-1\n")
	ctx, interrupt := context.WithCancel(t.Context())
	stdout := &interruptAtFirstWrite{interrupt: interrupt}
	var stderr bytes.Buffer
	code := run(ctx, []string{"list", "-"}, stdout, &stderr)
	if code != exitInterrupted || stderr.String() != "contractactions: interrupted\n" {
		t.Errorf("exit code %d, stderr %q", code, &stderr)
	}
	if output := stdout.String(); !strings.HasSuffix(output, "; interrupted\n") {
		t.Error(output)
	}
}

func TestALimitDoesNotWaitForStandardInput(t *testing.T) {
	startSeveral(t, 3)
	endlessInput(t, "account-1\n")
	if output := succeed(t, "list", "-", "--limit", "2"); !strings.Contains(output, "\n2 of 3 contract actions of 1 account on 1 page: ") || !strings.HasSuffix(output, "; ended by --limit\n") {
		t.Error(output)
	}
}
