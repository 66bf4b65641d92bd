//go:build unix

package serve_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
)

// What docs/recipes.md begins with, in one shell.
func TestFromNothingToAllAccountsInTwoCommands(t *testing.T) {
	acceptance.SetEnvironment(t, nil)
	self, _ := acceptance.Program(t)
	command := exec.CommandContext(t.Context(), "sh", "-euc", `
eval "$("$0" serve --env --until now --addr 127.0.0.1:0 &)"
"$0" list --all-accounts --account-status ACTIVE --type CANCELTDE --status FAILED --since 7d --output ndjson --quiet
"$0" accounts --status active --output csv --fields name
kill "$SANDBOX_PID"`, self.Path)
	command.Env = self.Env
	var stderr strings.Builder
	command.Stderr = &stderr // until serve has ended
	output, err := command.Output()
	if err != nil || stderr.String() != "" {
		t.Fatalf("%v: %s", err, &stderr)
	}
	listed, names, _ := strings.Cut(string(output), "name\n")
	clitest.Compare(t, names, "acme\nglobex\ninitech\n")
	accounts := make(map[string]int)
	for line := range strings.Lines(listed) {
		if !strings.Contains(line, `"action_type":"CANCELTDE","status":"FAILED"`) {
			t.Error(line)
		}
		account, _, _ := strings.Cut(line, `","id"`)
		accounts[account]++
	}
	if len(accounts) != 3 {
		t.Errorf("listed\n%s", listed)
	}
}
