//go:build languages

package clients

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Teams write the tests of their clients in their own language. These drive a
// sandbox that contractactions serve runs, through its control API.
func TestSuitesOfOtherLanguages(t *testing.T) {
	command := filepath.Join(t.TempDir(), "contractactions")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", command, "../../cmd/contractactions").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for name, test := range map[string]struct {
		folder string
		suite  []string
	}{
		"python": {"python", []string{"python3", "-B", "-m", "unittest", "test_sandbox"}},
	} {
		t.Run(name, func(t *testing.T) {
			requireProgram(t, test.suite[0], test.suite[0])
			suite := exec.CommandContext(t.Context(), test.suite[0], test.suite[1:]...)
			suite.Dir = test.folder
			suite.Env = append(os.Environ(), "CONTRACTACTIONS="+command, "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
			if output, err := suite.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
}
