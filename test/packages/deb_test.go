//go:build packages

package packages

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const program = "/usr/bin/contractactions"

// testDebInstalls installs and uses the package on this machine, removes it,
// installs it again and purges it.
func testDebInstalls(t *testing.T, file string, files released) {
	if _, err := exec.LookPath("apt-get"); err != nil || os.Geteuid() != 0 {
		t.Skip("installing needs root on Debian")
	}
	if _, err := os.Lstat(program); err == nil {
		t.Skip("a package is installed here: " + program + " exists")
	}
	t.Cleanup(func() { _ = exec.Command("dpkg", "--purge", "contractactions").Run() }) // after a failure
	before := listing(t)
	for _, end := range []string{"remove", "purge"} {
		apt(t, "install", file)
		if added := difference(listing(t), before); !slices.Contains(added, program) {
			t.Errorf("the listings do not see %s among %q", program, added)
		}
		if end == "remove" {
			t.Run("demo", testDemo)
			t.Run("manual pages", testManualPages)
			t.Run("completion", func(t *testing.T) { testCompletion(t, files) })
		}
		apt(t, end, "contractactions")
		after := listing(t)
		if left, lost := difference(after, before), difference(before, after); len(left)+len(lost) > 0 {
			t.Errorf("%s leaves %q and removes %q", end, left, lost)
		}
		if output, err := exec.Command("dpkg-query", "--show", "contractactions").CombinedOutput(); err == nil {
			t.Errorf("after %s, dpkg still knows it: %s", end, output)
		}
	}
}

func testDemo(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("XDG_CONFIG_HOME", "")
	if demo := run(t, "/", program, "demo"); !strings.Contains(demo, "\n425 contract actions on 9 pages") {
		t.Errorf("demo printed %s", demo)
	}
	if version := run(t, "/", program, "version"); !strings.Contains(version, ", commit ") {
		t.Errorf("version printed %s", version)
	}
	if left, err := os.ReadDir(home); err != nil || len(left) > 0 {
		t.Errorf("demo left %v in the home directory, error %v", left, err)
	}
}

func apt(t *testing.T, arguments ...string) {
	t.Helper()
	t.Setenv("DEBIAN_FRONTEND", "noninteractive")
	run(t, "/", "apt-get", append([]string{"-qq", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"}, arguments...)...)
}

// listing returns all paths below the folders that packages write to, except logs
// and caches.
func listing(t *testing.T) map[string]bool {
	t.Helper()
	paths := make(map[string]bool)
	for _, folder := range []string{"/etc", "/opt", "/srv", "/usr", "/var"} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if slices.Contains([]string{"/var/log", "/var/cache", "/var/tmp"}, path) {
				return fs.SkipDir
			}
			paths[path] = true
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

// difference returns the paths of a that b lacks.
func difference(a, b map[string]bool) (paths []string) {
	for path := range a {
		if !b[path] {
			paths = append(paths, path)
		}
	}
	return paths
}

func testManualPages(t *testing.T) {
	pages := 0
	for path := range strings.Lines(run(t, "/", "dpkg", "-L", "contractactions")) {
		name, isPage := strings.CutSuffix(filepath.Base(strings.TrimSpace(path)), ".1.gz")
		if !isPage {
			continue
		}
		pages++
		command := exec.Command("man", "--warnings", "--pager=cat", name)
		command.Env = append(os.Environ(), "MANWIDTH=80", "LC_ALL=C.UTF-8", "MAN_KEEP_STDERR=1")
		var problems strings.Builder
		command.Stderr = &problems
		text, err := command.Output()
		for _, heading := range []string{"NAME", "DESCRIPTION"} {
			if !strings.Contains(string(text), heading+"\n") {
				t.Errorf("man %s has no heading %s", name, heading)
			}
		}
		if err != nil || problems.Len() > 0 {
			t.Errorf("man %s: %v, %s", name, err, problems.String())
		}
	}
	if pages < 10 {
		t.Errorf("%d manual pages", pages)
	}
}

// testCompletion completes as bash does, with the library that Debian's bash loads.
// The scripts of the other shells are compared with what the command prints.
func testCompletion(t *testing.T, files released) {
	for name, path := range map[string]string{
		"_contractactions":     "/usr/share/zsh/vendor-completions/_contractactions",
		"contractactions.fish": "/usr/share/fish/vendor_completions.d/contractactions.fish",
	} {
		if read(t, path) != files[name] {
			t.Errorf("%s is not what completion prints", path)
		}
	}
	library := "/usr/share/bash-completion/bash_completion"
	if _, err := os.Stat(library); err != nil {
		library = filepath.Join(borrow(t, "bash-completion"), library)
	}
	script := `
source "$1"
source /usr/share/bash-completion/completions/contractactions
COMP_LINE="$2" COMP_POINT=${#2}
read -ra COMP_WORDS <<< "$2"
[[ $2 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
__start_contractactions
printf '%s\n' "${COMPREPLY[@]}"`
	for line, want := range map[string]string{
		"contractactions serv":               "serve",
		"contractactions list --output ndj":  "ndjson",
		"contractactions list --status FAIL": "FAILED",
	} {
		if got := strings.TrimSpace(run(t, "/", "bash", "--norc", "-c", script, "bash", library, line)); got != want {
			t.Errorf("%q completes to %q, want %q", line, got, want)
		}
	}
}
