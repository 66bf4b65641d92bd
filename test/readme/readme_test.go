//go:build readme

// Package readme follows README.md and the pages of docs/ as a reader does: on
// a new machine, from top to bottom, every command as it is written.
//
// The info string of a code block says what the reader does with it:
//
//	sh             types it into the terminal
//	sh serve       types it into a second terminal, and pastes the variables
//	               that it prints into the first
//	sh exit=N      types it; the last command exits with N
//	go FILE        saves it as FILE
//	text output    compares it with what the last command printed; a line ...
//	               stands for any lines
//
// Blocks in other languages are not run here, and neither are shell blocks with
// the words in notRun.
package readme

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

const root = "../.."

var notRun = map[string]string{
	"service":       "needs the real service",
	"slow":          "takes minutes",
	"four-commands": "test/clients runs it",
	"start":         "test/clients runs it",
	"list":          "test/recipes runs it",
}

func TestPages(t *testing.T) {
	machine := newMachine(t)
	readme := parse(t, "README.md")
	if !t.Run("README.md", func(t *testing.T) { machine.follow(t, "", readme) }) {
		return
	}
	serve := readme[slices.IndexFunc(readme, func(b block) bool { return b.info == "sh serve" })]
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range pages {
		page := filepath.Join("docs", filepath.Base(file))
		blocks := parse(t, page)
		if slices.ContainsFunc(blocks, block.runs) {
			t.Run(page, func(t *testing.T) { machine.follow(t, afterREADME(t, serve, blocks), blocks) })
		}
	}
}

// afterREADME is what a reader of a page has done before: the command is
// installed, the sandbox runs, and the terminal is in the folder that the page
// works on: that of the README's program for Go files, otherwise the clone.
func afterREADME(t *testing.T, serve block, blocks []block) string {
	folder := "contractactions"
	if slices.ContainsFunc(blocks, func(b block) bool { return b.file() != "" }) {
		folder = "example"
	}
	return fmt.Sprintf("cd contractactions\nexport PATH=\"$(go env GOPATH)/bin:$PATH\"\n%scd ../%s\n", script(t, serve), folder)
}

// block is a code block of a page.
type block struct {
	page string
	line int
	info string // the words behind the opening backquotes
	text string
}

func (b block) String() string { return fmt.Sprintf("%s:%d", b.page, b.line) }

var fences = regexp.MustCompile("(?ms)^```(.*?)\n(.*?)^```$")

func parse(t *testing.T, page string) []block {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []block
	for _, at := range fences.FindAllSubmatchIndex(text, -1) {
		blocks = append(blocks, block{
			page: page,
			line: 1 + bytes.Count(text[:at[0]], []byte("\n")),
			info: string(text[at[2]:at[3]]),
			text: string(text[at[4]:at[5]]),
		})
	}
	return blocks
}

// word is what follows the language in the info string.
func (b block) word() string { _, word, _ := strings.Cut(b.info, " "); return word }

func (b block) runs() bool {
	return (b.info == "sh" || strings.HasPrefix(b.info, "sh ")) && notRun[b.word()] == ""
}

// file is the name under which the reader saves the block, if any.
func (b block) file() string {
	if strings.HasPrefix(b.info, "go ") && strings.HasSuffix(b.info, ".go") {
		return b.word()
	}
	return ""
}

// script returns what a block means to a shell.
func script(t *testing.T, b block) string {
	t.Helper()
	// The sandbox listens on a free port instead of the one in the pages.
	text := strings.ReplaceAll(b.text, "http://127.0.0.1:8080", "$TALKDESK_BASE_URL")
	switch word := b.word(); {
	case b.file() != "":
		return fmt.Sprintf("cat >%s <<'END OF FILE'\n%sEND OF FILE\n", b.file(), b.text)
	case !b.runs():
		return ""
	case word == "":
		return text
	case word == "serve":
		return "serve " + text
	case strings.HasPrefix(word, "exit="):
		return fmt.Sprintf("set +e\n%s\n[ $? -eq %s ] || exit\nset -e\n", text, strings.TrimPrefix(word, "exit="))
	}
	t.Fatalf("%s: the info string %q has no meaning here", b, b.info)
	return ""
}

// prelude defines serve, which runs the command of a second terminal and
// exports the variables that it prints.
const prelude = `set -eu
serve() {
  printed=$(mktemp -u "$HOME/printed.XXXXXX")
  mkfifo "$printed"
  "$@" --addr 127.0.0.1:0 >"$printed" 2>>"$HOME/serve.log" &
  exec 3<"$printed"
  for _ in 1 2 3 4; do
    read -r line <&3
    eval "$line"
  done
}
`

// machine is a computer on which only Go, git, make and Node are installed: it
// has an empty home directory, and the project's address leads to this working
// tree.
type machine struct {
	home        string
	environment []string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	home := t.TempDir()
	var environment []string
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); !strings.HasPrefix(name, "TALKDESK_") && !strings.HasPrefix(name, "XDG_") {
			environment = append(environment, variable)
		}
	}
	repository := publish(t)
	environment = append(environment,
		"HOME="+home,
		"GOPATH="+filepath.Join(home, "go"), "GOBIN=",
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=url."+repository+".insteadOf", "GIT_CONFIG_VALUE_0=https://github.com/talkdesk-express/contractactions",
		"NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
		// npm and Go find what they have downloaded, and from where, as outside.
		"npm_config_cache="+output(t, "npm", "config", "get", "cache"),
		"npm_config_userconfig="+output(t, "npm", "config", "get", "userconfig"),
	)
	for _, name := range []string{"GOMODCACHE", "GOCACHE", "GOPROXY", "GONOSUMDB", "GOSUMDB", "GOFLAGS", "GOTOOLCHAIN"} {
		environment = append(environment, name+"="+output(t, "go", "env", name))
	}
	return &machine{home, environment}
}

// publish makes a Git repository of the files in this working tree.
func publish(t *testing.T) string {
	t.Helper()
	repository := t.TempDir()
	for file := range strings.Lines(output(t, "git", "ls-files", "--cached", "--others", "--exclude-standard") + "\n") {
		file = strings.TrimSuffix(file, "\n")
		text, err := os.ReadFile(filepath.Join(root, file))
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(repository, file)
		information, err := os.Stat(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(copied), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied, text, information.Mode()); err != nil {
			t.Fatal(err)
		}
	}
	git := func(arguments ...string) {
		output(t, "git", append([]string{"-C", repository, "-c", "user.name=readme", "-c", "user.email=readme@example.com"}, arguments...)...)
	}
	git("init", "--quiet", "--initial-branch", "main")
	git("add", "--all")
	git("commit", "--quiet", "--message", "A commit")
	return repository
}

func output(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Dir, command.Stderr = root, os.Stderr
	text, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return strings.TrimSpace(string(text))
}

// follow does what the blocks say, in one shell that starts in the home
// directory.
func (m *machine) follow(t *testing.T, setup string, blocks []block) {
	t.Helper()
	commands := prelude + setup
	for i, block := range blocks {
		commands += fmt.Sprintf("printf '%s'\n%s", mark(i), script(t, block))
	}
	printed, err := m.run(t, commands)
	last := 0
	for i, block := range blocks {
		if block.info == "text output" {
			compare(t, block, between(printed, mark(i-1), mark(i)))
		}
		if strings.Contains(printed, mark(i)) {
			last = i
		}
	}
	if err != nil {
		t.Errorf("%s: %v\n%s\nprinted:\n%s", blocks[last], err, blocks[last].text, between(printed, mark(last), mark(last+1)))
	}
}

// mark is printed before the output of a block.
func mark(i int) string { return fmt.Sprintf("<block %d>", i) }

// between returns what stands between two marks, or behind the first if the
// second is missing.
func between(printed, start, end string) string {
	_, after, _ := strings.Cut(printed, start)
	before, _, _ := strings.Cut(after, end)
	return before
}

// run runs a script, and ends what it has left running.
func (m *machine) run(t *testing.T, script string) (string, error) {
	t.Helper()
	command := exec.Command("sh", "-c", script)
	command.Dir, command.Env = m.home, m.environment
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var printed bytes.Buffer
	command.Stdout, command.Stderr = &printed, &printed
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	err := command.Wait()
	return printed.String(), err
}

// compare checks that the lines of a block were printed, in this order.
func compare(t *testing.T, block block, printed string) {
	t.Helper()
	rest := "\n" + printed
	for line := range strings.Lines(block.text) {
		if line == "...\n" {
			continue
		}
		_, after, found := strings.Cut(rest, "\n"+line)
		if !found {
			t.Errorf("%s: the command did not print this line, or not at this place:\n%sprinted:\n%s", block, line, printed)
			return
		}
		rest = "\n" + after
	}
}

// CONTRIBUTING.md is the map of the project: what it names must be there.
func TestFilesThatCONTRIBUTINGNames(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	planned := []string{"api/sandbox/list_accounts.go", "wrapper/accounts.go", "internal/cli/accounts/"}
	count := 0
	for _, name := range regexp.MustCompile("`([\\w./*-]+)`").FindAllSubmatch(page, -1) {
		path := string(name[1])
		if slices.Contains(planned, path) || !strings.Contains(path, "/") && !slices.Contains([]string{".go", ".md", ".yaml"}, filepath.Ext(path)) {
			continue
		}
		count++
		if found, err := filepath.Glob(filepath.Join(root, path)); err != nil || len(found) == 0 {
			t.Errorf("%s is not there", path)
		}
	}
	if count < 40 {
		t.Errorf("found %d names of files, want 40 or more", count)
	}
}

// A target of make that a page names must exist.
func TestTargetsThatPagesName(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(pages, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")) {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range regexp.MustCompile("(?m)(?:^|`)make ([a-z -]+)").FindAllSubmatch(page, -1) {
			for _, target := range bytes.Fields(command[1]) {
				if !bytes.Contains(makefile, []byte("\n"+string(target)+":")) {
					t.Errorf("%s: make %s is not a target", filepath.Base(file), target)
				}
			}
		}
	}
}
