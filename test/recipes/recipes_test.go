//go:build recipes

// Package recipes runs docs/recipes.md as it stands there.
package recipes

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

// block returns the one block of docs/recipes.md with this info string.
func block(t *testing.T, info string) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/recipes.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```"+info+"\n(.*?)^```$").FindAllSubmatch(page, -1)
	if len(blocks) != 1 {
		t.Fatalf("%d blocks %q, want one", len(blocks), info)
	}
	return string(blocks[0][1])
}

// desk is a folder in which somebody works who has the command.
type desk struct {
	folder      string
	environment []string
}

func newDesk(t *testing.T, server *sandbox.Server) desk {
	t.Helper()
	tools := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(tools, "contractactions"), "../../cmd/contractactions")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return desk{t.TempDir(), append(os.Environ(),
		"PATH="+tools+string(os.PathListSeparator)+os.Getenv("PATH"),
		"TALKDESK_BASE_URL="+server.URL,
		"TALKDESK_TOKEN_URL="+server.TokenURL,
		"TALKDESK_CLIENT_ID="+server.ClientID,
		"TALKDESK_CLIENT_SECRET="+server.ClientSecret,
	)}
}

// run runs a program in the folder and returns what it prints.
func (d desk) run(t *testing.T, input, name string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir, command.Env, command.Stdin = d.folder, d.environment, strings.NewReader(input)
	var problems strings.Builder
	command.Stderr = &problems
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, problems.String())
	}
	return string(output)
}

func TestFailedCancellationsPerWeek(t *testing.T) {
	var options []sandbox.Option
	var accounts []string
	for i := range 5 {
		accounts = append(accounts, fmt.Sprint("reseller-", i))
		options = append(options, sandbox.WithGeneratedAccount(accounts[i], 300))
	}
	server := sandbox.Start(t, options...)
	desk := newDesk(t, server)
	if err := os.WriteFile(filepath.Join(desk.folder, "accounts.txt"), []byte(strings.Join(accounts, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs("query.mjs")
	if err != nil {
		t.Fatal(err)
	}
	listing, query := block(t, "sh list"), block(t, "sql duckdb")
	ask := func() map[string]int {
		var rows [][2]any
		if err := json.Unmarshal([]byte(desk.run(t, query, "node", script)), &rows); err != nil {
			t.Fatal(err)
		}
		counts := make(map[string]int)
		for _, row := range rows {
			counts[row[0].(string)] = int(row[1].(float64))
		}
		return counts
	}

	desk.run(t, "", "sh", "-c", listing)
	desk.run(t, "", "sh", "-c", listing) // which goes on where there is nothing left
	compare(t, ask(), perWeek(server, accounts))

	// On another day, one of them has failed since.
	failOneCancellation(t, server, accounts[0])
	desk.run(t, "", "sh", "-c", "rm actions.ndjson actions.ndjson.progress; "+listing)
	compare(t, ask(), perWeek(server, accounts))
}

// perWeek is the right answer.
func perWeek(server *sandbox.Server, accounts []string) map[string]int {
	counts := make(map[string]int)
	for _, account := range accounts {
		for _, action := range server.Actions(account) {
			if action.ActionType == gen.ContractActionTypeCANCELTDE && action.Status == gen.ContractActionStatusFAILED {
				day := action.UpdatedAt.UTC()
				sinceMonday := (int(day.Weekday()) + 6) % 7
				counts[day.AddDate(0, 0, -sinceMonday).Format(time.DateOnly)]++
			}
		}
	}
	return counts
}

func failOneCancellation(t *testing.T, server *sandbox.Server, account string) {
	t.Helper()
	for _, action := range server.Actions(account) {
		if action.ActionType == gen.ContractActionTypeCANCELTDE && action.Status == gen.ContractActionStatusINPROGRESS {
			if err := server.Advance(account, action.ID, gen.ContractActionStatusFAILED, ""); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatal("no cancellation is in progress")
}

func compare(t *testing.T, got, want map[string]int) {
	t.Helper()
	if len(want) < 2 {
		t.Fatalf("only %d weeks have failed cancellations", len(want))
	}
	if !maps.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", lines(got), lines(want))
	}
}

func lines(counts map[string]int) string {
	var all []string
	for _, week := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, fmt.Sprint(week, " ", counts[week]))
	}
	return strings.Join(all, "\n")
}
