package serve_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

func TestServeWritesAnEnvFileWhileItListens(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sandbox.env")
	for _, secret := range []string{"s3cr3t", "it's \"$HOME\" `a` \\ # b"} {
		sandbox := startServe(t, "--env-file", file, "--client-secret", secret, "--actions", "3")
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 && runtime.GOOS != "windows" {
			t.Errorf("the mode is %o", mode)
		}
		if quoted := strings.Contains(acceptance.ReadFile(t, file), `"`); quoted != strings.Contains(secret, " ") {
			t.Error(acceptance.ReadFile(t, file))
		}
		for how, script := range map[string]string{"evaluated": `eval "$1"`, "sourced": `. "$2"`} {
			if sh, err := exec.LookPath("sh"); err == nil {
				shell := exec.CommandContext(t.Context(), sh, "-ec", script+`; printf %s "$TALKDESK_CLIENT_SECRET"`, "sh", sandbox.printed, file)
				if output, err := shell.CombinedOutput(); err != nil || string(output) != secret {
					t.Errorf("%s: %q, %v", how, output, err)
				}
			}
		}
		acceptance.SetEnvironment(t, nil)
		if output := acceptance.Succeed(t, "list", accountID, "--env-file", file); !strings.Contains(output, "\n3 contract actions") {
			t.Error(output)
		}
		sandbox.end()
		if _, err := os.Stat(file); !os.IsNotExist(err) {
			t.Errorf("after the end: %v", err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestServeReplacesOnlyItsOwnEnvFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sandbox.env")
	first := startServe(t, "--env-file", file)
	second := startServe(t, "--env-file", file) // as after kill -9
	if text := acceptance.ReadFile(t, file); !strings.Contains(text, second.address()) {
		t.Error(text)
	}
	first.end()
	if text := acceptance.ReadFile(t, file); !strings.Contains(text, second.address()) {
		t.Error(text)
	}
	second.end()

	other := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Dir(file), other); err == nil { // not every system permits it
		key := filepath.Join(other, filepath.Base(file))
		result := acceptance.Call(t, "serve", "--addr", "127.0.0.1:0", "--env-file", file, "--key-file", key)
		if text := acceptance.ReadFile(t, key); result.Code != exit.Usage || strings.Contains(text, "TALKDESK") {
			t.Errorf("%+v, the key file has\n%s", result, text)
		}
	}
	writeText(t, file, "TALKDESK_CLIENT_SECRET=real\n")
	result := acceptance.Call(t, "serve", "--addr", "127.0.0.1:0", "--env-file", file)
	if result.Code != exit.Usage || result.Stdout != "" {
		t.Errorf("exit code %d, stdout %q", result.Code, result.Stdout)
	}
	acceptance.IsOneError(t, result.Stderr, "--env-file: "+file+" exists and was not written by serve")
	clitest.Compare(t, acceptance.ReadFile(t, file), "TALKDESK_CLIENT_SECRET=real\n")
}

func writeText(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestServeHasAKeyFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key.txt")
	var key string
	for range 2 { // written, and read
		sandbox := startServe(t, "--key-file", file, "--client-id", "me")
		if _, found := sandbox.variables["TALKDESK_CLIENT_SECRET"]; found || sandbox.variables["TALKDESK_PRIVATE_KEY_FILE"] != file {
			t.Errorf("variables %q", sandbox.variables)
		}
		sandbox.paste()
		if output := acceptance.Succeed(t, "list", accountID); !strings.Contains(output, "\n425 contract actions") {
			t.Error(output)
		}
		sandbox.end()
		written := acceptance.ReadFile(t, file)
		if key != "" && written != key {
			t.Error("the key has changed")
		}
		key = written
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("the mode is %v (%v)", info.Mode(), err)
	}
	if runtime.GOOS != "windows" {
		if err := os.Chmod(file, 0o644); err != nil {
			t.Fatal(err)
		}
		result := acceptance.Call(t, "serve", "--addr", "127.0.0.1:0", "--key-file", file)
		if result.Code != exit.Usage {
			t.Errorf("exit code %d", result.Code)
		}
		acceptance.IsOneError(t, result.Stderr, "--key-file: "+file+" contains a secret, and others can read or change it (mode 0644): run chmod 600 ")
	}
	for name, text := range map[string]string{"garbage": "x", "half of a key": key[:60], "empty": ""} {
		writeText(t, file, text)
		result := acceptance.Call(t, "serve", "--addr", "127.0.0.1:0", "--key-file", file)
		if result.Code != exit.Usage || acceptance.ReadFile(t, file) != text {
			t.Errorf("%s: exit code %d", name, result.Code)
		}
		acceptance.IsOneError(t, result.Stderr, "--key-file: "+file+" is not a key that serve has written")
	}
}

// A page on a different origin asks first whether it may send credentials.
func TestServeAllowsOrigins(t *testing.T) {
	const ours, theirs = "http://localhost:5173", "https://elsewhere.example.test"
	for _, test := range []struct {
		arguments      []string
		origin, answer string
	}{
		{nil, ours, ""},
		{[]string{"--cors", "any"}, ours, "*"},
		{[]string{"--cors", theirs + "," + ours}, ours, ours},
		{[]string{"--cors", theirs, "--cors", ours}, theirs, theirs},
		{[]string{"--cors", ours}, theirs, ""},
	} {
		sandbox := startServe(t, test.arguments...)
		for _, request := range []struct{ method, path, asked string }{
			{http.MethodOptions, "/express/accounts", "GET"},
			{http.MethodOptions, "/oauth/token", "POST"},
			{http.MethodGet, "/express/accounts", ""},
			{http.MethodPost, "/oauth/token", ""},
		} {
			header := http.Header{"Origin": {test.origin}}
			if request.asked != "" {
				header.Set("Access-Control-Request-Method", request.asked)
				header.Set("Access-Control-Request-Headers", "authorization,x-custom")
			}
			response := ask(t, request.method, sandbox.address()+request.path, header)
			if got := response.Header.Get("Access-Control-Allow-Origin"); got != test.answer {
				t.Errorf("%q: %s %s from %s: allowed %q, want %q", test.arguments, request.method, request.path, test.origin, got, test.answer)
			}
			isPreflight := request.asked != "" && test.answer != ""
			if got := response.Header.Get("Access-Control-Allow-Headers"); strings.Contains(got, "authorization") != isPreflight {
				t.Errorf("%q: %s %s: allowed headers %q", test.arguments, request.method, request.path, got)
			}
		}
		sandbox.end()
	}
}

func ask(t *testing.T, method, address string, header http.Header) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response
}

func TestServeHasRecentData(t *testing.T) {
	sandbox := startServe(t, "--until", "today")
	sandbox.paste()
	output := acceptance.Succeed(t, "list", accountID, "--since", "7d", "-o", "ndjson")
	if lines := strings.Count(output, "\n"); lines < 20 || lines > 100 {
		t.Errorf("%d contract actions of the last week", lines)
	}
	sandbox.end()

	sandbox = startServe(t, "--until", "2026-03-31T12:00:00+02:00")
	sandbox.paste()
	output = acceptance.Succeed(t, "list", accountID, "--sort", "-updated_at", "--fields", "updated_at", "-o", "csv")
	if newest := strings.Split(output, "\n")[1]; !strings.HasPrefix(newest, "2026-03-31T10:00:00") && !strings.HasPrefix(newest, "2026-03-31T09:59:59") {
		t.Errorf("the newest is of %s", newest)
	}
	sandbox.end()
}

func TestServeDelaysAndEndsTokensEarly(t *testing.T) {
	sandbox := startServe(t, "--latency", "30ms", "--token-lifetime", "90s")
	defer sandbox.end()
	sandbox.paste()
	started := time.Now()
	if output := acceptance.Succeed(t, "auth", "test"); !strings.Contains(output, "1m30s") && !strings.Contains(output, "1m29s") {
		t.Error(output)
	}
	if took := time.Since(started); took < 30*time.Millisecond {
		t.Errorf("a token took %s", took)
	}
}

const scenarioText = `
clients:
  - {id: reader, secret: reader-secret, scopes: ['express-accounts-contracts-actions:read']}
  - {id: other, secret: other-secret, scopes: ['express-accounts:read']}
accounts:
  - id: acme
    generated: 2
    actions:
      - {id: "1", age: 1h, timeline: [{after: 1ms, status: IN_PROGRESS}, {after: 2ms, status: FAILED, status_message: Not today.}]}
  - id: broken
    response: {status: 418, body: "I am a teapot"}
faults:
  - {endpoint: token, status: 503}
  - {status: 429}
  - {cut_after: 10}
`

func TestServeAScenario(t *testing.T) {
	file := filepath.Join(t.TempDir(), "scenario.yaml")
	writeText(t, file, scenarioText)
	sandbox := startServe(t, "--scenario", file)
	sandbox.paste()
	for _, test := range []struct {
		arguments string
		code      int
		want      string // in stdout or stderr
	}{
		{"list acme", exit.Failure, "503 Service Unavailable"},
		{"list acme", exit.Failure, "429 Too Many Requests: 0012001"},
		{"list acme", exit.Failure, "unexpected EOF"},
		{"list acme", exit.Done, "\n3 contract actions on 1 page: "},
		{"wait acme 1 --interval 1s", exit.ActionFailed, "Not today."},
		{"list broken", exit.Failure, "418 I'm a teapot"},
		{"list 000000000000000000000403", exit.Refused, "403 Forbidden: 3110002"},
		{"list " + accountID, exit.Refused, "404 Not Found: 3110006"},
		{"auth test acme", exit.Done, ""},
	} {
		result := acceptance.Call(t, strings.Fields(test.arguments)...)
		if result.Code != test.code || !strings.Contains(result.Stdout+result.Stderr, test.want) {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q", test.arguments, result.Code, result.Stdout, result.Stderr)
		}
	}
	t.Setenv("TALKDESK_CLIENT_ID", "other")
	t.Setenv("TALKDESK_CLIENT_SECRET", "other-secret")
	if result := acceptance.Call(t, "list", "acme"); result.Code != exit.Refused || !strings.Contains(result.Stderr, "403 Forbidden: 3110002") {
		t.Errorf("a client without the scope: exit code %d, stderr %q", result.Code, result.Stderr)
	}
	if _, stderr := sandbox.end(); !strings.Contains(stderr, "contractactions list acme.") {
		t.Error(stderr)
	}
}

func TestServeReportsTheLineOfAScenario(t *testing.T) {
	file := filepath.Join(t.TempDir(), "scenario.yaml")
	writeText(t, file, "accounts:\n  - id: acme\n    acctions: []\n")
	result := acceptance.Call(t, "serve", "--addr", "127.0.0.1:0", "--scenario", file)
	if result.Code != exit.Usage {
		t.Errorf("exit code %d", result.Code)
	}
	acceptance.IsOneError(t, result.Stderr, "--scenario: "+file+`: line 3: accounts[0]: unknown key "acctions"`)
}

func TestSchemaOfScenarios(t *testing.T) {
	if output := acceptance.Succeed(t, "schema", "scenario"); !strings.HasPrefix(output, "{\n") || !strings.Contains(output, `"timeline"`) {
		t.Error(output)
	}
}

func TestServeHasAControl(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sandbox.env")
	sandbox := startServe(t, "--control", "127.0.0.1:0", "--env-file", file, "--actions", "3")
	defer sandbox.end()
	sandbox.paste()
	address, token := sandbox.variables["SANDBOX_CONTROL_URL"], sandbox.variables["SANDBOX_CONTROL_TOKEN"]
	if text := acceptance.ReadFile(t, file); !strings.HasPrefix(address, "http://127.0.0.1:") || !strings.Contains(text, "SANDBOX_CONTROL_URL="+address+"\n") {
		t.Errorf("address %q, file\n%s", address, text)
	}
	acceptance.Succeed(t, "list", accountID, "--env-file", file) // which has more variables than it needs
	order := func(token, method, path string) int {
		t.Helper()
		return ask(t, method, address+path, http.Header{"Authorization": {"Bearer " + token}}).StatusCode
	}
	if status := order("wrong", http.MethodPost, "/reset"); status != http.StatusUnauthorized {
		t.Errorf("without the token: status %d", status)
	}
	for _, path := range []string{"/requests", "/openapi.yaml"} {
		if status := order(token, http.MethodGet, path); status != http.StatusOK {
			t.Errorf("%s: status %d", path, status)
		}
	}
	if status := order(token, http.MethodPost, "/reset"); status != http.StatusNoContent {
		t.Errorf("reset: status %d", status)
	}
	acceptance.Succeed(t, "list", accountID)
	// The service itself has no control.
	if status, _ := fetch(t, sandbox.address()+"/requests"); status != http.StatusNotFound {
		t.Errorf("at the service: status %d", status)
	}
}

func TestServeHasNoControlUnlessAskedFor(t *testing.T) {
	sandbox := startServe(t)
	defer sandbox.end()
	if len(sandbox.variables) != 4 {
		t.Errorf("variables %q", sandbox.variables)
	}
}
