package wrapper_test

import (
	"os"
	"os/exec"
	"testing"
)

// childVariable says to one of this package's tests that it runs in a process
// of its own. What only another process can show, such as being killed or
// being started with other variables, is tested so.
const childVariable = "CONTRACTACTIONS_CHILD"

// child returns a process that runs one test of this package, by its name, with
// further variables. It does not outlive the test that started it.
func child(t *testing.T, name string, variables ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), must(os.Executable()), "-test.run=^"+name+"$", "-test.count=1")
	command.Env = append(append(os.Environ(), childVariable+"="+name), variables...)
	return command
}

// onlyInChild skips a test that is the work of a child.
func onlyInChild(t *testing.T) {
	t.Helper()
	if os.Getenv(childVariable) != t.Name() {
		t.Skip("only in a process that another test starts")
	}
}
