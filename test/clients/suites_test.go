//go:build languages

package clients

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Teams write the tests of their clients in their own language, and drive a
// running sandbox through its control API. Each function returns the command
// that runs such a suite.

func unittest(t *testing.T) []string {
	requireProgram(t, "openssl", "openssl")
	return []string{"python3", "-B", "-m", "unittest", "test_sandbox"}
}

func nodeTest(*testing.T) []string {
	return []string{"node", "--test", "build/sandbox.test.js"}
}

func junit(t *testing.T) []string {
	runScript(t, "build:java-suite")
	return []string{"sh", "-c", `exec java -cp "build:${JUNIT:-/usr/share/java}/*" org.junit.platform.console.ConsoleLauncher ` +
		"--disable-banner --disable-ansi-colors --fail-if-no-tests --select-class SandboxTest"}
}

// serve runs one sandbox for all suites, which accepts a secret and a key, and
// returns its variables.
func serve(t *testing.T) []string {
	t.Helper()
	folder := t.TempDir()
	name := filepath.Join(folder, "contractactions")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", name, "../../cmd/contractactions").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	command := exec.CommandContext(t.Context(), name, "serve", "--quiet", "--addr", "127.0.0.1:0", "--control", "127.0.0.1:0",
		"--client-secret", "s3cr3t", "--key-file", filepath.Join(folder, "key.txt"))
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Wait() }) // the end of the test's context has killed it

	variables := []string{"CONTRACTACTIONS=" + name, "TALKDESK_CLIENT_SECRET=s3cr3t", "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1"}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		variable, _ := strings.CutPrefix(lines.Text(), "export ")
		variables = append(variables, strings.ReplaceAll(variable, "'", ""))
		// The last variable: the sandbox listens.
		if strings.HasPrefix(variable, "SANDBOX_CONTROL_TOKEN=") {
			return variables
		}
	}
	t.Fatal("the sandbox did not start")
	return nil
}
