//go:build languages

// Package clients proves that openapi.yaml is enough for teams who never read
// Go: each folder has a small program on top of a client that another
// language's generator writes for it. The README says what has to be installed.
package clients

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

const (
	forbiddenAccountID = "000000000000000000000403"
	count              = 425
)

// A proof is built by `npm run build:name` and run by its command, with the id
// of an account added.
type proof struct {
	name    string
	command func(*testing.T) []string
	// suite runs the tests of a client in the language's own test framework.
	suite func(*testing.T) []string
	// closed is how the generated client complains about a status that the
	// document does not list, although the document asks it not to.
	closed string
}

var proofs = []proof{
	{name: "typescript-openapi-fetch", command: node, suite: nodeTest},
	{name: "typescript-hey-api", command: node},
	{name: "python", command: python, suite: unittest, closed: "'dict' object has no attribute 'id'"},
	{name: "java", command: java, suite: junit, closed: "Unknown ContractActionStatus value: SUSPENDED"},
	{name: "csharp", command: csharp, closed: "200"}, // the status of the response that it cannot read
	{name: "openapi-generator-5", command: nodeAndJava},
}

func node(t *testing.T) []string {
	requireProgram(t, "node", "Node 20.19 or newer")
	return []string{"node", "build/list-actions.js"}
}

// nodeAndJava is for a generator that is a Java program itself.
func nodeAndJava(t *testing.T) []string {
	requireProgram(t, "java", "a JDK, 17 or newer (apt: openjdk-17-jdk-headless)")
	return node(t)
}

func java(t *testing.T) []string {
	requireProgram(t, "javac", "a JDK, 17 or newer (apt: openjdk-17-jdk-headless)")
	return []string{"java", "-cp", "build", "ListActions"}
}

// csharp is for NSwag's build for the .NET Framework, which Mono runs.
func csharp(t *testing.T) []string {
	requireProgram(t, "mcs", "Mono (apt: mono-devel)")
	return []string{"mono", "build/ListActions.exe"}
}

// python looks for an interpreter that has httpx. Debian's own, which sees
// what apt installs, may stand behind another in the path.
func python(t *testing.T) []string {
	for _, interpreter := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), interpreter, "-c", "import httpx").Run() == nil {
			return []string{interpreter, "list_actions.py"}
		}
	}
	t.Fatal("no Python with httpx: install Python 3.9 or newer, and httpx (apt: python3-httpx; pip: httpx)")
	return nil
}

func requireProgram(t *testing.T, name, what string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is not installed: install %s", name, what)
	}
}

func TestLanguages(t *testing.T) {
	variables := serve(t)
	for _, proof := range proofs {
		t.Run(proof.name, func(t *testing.T) {
			command := proof.command(t)
			build(t, proof.name, "../../openapi.yaml")
			run := func(t *testing.T, server *sandbox.Server, arguments ...string) result {
				t.Helper()
				return execute(t, proof.name, environment(server), slices.Concat(command, arguments)...)
			}

			t.Run("lists a whole account", func(t *testing.T) {
				server := start(t)
				run(t, server, sandbox.DefaultAccountID).want(t, 0, ids(server, 0, count), "")
				if got := server.ActionRequests(); got != 9 {
					t.Errorf("%d requests for 9 pages", got)
				}
			})
			t.Run("filters by status", func(t *testing.T) {
				server := start(t)
				want := failed(server)
				if len(want) <= 50 || len(want) == count {
					t.Fatalf("%d of %d have failed: that fits on a page, or needs no filter", len(want), count)
				}
				run(t, server, sandbox.DefaultAccountID, "status eq 'FAILED'").want(t, 0, want, "")
			})
			t.Run("goes where the link leads", func(t *testing.T) {
				server := start(t)
				server.Fail(sandbox.Fault{Rewrite: replace("page=2", "page=9")})
				run(t, server, sandbox.DefaultAccountID).
					want(t, 0, append(ids(server, 0, 50), ids(server, 400, count)...), "")
			})
			t.Run("gets a typed 403", func(t *testing.T) {
				run(t, start(t), forbiddenAccountID).
					want(t, 1, nil, "403 3110002: The access token lacks a required scope.\n")
			})
			t.Run("survives a refusal without JSON", func(t *testing.T) {
				server := start(t)
				server.Fail(sandbox.Fault{Status: http.StatusBadGateway, Body: "<html>Bad gateway</html>"})
				run(t, server, sandbox.DefaultAccountID).want(t, 1, nil, "502\n")
			})
			t.Run("keeps the token from other origins", func(t *testing.T) {
				server, elsewhere := start(t), start(t)
				server.Fail(sandbox.Fault{Rewrite: replace(server.URL, elsewhere.URL)})
				run(t, server, sandbox.DefaultAccountID).want(t, 1, ids(server, 0, 50),
					"the next link leads to "+elsewhere.URL+": the token stays here\n")
				if here, there := len(server.Requests()), len(elsewhere.Requests()); here != 2 || there != 0 {
					t.Errorf("%d requests here and %d elsewhere, want 2 (for a token and a page) and none", here, there)
				}
			})
			if proof.suite != nil {
				t.Run("passes tests in its own framework", func(t *testing.T) {
					got := execute(t, proof.name, variables, proof.suite(t)...)
					if got.exitCode != 0 {
						t.Errorf("exit code %d\n%s\n%s", got.exitCode, got.stdout, got.stderr)
					}
				})
			}
			t.Run("meets a status of tomorrow", func(t *testing.T) { proof.meetTomorrow(t, command) })
		})
	}
}

// start runs a sandbox whose credentials come out wrong unless they are
// form-urlencoded before they are joined.
func start(t *testing.T) *sandbox.Server {
	t.Helper()
	server := sandbox.Start(t,
		sandbox.WithClient("acme: client", "100% s/e+c=r:e&t é"),
		sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, count),
		sandbox.WithForbiddenAccount(forbiddenAccountID))
	t.Cleanup(func() {
		for _, violation := range server.Violations() {
			t.Error(violation)
		}
	})
	return server
}

// oldestFirst are the actions in the order that the programs ask for.
func oldestFirst(server *sandbox.Server) []gen.ContractAction {
	actions := server.Actions(sandbox.DefaultAccountID)
	slices.Reverse(actions)
	return actions
}

func ids(server *sandbox.Server, from, to int) []string {
	var ids []string
	for _, action := range oldestFirst(server)[from:to] {
		ids = append(ids, action.ID)
	}
	return ids
}

// failed are the ids of the actions that a filter for FAILED leaves.
func failed(server *sandbox.Server) []string {
	var ids []string
	for _, action := range oldestFirst(server) {
		if action.Status == gen.ContractActionStatusFAILED {
			ids = append(ids, action.ID)
		}
	}
	return ids
}

func replace(old, replacement string) func([]byte) []byte {
	return func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(old), []byte(replacement))
	}
}

func environment(server *sandbox.Server) []string {
	return []string{
		"TALKDESK_BASE_URL=" + server.URL,
		"TALKDESK_TOKEN_URL=" + server.TokenURL,
		"TALKDESK_CLIENT_ID=" + server.ClientID,
		"TALKDESK_CLIENT_SECRET=" + server.ClientSecret,
		// Otherwise a proxy of the machine's may be asked for the sandbox.
		"NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
	}
}

// build generates the client from a document and compiles the program.
func build(t *testing.T, name, document string) {
	t.Helper()
	for _, leftover := range []string{"generated", "build"} {
		if err := os.RemoveAll(name + "/" + leftover); err != nil {
			t.Fatal(err)
		}
	}
	runScript(t, "build:"+name, "DOCUMENT="+document)
}

// runScript runs one of the scripts of package.json.
func runScript(t *testing.T, name string, environment ...string) {
	t.Helper()
	requireProgram(t, "npm", "Node 20.19 or newer")
	if _, err := os.Stat("node_modules"); err != nil {
		t.Fatal("the generators are not installed: run npm ci in test/clients")
	}
	command := exec.CommandContext(t.Context(), "npm", "run", "--silent", name)
	command.Env = append(os.Environ(), environment...)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, output)
	}
}

type result struct {
	exitCode       int
	stdout, stderr string
}

func execute(t *testing.T, directory string, environment []string, arguments ...string) result {
	t.Helper()
	var stdout, stderr strings.Builder
	command := exec.CommandContext(t.Context(), arguments[0], arguments[1:]...)
	command.Dir = directory
	command.Env = append(os.Environ(), environment...)
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return result{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func (r result) want(t *testing.T, exitCode int, lines []string, stderr string) {
	t.Helper()
	if r.exitCode != exitCode || r.stderr != stderr {
		t.Errorf("exit code %d, stderr %q; want %d, %q", r.exitCode, r.stderr, exitCode, stderr)
	}
	if got := strings.Fields(r.stdout); strings.Join(got, " ") != strings.Join(lines, " ") {
		t.Errorf("printed %d ids, want %d:\n%q", len(got), len(lines), got)
	}
}

// What these generators write, a program would only repeat.
func TestGeneratedCodeCompiles(t *testing.T) {
	for _, name := range []string{"openapi-typescript-codegen", "k6"} {
		t.Run(name, func(t *testing.T) {
			nodeAndJava(t)
			t.Cleanup(func() { _ = os.RemoveAll(name) })
			build(t, name, "../../openapi.yaml")
		})
	}
}

// The first thing that a TypeScript team tries is in docs/languages.md.
func TestFourCommands(t *testing.T) {
	requireProgram(t, "npm", "Node 20.19 or newer")
	block := blocks(t, "sh four-commands")[0]
	documents := httptest.NewServer(http.FileServer(http.Dir("../..")))
	defer documents.Close()
	commands := strings.ReplaceAll(block, "http://127.0.0.1:8080", documents.URL)
	if !strings.Contains(commands, documents.URL+"/openapi.yaml") {
		t.Fatal("the commands do not read the served document")
	}

	server := start(t)
	got := execute(t, t.TempDir(), environment(server), "sh", "-e", "-c", commands)
	if got.exitCode != 0 {
		t.Fatalf("exit code %d\n%s\n%s", got.exitCode, got.stdout, got.stderr)
	}
	for _, action := range server.Actions(sandbox.DefaultAccountID) {
		line := fmt.Sprintln(action.ID, action.ActionType, action.Status)
		if strings.Count(got.stdout, line) != 1 {
			t.Errorf("%q is not printed once", line)
		}
	}
}

// The other starts on that page find their generators here, in node_modules,
// and write a client.
func TestStarts(t *testing.T) {
	variables := serve(t)
	base := variable(t, variables, "TALKDESK_BASE_URL")
	path := filepath.Dir(variable(t, variables, "CONTRACTACTIONS")) + string(os.PathListSeparator) + os.Getenv("PATH")
	for _, block := range blocks(t, "sh start") {
		generator := regexp.MustCompile(`[\w./@-]+@v?\d[\w.-]*`).FindAllString(block, -1)
		t.Run(generator[len(generator)-1], func(t *testing.T) {
			folder, err := os.MkdirTemp(".", "start-")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.RemoveAll(folder) })
			commands := strings.ReplaceAll(block, "http://127.0.0.1:8080", base)
			if got := execute(t, folder, append(variables, "PATH="+path), "sh", "-e", "-c", commands); got.exitCode != 0 {
				t.Fatalf("exit code %d\n%s\n%s", got.exitCode, got.stdout, got.stderr)
			}
			if written, err := os.ReadDir(folder + "/generated"); err != nil || len(written) == 0 {
				t.Errorf("it writes %d files to generated/: %v", len(written), err)
			}
		})
	}
}

// variable returns the value of NAME in lines of NAME=value.
func variable(t *testing.T, variables []string, name string) string {
	t.Helper()
	for _, variable := range variables {
		if value, found := strings.CutPrefix(variable, name+"="); found {
			return value
		}
	}
	t.Fatalf("no variable %s", name)
	return ""
}

// The excerpts in docs/languages.md are taken from the programs.
func TestExcerpts(t *testing.T) {
	for language, pattern := range map[string]string{
		"ts": "*/list-actions.ts", "python": "*/list_actions.py", "java": "*/ListActions.java", "csharp": "*/ListActions.cs",
	} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		var programs strings.Builder
		for _, file := range files {
			program, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			programs.WriteString(withoutIndentation(string(program)))
		}
		for _, block := range blocks(t, language) {
			if !strings.Contains(programs.String(), withoutIndentation(block)) {
				t.Errorf("no %s contains this:\n%s", pattern, block)
			}
		}
	}
}

// blocks returns the code blocks of docs/languages.md with an info string.
func blocks(t *testing.T, info string) []string {
	t.Helper()
	page, err := os.ReadFile("../../docs/languages.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, match := range regexp.MustCompile("(?ms)^```"+info+"\n(.*?)^```$").FindAllSubmatch(page, -1) {
		blocks = append(blocks, string(match[1]))
	}
	if len(blocks) == 0 {
		t.Fatalf("docs/languages.md has no block %q", info)
	}
	return blocks
}

func withoutIndentation(text string) string {
	var lines strings.Builder
	for line := range strings.Lines(text) {
		lines.WriteString(strings.TrimLeft(line, " "))
	}
	return lines.String()
}

// Where packages come from is each machine's own choice.
func TestLockfileNamesNoRegistry(t *testing.T) {
	file, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lockfile struct {
		Packages map[string]struct{ Resolved string }
	}
	if err := json.Unmarshal(file, &lockfile); err != nil {
		t.Fatal(err)
	}
	for name, locked := range lockfile.Packages {
		if locked.Resolved != "" {
			t.Errorf("%s is resolved to %s", name, locked.Resolved)
		}
	}
}
