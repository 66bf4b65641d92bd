//go:build gates

package gates

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	renameOperation = []string{"listContractActions", "listActions"}
	addEnumValue    = []string{
		"        | `CANCELTDE` | a cancellation |\n", "        | `CANCELTDE` | a cancellation |\n        | `PAUSETDE` | a pause |\n",
		"        - CANCELTDE\n", "        - CANCELTDE\n        - PAUSETDE\n",
		"        - A cancellation.\n", "        - A cancellation.\n        - A pause.\n",
	}
	// Nothing but tests calls it: the rest of the module still compiles.
	renameFunction = []string{"func (s *Server) Violations()", "func (s *Server) Problems()"}
	addFunction    = []string{"//go:embed openapi.yaml\n", "func Size() int { return len(document) }\n\n//go:embed openapi.yaml\n"}
)

func TestOnlyARisenVersionMayBreak(t *testing.T) {
	tests := []struct {
		name     string
		what     string
		file     string
		edit     []string
		old, new string
		stopped  bool
	}{
		{"the same version", "contract", "openapi.yaml", renameOperation, "0.1.0", "0.1.0", true},
		{"a patch before 1.0.0", "contract", "openapi.yaml", renameOperation, "0.1.0", "0.1.1", true},
		{"a minor before 1.0.0", "contract", "openapi.yaml", renameOperation, "0.9.0", "0.10.0", false},
		{"1.0.0", "contract", "openapi.yaml", renameOperation, "0.1.0", "1.0.0", false},
		{"a minor after 1.0.0", "contract", "openapi.yaml", renameOperation, "1.4.0", "1.5.0", true},
		{"a major after 1.0.0", "contract", "openapi.yaml", renameOperation, "1.4.0", "2.0.0", false},
		{"a version that goes back", "contract", "openapi.yaml", renameOperation, "1.4.0", "0.5.0", true},
		{"an addition needs no version", "contract", "openapi.yaml", addEnumValue, "0.1.0", "0.1.0", false},

		{"Go: the same version", "go", "api/sandbox/contract.go", renameFunction, "0.1.0", "0.1.0", true},
		{"Go: a minor before 1.0.0", "go", "api/sandbox/contract.go", renameFunction, "0.1.0", "0.2.0", false},
		{"Go: an addition needs no version", "go", "generate.go", addFunction, "0.1.0", "0.1.0", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			repository := newRepository(t)
			setVersion(t, repository, test.old)
			git(t, repository, "commit", "--quiet", "--all", "--allow-empty", "--message", "The version to compare with")
			setVersion(t, repository, test.new)
			edit(t, filepath.Join(repository, test.file), test.edit...)

			output, stopped := run(t, in(repository, "test/gates/compare", test.what, "HEAD"))
			if stopped != test.stopped {
				t.Errorf("stopped: %t, want %t\n%s", stopped, test.stopped, output)
			}
			t.Log(output)
		})
	}
}

func TestBaseIsTheNewestTag(t *testing.T) {
	repository := newRepository(t)
	expect := func(want string) {
		t.Helper()
		output, failed := run(t, in(repository, "test/gates/compare", "contract"))
		if failed || !strings.Contains(output, want) {
			t.Errorf("want %q:\n%s", want, output)
		}
	}
	expect("there is no tag v*")

	git(t, repository, "tag", "v0.1.0")
	git(t, repository, "commit", "--quiet", "--allow-empty", "--message", "After the release")
	expect("nothing breaks what v0.1.0 promised")
}

func TestAnUnknownBaseIsAnError(t *testing.T) {
	output, failed := run(t, in(newRepository(t), "test/gates/compare", "contract", "v9.9.9"))
	if !failed || !strings.Contains(output, "v9.9.9 is not a revision") {
		t.Errorf("failed: %t\n%s", failed, output)
	}
}

func TestTheChangelogNamesEveryKindOfChange(t *testing.T) {
	repository := newRepository(t)
	edit(t, filepath.Join(repository, "openapi.yaml"), append(addEnumValue, renameOperation...)...)

	output, failed := run(t, in(repository, "test/gates/compare", "changelog", "HEAD"))
	if failed || !strings.Contains(output, "`PAUSETDE`") || !strings.Contains(output, "`listActions`") {
		t.Errorf("failed: %t\n%s", failed, output)
	}
}

func setVersion(t *testing.T, repository, version string) {
	t.Helper()
	contract := filepath.Join(repository, "openapi.yaml")
	line := regexp.MustCompile(`(?m)^  version: .*$`)
	edited := line.ReplaceAllString(read(t, contract), "  version: "+version)
	if err := os.WriteFile(contract, []byte(edited), 0o644); err != nil {
		t.Fatal(err)
	}
}
