//go:build gates

package gates

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newRepository returns a Git repository that has one commit: the files of this
// working tree, as they are now. There the contract can be broken.
func newRepository(t *testing.T) string {
	t.Helper()
	repository := t.TempDir()
	files, failed := run(t, in("../..", "git", "ls-files", "--cached", "--others", "--exclude-standard"))
	if failed {
		t.Fatal(files)
	}
	for file := range strings.Lines(files) {
		file = strings.TrimSpace(file)
		if _, err := os.Stat(filepath.Join("../..", file)); err == nil { // not deleted
			copyFile(t, filepath.Join("../..", file), filepath.Join(repository, file))
		}
	}
	git(t, repository, "init", "--quiet")
	commit(t, repository)
	return repository
}

// withoutGitConfiguration makes commits nobody's: no name, hook or key of the
// developer takes part in them.
func withoutGitConfiguration() {
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL":   os.DevNull,
		"GIT_CONFIG_SYSTEM":   os.DevNull,
		"GIT_AUTHOR_NAME":     "gates",
		"GIT_AUTHOR_EMAIL":    "gates@example.com",
		"GIT_COMMITTER_NAME":  "gates",
		"GIT_COMMITTER_EMAIL": "gates@example.com",
	} {
		os.Setenv(name, value)
	}
}

func commit(t *testing.T, repository string) {
	t.Helper()
	git(t, repository, "add", "--all")
	git(t, repository, "commit", "--quiet", "--message", "A commit")
}

func git(t *testing.T, repository string, arguments ...string) {
	t.Helper()
	if output, failed := run(t, in(repository, "git", arguments...)); failed {
		t.Fatalf("git %v: %s", arguments, output)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	information, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, []byte(read(t, from)), information.Mode()); err != nil {
		t.Fatal(err)
	}
}

// edit replaces texts of a file: old, new, old, new... Each old one must be there.
func edit(t *testing.T, file string, oldnew ...string) {
	t.Helper()
	before := read(t, file)
	for i := 0; i < len(oldnew); i += 2 {
		if !strings.Contains(before, oldnew[i]) {
			t.Fatalf("%s no longer contains %q", file, oldnew[i])
		}
	}
	after := strings.NewReplacer(oldnew...).Replace(before)
	if err := os.WriteFile(file, []byte(after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
