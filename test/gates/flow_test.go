//go:build gates

package gates

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// additions are an optional field, a status and a query parameter: what a vendor
// adds to an API without breaking it.
var additions = []string{
	"        created_at:\n          type: string\n", `        reason:
          type: string
          description: Why the contract action was requested.
          example: price
        created_at:
          type: string
`,
	"        | `FAILED` | ended, not carried out |\n", "        | `FAILED` | ended, not carried out |\n        | `ON_HOLD` | waiting |\n",
	"        - FAILED\n", "        - FAILED\n        - ON_HOLD\n",
	"        - Ended, not carried out.\n", "        - Ended, not carried out.\n        - Waiting.\n",
	"        - $ref: '#/components/parameters/PerPage'\n", `        - $ref: '#/components/parameters/PerPage'
        - $ref: '#/components/parameters/Reason'
`,
	"    PerPage:\n      name: per_page\n", `    Reason:
      name: reason
      in: query
      description: Only contract actions with this reason.
      schema:
        $ref: '#/components/schemas/ReasonText'
      example: price
    PerPage:
      name: per_page
`,
	"    FilterExpression:\n      type: string\n", `    ReasonText:
      type: string
      description: Why a contract action was requested.
      example: price
    FilterExpression:
      type: string
`,
}

// putsAddition is a program that runs a sandbox with one contract action that has
// what was added, and prints the variables of its client.
const putsAddition = `package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"time"

	"github.com/talkdesk-express/contractactions/api"
	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func main() {
	reason, day := "price", time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	held := gen.ContractAction{
		ID: "1", ActionType: "NEWTDE", Status: "ON_HOLD", StatusMessage: "Waiting.", Reason: &reason, CreatedAt: day, UpdatedAt: day,
	}
	other := held
	other.ID, other.Status, other.Reason = "2", "CREATED", nil
	server := sandbox.New(sandbox.WithAccount("a1", held, other))
	listening := httptest.NewServer(api.Handler(api.WithSandbox(server)))
	fmt.Printf("TALKDESK_BASE_URL=%s\nTALKDESK_TOKEN_URL=%s%s\nTALKDESK_CLIENT_ID=%s\nTALKDESK_CLIENT_SECRET=%s\n\n",
		listening.URL, listening.URL, sandbox.TokenPath, server.ClientID, server.ClientSecret)
	_, _ = os.Stdin.Read(make([]byte, 1)) // until the test ends
}
`

// TestAnAdditionFlows adds to the contract, generates, and edits nothing else:
// client, command, sandbox and page have the addition, and the tests pass.
func TestAnAdditionFlows(t *testing.T) {
	repository := newRepository(t)
	edit(t, filepath.Join(repository, "openapi.yaml"), additions...)
	must := func(name string, arguments ...string) string {
		t.Helper()
		output, failed := run(t, in(repository, name, arguments...))
		if failed {
			t.Fatalf("%s %q: %s", name, arguments, output)
		}
		return output
	}
	must("go", "generate", "./...")
	must("make", "goldens")
	// The tests of packages with golden files have run. Those that are skipped do
	// not depend on the contract.
	makefile := read(t, filepath.Join(repository, "Makefile"))
	variable := func(name string) string {
		return regexp.MustCompile(`(?m)^` + name + ` = (.*)$`).FindStringSubmatch(makefile)[1]
	}
	goldens := strings.Fields(variable("GOLDENS"))
	others := slices.DeleteFunc(strings.Fields(must("go", "list", "./...")), func(path string) bool {
		return slices.Contains(goldens, strings.Replace(path, "github.com/talkdesk-express/contractactions", ".", 1))
	})
	must("go", append([]string{"test", "-skip", variable("LONG")}, others...)...)

	write(t, filepath.Join(repository, "cmd", "additions", "main.go"), putsAddition)
	binaries := t.TempDir()
	must("go", "build", "-o", binaries, "./cmd/contractactions", "./cmd/additions")
	variables := startAdditions(t, filepath.Join(binaries, "additions"))

	command := func(arguments ...string) string {
		t.Helper()
		program := exec.Command(filepath.Join(binaries, "contractactions"), arguments...)
		program.Env = append([]string{"HOME=" + t.TempDir()}, variables...)
		output, failed := run(t, program)
		if failed {
			t.Fatalf("contractactions %q: %s", arguments, output)
		}
		return output
	}
	for _, test := range []struct{ name, got, want string }{
		{"ndjson", command("list", "a1", "-o", "ndjson"), `"reason":"price"`},
		{"the heading of csv", command("list", "a1", "-o", "csv"), ",reason"},
		{"--fields", command("list", "a1", "--fields", "id,reason", "-o", "csv"), "1,price"},
		{"--status", command("list", "a1", "--status", "ON_HOLD", "--fields", "id,status", "-o", "csv"), "id,status\n1,ON_HOLD\n"},
		{"a table", command("list", "a1"), "1 ON_HOLD"},
		{"help", command("list", "--help"), "ON_HOLD"},
		{"check", command("check", "a1"), "no drift"},
		{"the client", read(t, filepath.Join(repository, "gen", "client.gen.go")), "params.Reason"},
		{"the page's document", get(t, strings.TrimPrefix(variables[0], "TALKDESK_BASE_URL=")+"/openapi.json"), "ON_HOLD"},
	} {
		if !strings.Contains(test.got, test.want) {
			t.Errorf("%s: %q is not in\n%s", test.name, test.want, test.got)
		}
	}
	var listed []map[string]any
	if err := json.Unmarshal([]byte(command("list", "a1", "-o", "json")), &listed); err != nil {
		t.Fatal(err)
	}
	if reason, present := listed[0]["reason"]; len(listed) != 2 || !present || reason != nil && listed[1]["reason"] != nil {
		t.Errorf("listed %v, want one reason and one null", listed)
	}
}

// startAdditions runs the program until the test ends, and returns the variables
// that it prints.
func startAdditions(t *testing.T, program string) (variables []string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	command := exec.CommandContext(ctx, program)
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); cancel(); _ = command.Wait() })
	for lines := bufio.NewScanner(stdout); lines.Scan() && lines.Text() != ""; {
		variables = append(variables, lines.Text())
	}
	return variables
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
