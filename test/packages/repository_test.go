package packages

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/wrapper"
)

const root = "../.."

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func readYAML(t *testing.T, file string, target any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, file)), target); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func glob(t *testing.T, patterns ...string) (files []string) {
	t.Helper()
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

type workflow struct {
	Permissions *map[string]string
	Jobs        map[string]struct {
		Permissions map[string]string
		Steps       []struct {
			Uses string
			With map[string]any
		}
	}
}

func TestWorkflowsArePinnedAndMayDoLittle(t *testing.T) {
	pinned := regexp.MustCompile(`^- uses: ([\w./-]+@[0-9a-f]{40}) # v\d+\.\d+\.\d+$`)
	goReleaser := regexp.MustCompile(`goreleaser/v2@(\S+)`).FindStringSubmatch(read(t, filepath.Join(root, "Makefile")))[1]
	commits := make(map[string]string) // of actions: all workflows use the same
	files := glob(t, ".github/workflows/*")
	if len(files) < 2 {
		t.Fatalf("workflows: %q", files)
	}
	for _, file := range files {
		var parsed workflow
		readYAML(t, file, &parsed)
		uses := 0
		for line := range strings.Lines(read(t, file)) {
			if line = strings.TrimSpace(line); strings.Contains(line, "uses:") {
				uses++
				if !pinned.MatchString(line) {
					t.Errorf("%s: %q is not pinned to a commit, with its version in a comment", file, line)
				}
			}
		}
		if parsed.Permissions == nil {
			t.Errorf("%s does not restrict the permissions of its token", file)
		}
		for name, job := range parsed.Jobs {
			for permission, level := range job.Permissions {
				if level == "write" && (filepath.Base(file) != "release.yaml" || name != "release") {
					t.Errorf("%s: the job %s may write %s", file, name, permission)
				}
			}
			for _, step := range job.Steps {
				if step.Uses == "" {
					continue
				}
				uses--
				action, commit, _ := strings.Cut(step.Uses, "@")
				if other, found := commits[action]; found && other != commit {
					t.Errorf("%s: %s is at two commits", file, action)
				}
				commits[action] = commit
				if action == "actions/checkout" && step.With["persist-credentials"] != false {
					t.Errorf("%s: the job %s leaves its token in the checkout", file, name)
				}
				if action == "goreleaser/goreleaser-action" && step.With["version"] != goReleaser {
					t.Errorf("%s: GoReleaser %v, but %s in the Makefile", file, step.With["version"], goReleaser)
				}
			}
		}
		if uses != 0 {
			t.Errorf("%s has %d more lines with uses than steps", file, uses)
		}
	}
}

func TestDependabotSeesEveryLockFile(t *testing.T) {
	var parsed struct {
		Version int
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directory   string
			Directories []string
			Schedule    struct{ Interval string }
		}
	}
	readYAML(t, filepath.Join(root, ".github/dependabot.yaml"), &parsed)
	watched := make(map[string][]string)
	for _, update := range parsed.Updates {
		watched[update.Ecosystem] = append(update.Directories, update.Directory)
		if update.Schedule.Interval == "" {
			t.Errorf("%s has no schedule", update.Ecosystem)
		}
	}
	if !slices.Contains(watched["github-actions"], "/") {
		t.Error("the actions of the workflows are not watched")
	}
	for ecosystem, name := range map[string]string{"gomod": "go.mod", "npm": "package-lock.json"} {
		for _, file := range glob(t, name, "*/"+name, "*/*/"+name) {
			folder, err := filepath.Rel(root, filepath.Dir(file))
			if err != nil {
				t.Fatal(err)
			}
			if folder = filepath.ToSlash(filepath.Join("/", folder)); !slices.Contains(watched[ecosystem], folder) {
				t.Errorf("%s is not watched", file)
			}
		}
	}
}

func TestIssueFormAsksForACheck(t *testing.T) {
	var form struct {
		Name, Description string
		Body              []struct {
			Type, ID   string
			Attributes struct {
				Label, Description, Value, Render string
				Options                           []string
			}
			Validations struct{ Required bool }
		}
	}
	readYAML(t, filepath.Join(root, ".github/ISSUE_TEMPLATE/problem.yaml"), &form)
	ids := make(map[string]string)
	for _, field := range form.Body {
		if field.Type == "markdown" {
			continue
		}
		if _, taken := ids[field.ID]; taken || field.ID == "" || field.Attributes.Label == "" {
			t.Errorf("a field without an id of its own, or without a label: %+v", field)
		}
		ids[field.ID] = field.Attributes.Description
	}
	if form.Name == "" || form.Description == "" || !strings.Contains(ids["check"], "`contractactions check ACCOUNT_ID -o json`") {
		t.Errorf("the form asks for %q", ids)
	}
}

// Every example in the page runs the sandbox, and its variables are those with
// which a client uses it.
func TestExamplesForContainers(t *testing.T) {
	page := read(t, filepath.Join(root, "docs/containers.md"))
	var config struct {
		Kos []struct{ Repositories []string }
	}
	readYAML(t, filepath.Join(root, ".goreleaser.yaml"), &config)
	image := config.Kos[0].Repositories[0] + ":"
	blocks := regexp.MustCompile("(?ms)^```yaml (\\S+)\n(.*?)^```$").FindAllStringSubmatch(page, -1)
	if len(blocks) != 3 {
		t.Fatalf("%d examples, want 3", len(blocks))
	}
	for _, block := range blocks {
		t.Run(block[1], func(t *testing.T) {
			var example any
			if err := yaml.Unmarshal([]byte(block[2]), &example); err != nil {
				t.Fatal(err)
			}
			found := search(example)
			if len(found.images) == 0 || slices.ContainsFunc(found.images, func(name string) bool { return !strings.HasPrefix(name, image) }) {
				t.Errorf("the images are %q", found.images)
			}
			printed := serve(t, found.command)
			for name, value := range found.variables {
				if printed[name] != value {
					t.Errorf("%s=%s, but serve has %q", name, value, printed[name])
				}
			}
			if _, err := wrapper.NewFromVariables(func(name string) string { return found.variables[name] }); err != nil {
				t.Error(err)
			}
		})
	}
}

type example struct {
	images    []string // of this project
	command   []string // of serve
	variables map[string]string
}

// search finds the values of an example wherever each system has them.
func search(value any) example {
	found := example{variables: make(map[string]string)}
	var visit func(key string, value any)
	visit = func(key string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for key, below := range value {
				visit(key, below)
			}
		case []any:
			var words []string
			for _, below := range value {
				visit("", below)
				if word, ok := below.(string); ok {
					words = append(words, word)
				}
			}
			if key == "command" && words[0] == "serve" {
				found.command = words
			}
		case string:
			switch {
			case strings.Contains(value, "/contractactions:"):
				found.images = append(found.images, value)
			case key == "command":
				found.command = strings.Fields(value)
			case strings.HasPrefix(key, "TALKDESK_"):
				found.variables[key] = value
			}
		}
	}
	visit("", value)
	return found
}

// serve returns the variables that the command prints, without using its port.
func serve(t *testing.T, command []string) map[string]string {
	t.Helper()
	for i, argument := range command {
		if argument == "0.0.0.0:8080" {
			command[i] = "127.0.0.1:0"
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	var stdout, stderr bytes.Buffer
	if code := cli.Run(ended, command, nil, &stdout, &stderr); code != 0 {
		t.Fatalf("%q: exit code %d, %s", command, code, &stderr)
	}
	variables := make(map[string]string)
	for line := range strings.Lines(stdout.String()) {
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		variables[name] = strings.Trim(value, "'")
	}
	return variables
}
