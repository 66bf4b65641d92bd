package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

func TestAnInterruptedListSaysSo(t *testing.T) {
	start(t, sandbox.WithGeneratedAccount(accountID, 100))
	ctx, interrupt := context.WithCancel(t.Context())
	stdout := &interruptAtFirstWrite{interrupt: interrupt}
	var stderr bytes.Buffer
	code := run(ctx, []string{"list", accountID, "--per-page", "1"}, stdout, &stderr)
	if code != exitInterrupted || stderr.String() != "contractactions: interrupted\n" {
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
	server := start(t)
	for _, format := range formats {
		server.Fail(sandbox.Fault{Status: http.StatusNotImplemented})
		if result := call(t, "list", accountID, "--output", format); result.code != exitFailure || result.stdout != "" {
			t.Errorf("%s: exit code %d, stdout %q", format, result.code, result.stdout)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestOutputThatCannotBeWrittenIsAFailure(t *testing.T) {
	startSmall(t)
	arguments := [][]string{{"demo", "--actions", "1"}, {"spec"}, {"version"}, {"serve", "--addr", "127.0.0.1:0"},
		{"wait", accountID, "7"}, {"check", accountID}, {"check", accountID, "--output", "json"}}
	for _, format := range formats {
		arguments = append(arguments, []string{"list", accountID, "--output", format})
	}
	for _, arguments := range arguments {
		var stderr bytes.Buffer
		code := run(t.Context(), arguments, fullDisk{}, &stderr)
		if code != exitFailure || !strings.HasSuffix(stderr.String(), "contractactions: the disk is full\n") {
			t.Errorf("%q: exit code %d, stderr %q", arguments, code, &stderr)
		}
	}
}
