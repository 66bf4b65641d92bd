package contractactions

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The programs in the pages are what people copy first.
func TestProgramsInThePagesCompile(t *testing.T) {
	showSourcesToTestCache(t)
	programs := programs(t)
	if len(programs) < 10 {
		t.Fatalf("found %d programs, want 10 or more", len(programs))
	}
	folder := importer(t)
	for name, program := range programs {
		write(t, filepath.Join(folder, name, "program.go"), program)
	}
	vet := exec.Command("go", "vet", "./...")
	vet.Dir = folder
	if output, err := vet.CombinedOutput(); err != nil {
		t.Errorf("go vet: %v\n%s", err, output)
	}
}

// importer makes a module that requires this one, and returns its folder.
func importer(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	module := strings.TrimSpace(goList(t, "-m"))
	requirements := strings.Replace(read(t, "go.mod"), "module "+module, "module pages", 1)
	write(t, filepath.Join(folder, "go.mod"), fmt.Sprintf("%s\nrequire %s v0.0.0\nreplace %[2]s => %q\n", requirements, module, root))
	write(t, filepath.Join(folder, "go.sum"), read(t, "go.sum"))
	return folder
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// programs are the blocks of Go code in the pages, by a name made of the page's.
func programs(t *testing.T) map[string]string {
	t.Helper()
	programs := make(map[string]string)
	for _, page := range pages(t) {
		for _, block := range regexp.MustCompile("(?ms)^```go\\b(.*?)\n(.*?)^```$").FindAllStringSubmatch(page.text, -1) {
			program := block[2]
			if block[1] == " fragment" {
				program = complete(program)
			}
			folder := strings.ReplaceAll(strings.TrimSuffix(page.name, ".md"), "/", "-")
			programs[fmt.Sprint(folder, "-", len(programs))] = program
		}
	}
	return programs
}

// showSourcesToTestCache lists the folders of the packages that the programs
// import. The test cache does not see what go vet reads; without this, it would
// answer "ok (cached)" after an exported name has changed.
func showSourcesToTestCache(t *testing.T) {
	t.Helper()
	folders := goList(t, "-deps", "-f", "{{with .Module}}{{if .Main}}{{$.Dir}}{{end}}{{end}}", ".", "./wrapper", "./api")
	for folder := range strings.Lines(folders) {
		if _, err := os.ReadDir(strings.TrimSpace(folder)); err != nil {
			t.Fatal(err)
		}
	}
}

// complete makes a program of statements. They can use the parameters below, and
// need not use all that they declare.
func complete(statements string) string {
	var declared strings.Builder
	for _, names := range regexp.MustCompile(`(?m)^(\w+(?:, \w+)*) :=`).FindAllStringSubmatch(statements, -1) {
		for name := range strings.SplitSeq(names[1], ", ") {
			fmt.Fprintf(&declared, "_ = %s\n", name)
		}
	}
	return `package fragment

import (
	"context"
	"errors"
	"fmt"
	"log"
	"slices"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

var (
	_ = errors.New
	_ = fmt.Sprint
	_ = log.Print
	_ = slices.Values[[]string]
	_ = sandbox.New
	_ time.Duration
)

func _(t *testing.T, ctx context.Context, client *wrapper.Client, accountID, actionID string, accountIDs []string) error {
` + statements + declared.String() + "return nil\n}\n"
}

// A link to a page that has moved, or to a heading that has another name, leads
// nowhere.
func TestLinksOfThePages(t *testing.T) {
	all := pages(t)
	for _, page := range all {
		for _, match := range regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(page.text, -1) {
			link, err := url.Parse(match[1])
			if err != nil {
				t.Errorf("%s: %v", page.name, err)
			}
			if err != nil || link.IsAbs() {
				continue
			}
			target := page.name
			if link.Path != "" {
				target = path.Join(path.Dir(page.name), link.Path)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: the link to %s leads to no file", page.name, match[1])
				continue
			}
			at := slices.IndexFunc(all, func(p markdown) bool { return p.name == target })
			if link.Fragment != "" && (at < 0 || !slices.Contains(all[at].anchors(), link.Fragment)) {
				t.Errorf("%s: the link to %s leads to no heading", page.name, match[1])
			}
		}
	}
}

// markdown is a Markdown file for people.
type markdown struct{ name, text string }

// pages are those of the project, in the order of their names.
func pages(t *testing.T) []markdown {
	t.Helper()
	var pages []markdown
	for _, pattern := range []string{"*.md", "docs/*.md", "test/*/README.md", "internal/*/*.md"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			pages = append(pages, markdown{filepath.ToSlash(name), strings.ReplaceAll(read(t, name), "\r\n", "\n")})
		}
	}
	return pages
}

// anchors are the names that GitHub gives to the headings.
func (p markdown) anchors() []string {
	var anchors []string
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(p.text, -1) {
		anchor := regexp.MustCompile(`\[(.*?)\]\(.*?\)`).ReplaceAllString(heading[1], "$1")
		anchor = regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(anchor), "")
		anchors = append(anchors, strings.ReplaceAll(anchor, " ", "-"))
	}
	return anchors
}
