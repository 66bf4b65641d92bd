package acceptance

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// Completions is what a shell gets for the words, without descriptions.
func Completions(t *testing.T, words ...string) string {
	t.Helper()
	var offered []string
	for line := range strings.Lines(Call(t, append([]string{"__complete"}, words...)...).Stdout) {
		word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		offered = append(offered, word)
	}
	return strings.Join(offered, " ")
}

// IsOneError fails the test unless the text is one line with an error that
// contains what is wanted and is fit for a terminal.
func IsOneError(t *testing.T, text, want string) {
	t.Helper()
	line, rest, ended := strings.Cut(text, "\n")
	if !strings.HasPrefix(line, "contractactions: ") || !strings.Contains(line, want) || rest != "" || !ended {
		t.Errorf("stderr is %q, want one line with %q", text, want)
	}
	if terminal.Printable(line) != line {
		t.Errorf("stderr is %q", text)
	}
}

// Listed decodes ndjson: how often each contract action of each account came.
func Listed(t *testing.T, output string) map[string]int {
	t.Helper()
	times := make(map[string]int)
	for line := range strings.Lines(output) {
		var action struct {
			AccountID string `json:"account_id"`
			ID        string `json:"id"`
		}
		if err := json.Unmarshal([]byte(line), &action); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		times[action.AccountID+" "+action.ID]++
	}
	return times
}

// EachOnce fails the test unless what was listed is every contract action of
// these accounts, once.
func EachOnce(t *testing.T, output string, server *sandbox.Server, accounts ...string) {
	t.Helper()
	got, want := Listed(t, output), 0
	for _, account := range accounts {
		for _, action := range server.Actions(account) {
			want++
			if times := got[account+" "+action.ID]; times != 1 {
				t.Errorf("contract action %s of %s came %d times", action.ID, account, times)
			}
		}
	}
	if len(got) != want {
		t.Errorf("%d contract actions, want %d", len(got), want)
	}
}

// Documented joins the values of an enumeration, as help and errors have them.
func Documented[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return strings.Join(texts, ", ")
}

// ReadFile returns what a file contains.
func ReadFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
