//go:build packages

// Package packages builds a release of the last commit with GoReleaser, as the
// workflow does, and uses what is in it: packages, archives, the cask and the
// manifest, the image. Nothing is published: the image goes to a registry on this
// machine, and cosign and syft are stand-ins that record their arguments.
package packages

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// goReleaser is its command line: that of the Makefile, or an installed one.
var goReleaser = strings.Fields(cmp.Or(os.Getenv("GORELEASER"), "goreleaser"))

// run runs a command in a folder and returns what it prints; it fails the test if
// the command fails.
func run(t *testing.T, folder, name string, arguments ...string) string {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Dir = folder
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(arguments, " "), err, &stdout, &stderr)
	}
	return stdout.String()
}

func write(t *testing.T, file, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// clone returns a clone of the last commit, with a tag.
func clone(t *testing.T) string {
	t.Helper()
	source, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	run(t, ".", "git", "clone", "--quiet", "--no-hardlinks", "--no-tags", source, folder)
	run(t, folder, "git", "tag", "v0.1.0")
	return folder
}

// standIns puts programs first into PATH that record their arguments in a file of
// their name. It returns their folder.
func standIns(t *testing.T, names ...string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range names {
		// The last argument of syft is NAME=FILE, and cosign has --bundle=FILE: both
		// have to exist afterwards.
		write(t, filepath.Join(folder, name), `#!/bin/sh
echo "$@" >> "$0.log"
for argument; do
  case $argument in --bundle=*|*-json=*) echo '{}' > "${argument#*=}" ;; esac
done
`, 0o755)
	}
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	return folder
}

// one returns the only file that matches.
func one(t *testing.T, folder, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: found %q, error %v", pattern, found, err)
	}
	return found[0]
}

func TestRelease(t *testing.T) {
	tools := standIns(t, "cosign", "syft")
	folder := clone(t)
	run(t, folder, goReleaser[0], append(slices.Clone(goReleaser[1:]), "release", "--clean", "--snapshot", "--skip=ko")...)
	dist := filepath.Join(folder, "dist")
	files := releasedFiles(t, folder)

	t.Run("deb", func(t *testing.T) { testDebInstalls(t, one(t, dist, "*_amd64.deb"), files) })
	t.Run("packages", func(t *testing.T) { testPackages(t, dist, files) })
	t.Run("archives", func(t *testing.T) { testArchives(t, dist, files) })
	t.Run("cask", func(t *testing.T) { testCask(t, dist, files) })
	t.Run("manifest of Scoop", func(t *testing.T) { testScoop(t, dist) })
	t.Run("checksums", func(t *testing.T) { testChecksums(t, folder) })
	t.Run("signature and SBOMs", func(t *testing.T) {
		if log := read(t, filepath.Join(tools, "cosign.log")); log != "sign-blob --bundle=dist/checksums.txt.sigstore.json --yes dist/checksums.txt\n" {
			t.Errorf("cosign was called with %q", log)
		}
		if calls := strings.Count(read(t, filepath.Join(tools, "syft.log")), "--output spdx-json="); calls != 12 {
			t.Errorf("syft was called for %d files, want 6 archives and 6 packages", calls)
		}
	})
}

// released are the files beside the program, by their names in release/.
type released map[string]string

func releasedFiles(t *testing.T, folder string) released {
	t.Helper()
	files := make(released)
	for _, pattern := range []string{"man/*.1", "completions/*"} {
		names, err := filepath.Glob(filepath.Join(folder, "release", pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %q, error %v", pattern, names, err)
		}
		for _, name := range names {
			files[filepath.Base(name)] = read(t, name)
		}
	}
	return files
}

// installed returns the paths that a package has, with its zsh completion in zsh.
func (r released) installed(zsh string) []string {
	paths := []string{"/usr/bin/contractactions"}
	for name := range r {
		switch filepath.Ext(name) {
		case ".1":
			paths = append(paths, "/usr/share/man/man1/"+name+".gz")
		case ".bash":
			paths = append(paths, "/usr/share/bash-completion/completions/contractactions")
		case ".fish":
			paths = append(paths, "/usr/share/fish/vendor_completions.d/"+name)
		case "":
			paths = append(paths, zsh+"/"+name)
		}
	}
	return paths
}

func testPackages(t *testing.T, dist string, files released) {
	bsdtar, err := exec.LookPath("bsdtar") // reads rpm too
	if err != nil {
		folder := borrow(t, "libarchive-tools", "libarchive13")
		bsdtar = filepath.Join(folder, "usr/bin/bsdtar")
		t.Setenv("LD_LIBRARY_PATH", filepath.Join(folder, "usr/lib/x86_64-linux-gnu"))
	}
	for _, test := range []struct{ pattern, zsh, license string }{
		{"*_amd64.deb", "/usr/share/zsh/vendor-completions", "/usr/share/doc/contractactions/copyright"},
		{"*_arm64.deb", "/usr/share/zsh/vendor-completions", "/usr/share/doc/contractactions/copyright"},
		{"*.x86_64.rpm", "/usr/share/zsh/site-functions", "/usr/share/licenses/contractactions/LICENSE"},
		{"*.aarch64.rpm", "/usr/share/zsh/site-functions", "/usr/share/licenses/contractactions/LICENSE"},
		{"*_x86_64.apk", "/usr/share/zsh/site-functions", "/usr/share/licenses/contractactions/LICENSE"},
		{"*_aarch64.apk", "/usr/share/zsh/site-functions", "/usr/share/licenses/contractactions/LICENSE"},
	} {
		file := one(t, dist, test.pattern)
		list := `"$0" -tf "$1"`
		if strings.HasSuffix(file, ".deb") {
			list = `dpkg-deb --fsys-tarfile "$1" | "$0" -tf -`
		}
		var paths []string
		for path := range strings.Lines(run(t, ".", "sh", "-c", list, bsdtar, file)) {
			path = "/" + strings.TrimLeft(strings.TrimSpace(path), "./")
			if !strings.HasSuffix(path, "/") && path != "/PKGINFO" {
				paths = append(paths, path)
			}
		}
		want := append(files.installed(test.zsh), test.license)
		slices.Sort(paths)
		slices.Sort(want)
		if !slices.Equal(paths, want) {
			t.Errorf("%s has\n%s\nwant\n%s", filepath.Base(file), strings.Join(paths, "\n"), strings.Join(want, "\n"))
		}
	}
}

func testArchives(t *testing.T, dist string, files released) {
	for _, pattern := range []string{"*_linux_amd64.tar.gz", "*_linux_arm64.tar.gz", "*_darwin_amd64.tar.gz", "*_darwin_arm64.tar.gz", "*_windows_amd64.zip", "*_windows_arm64.zip"} {
		file := one(t, dist, pattern)
		program, list := "contractactions", []string{"tar", "-tzf", file}
		if strings.HasSuffix(file, ".zip") {
			program, list = "contractactions.exe", []string{"unzip", "-Z1", file}
		}
		want := []string{program, "LICENSE", "README.md", "CHANGELOG.md"}
		for name := range files {
			want = append(want, map[bool]string{true: "man/man1/", false: "completions/"}[filepath.Ext(name) == ".1"]+name)
		}
		names := strings.Fields(run(t, ".", list[0], list[1:]...))
		slices.Sort(names)
		slices.Sort(want)
		if !slices.Equal(names, want) {
			t.Errorf("%s has %q, want %q", filepath.Base(file), names, want)
		}
	}
}

func testCask(t *testing.T, dist string, files released) {
	cask := read(t, filepath.Join(dist, "homebrew/Casks/contractactions.rb"))
	want := []string{
		`binary "contractactions"`, `bash_completion "completions/contractactions.bash"`,
		`zsh_completion "completions/_contractactions"`, `fish_completion "completions/contractactions.fish"`,
	}
	for name := range files {
		if filepath.Ext(name) == ".1" {
			want = append(want, `manpage "man/man1/`+name+`"`)
		}
	}
	for _, line := range want {
		if !strings.Contains(cask, line+"\n") {
			t.Errorf("the cask has no line %s", line)
		}
	}
	sums := checksums(t, dist)
	found := regexp.MustCompile(`url "([^"]*)"\s+sha256 "([^"]*)"`).FindAllStringSubmatch(cask, -1)
	for _, match := range found {
		name := strings.ReplaceAll(match[1][strings.LastIndex(match[1], "/")+1:], "#{version}", regexp.MustCompile(`version "(.*)"`).FindStringSubmatch(cask)[1])
		if sums[name] != match[2] {
			t.Errorf("%s: sha256 %s, want %q", name, match[2], sums[name])
		}
	}
	if len(found) != 4 {
		t.Errorf("%d archives, want those of macOS and Linux", len(found))
	}
}

func testScoop(t *testing.T, dist string) {
	var manifest struct {
		Architecture map[string]struct {
			URL, Hash string
			Bin       []string
		}
	}
	if err := json.Unmarshal([]byte(read(t, filepath.Join(dist, "scoop/bucket/contractactions.json"))), &manifest); err != nil {
		t.Fatal(err)
	}
	sums := checksums(t, dist)
	for _, architecture := range []string{"64bit", "arm64"} {
		it := manifest.Architecture[architecture]
		if sums[filepath.Base(it.URL)] != it.Hash || !slices.Equal(it.Bin, []string{"contractactions.exe"}) {
			t.Errorf("%s: %+v", architecture, it)
		}
	}
}

func checksums(t *testing.T, dist string) map[string]string {
	t.Helper()
	sums := make(map[string]string)
	for line := range strings.Lines(read(t, filepath.Join(dist, "checksums.txt"))) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		sums[name] = sum
	}
	return sums
}

// The documents are files of the release: their checksums are signed with the others.
func testChecksums(t *testing.T, folder string) {
	sums := checksums(t, filepath.Join(folder, "dist"))
	for _, arguments := range [][]string{
		{"openapi", ""}, {"openapi-open", "--open-enums"}, {"sandbox", "--sandbox=http://127.0.0.1:8080"},
	} {
		for _, format := range []string{"yaml", "json"} {
			name := arguments[0] + "." + format
			printed := run(t, folder, "sh", "-c", `bin/contractactions spec -o `+format+` `+arguments[1])
			if sum := fmt.Sprintf("%x", sha256.Sum256([]byte(printed))); sums[name] != sum {
				t.Errorf("the checksum of %s is %q, want %s, that of what spec prints", name, sums[name], sum)
			}
		}
	}
}

// borrow unpacks Debian packages into a folder of the test: nothing is installed.
func borrow(t *testing.T, names ...string) string {
	t.Helper()
	if _, err := exec.LookPath("apt-get"); err != nil {
		t.Skip("needs apt-get, of Debian")
	}
	folder := t.TempDir()
	run(t, folder, "apt-get", append([]string{"download", "-qq"}, names...)...)
	packages, err := filepath.Glob(filepath.Join(folder, "*.deb"))
	if err != nil || len(packages) != len(names) {
		t.Fatalf("downloaded %q, error %v", packages, err)
	}
	for _, file := range packages {
		run(t, folder, "dpkg-deb", "-x", file, folder)
	}
	return folder
}
