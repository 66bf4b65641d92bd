package contractactions

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// The programs in the README are what people copy first.
func TestProgramsInTheREADMECompile(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	programs := regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllSubmatch(readme, -1)
	if len(programs) < 3 {
		t.Fatalf("found %d programs, want 3 or more", len(programs))
	}
	for _, program := range programs {
		file := filepath.Join(t.TempDir(), "readme.go")
		if err := os.WriteFile(file, program[1], 0o600); err != nil {
			t.Fatal(err)
		}
		if output, err := exec.Command("go", "vet", file).CombinedOutput(); err != nil {
			t.Errorf("go vet: %v\n%s\n%s", err, output, program[1])
		}
	}
}
