package command_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// commands returns the words of each command below one, as the help lists them.
// The command completion is cobra's own, and its help too.
func commands(t *testing.T, words ...string) (all [][]string) {
	t.Helper()
	_, list, _ := strings.Cut(acceptance.Succeed(t, append(words, "--help")...), "\nAvailable Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	for line := range strings.Lines(list) {
		if name := strings.Fields(line)[0]; name != "completion" && name != "help" {
			command := append(words[:len(words):len(words)], name)
			all = append(append(all, command), commands(t, command...)...)
		}
	}
	return all
}

func TestHelpOfEveryCommandTeaches(t *testing.T) {
	acceptance.SetEnvironment(t, nil)
	for _, words := range append(commands(t), []string{"help"}, []string{"man"}) { // man is hidden
		t.Run(strings.Join(words, " "), func(t *testing.T) {
			help := acceptance.Succeed(t, append(words, "--help")...)
			parts := []string{"Usage:", "Examples:", "\n  contractactions " + strings.Join(words, " "), "Flags:", "contractactions help exit-codes"}
			if strings.Contains(help, "--region") {
				parts = append(parts, "contractactions help environment")
			}
			for _, part := range parts {
				if !strings.Contains(strings.ReplaceAll(help, "see\n", "see "), part) {
					t.Errorf("%q is missing from\n%s", part, help)
				}
			}
			fitsPipe(t, help)
			clitest.Compare(t, acceptance.Succeed(t, append([]string{"help"}, words...)...), help)
		})
	}
}

// fitsPipe fails the test unless the lines of a help have at most 80 columns.
// Examples are as long as they are.
func fitsPipe(t *testing.T, help string) {
	t.Helper()
	for line := range strings.Lines(help) {
		example := strings.HasPrefix(line, "  contractactions")
		if width := terminal.Width(strings.TrimSuffix(line, "\n")); width > 80 && !example {
			t.Errorf("%d columns: %s", width, line)
		}
	}
}

func TestTheHelpOfListFitsTwoScreens(t *testing.T) {
	if lines := strings.Count(acceptance.Succeed(t, "list", "--help"), "\n"); lines > 66 {
		t.Errorf("%d lines", lines)
	}
}

func TestTopics(t *testing.T) {
	_, topics, _ := strings.Cut(acceptance.Succeed(t), "\nTopics, for 'contractactions help TOPIC':\n")
	topics, _, _ = strings.Cut(topics, "\n\n")
	contents := map[string]string{
		"environment": "TALKDESK_CLIENT_SECRET_COMMAND",
		"errors":      "retry_after",
		"exit-codes":  "\n  141  ",
		"formats":     "account_id, id, action_type",
		"into":        "FILE.progress",
		"selection":   "--all-accounts",
	}
	for line := range strings.Lines(topics) {
		name := strings.Fields(line)[0]
		help := acceptance.Succeed(t, "help", name)
		if want := contents[name]; want == "" || !strings.Contains(help, want) {
			t.Errorf("%s: %q is missing from\n%s", name, want, help)
		}
		fitsPipe(t, help)
		clitest.Compare(t, acceptance.Succeed(t, name), help)
		delete(contents, name)
	}
	if len(contents) > 0 {
		t.Errorf("no topics: %v, in\n%s", contents, topics)
	}
}

func TestWithoutArgumentsTheProgramShowsItsHelp(t *testing.T) {
	help := acceptance.Succeed(t)
	for _, command := range []string{"auth", "changes", "check", "demo", "list", "schema", "serve", "spec", "version", "wait"} {
		if !strings.Contains(help, "\n  "+command+" ") {
			t.Errorf("%s is missing from\n%s", command, help)
		}
	}
	clitest.Compare(t, acceptance.Succeed(t, "--help"), help)
	clitest.Compare(t, acceptance.Succeed(t, "help"), help)
}

func TestVersion(t *testing.T) {
	version := acceptance.Succeed(t, "version")
	if !strings.HasPrefix(version, "contractactions ") || strings.Count(version, "\n") != 1 {
		t.Error(version)
	}
	clitest.Compare(t, acceptance.Succeed(t, "--version"), version)
}

func TestEveryCommandHasAPage(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "man1")
	acceptance.Succeed(t, "man", directory)
	for _, words := range append(commands(t), nil, []string{"exit-codes"}) {
		name := strings.Join(append([]string{"contractactions"}, words...), "-")
		page, err := os.ReadFile(filepath.Join(directory, name+".1"))
		if err != nil {
			t.Error(err)
			continue
		}
		sections := []string{"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"}
		if slices.Equal(words, []string{"exit-codes"}) {
			sections = []string{"NAME", "DESCRIPTION", "SEE ALSO"}
		}
		for _, section := range sections {
			if !strings.Contains(string(page), "\n.SH "+section+"\n") {
				t.Errorf("%s: the section %s is missing", name, section)
			}
		}
		lint(t, page)
	}
}

// lint lets groff look for mistakes, where there is one.
func lint(t *testing.T, page []byte) {
	t.Helper()
	groff, err := exec.LookPath("groff")
	if err != nil {
		return
	}
	command := exec.CommandContext(t.Context(), groff, "-man", "-ww", "-z", "-Tascii")
	command.Stdin = strings.NewReader(string(page))
	if output, err := command.CombinedOutput(); err != nil || len(output) > 0 {
		t.Errorf("groff: %v\n%s", err, output)
	}
}

func TestCompletions(t *testing.T) {
	const noFiles, files = ":4", ":0"
	acceptance.SetEnvironment(t, nil)
	acceptance.WriteProfile(t, "default", map[string]string{"TALKDESK_ACCOUNT_IDS": "a1, a2,"})
	acceptance.WriteProfile(t, "work", map[string]string{"TALKDESK_ACCOUNT_IDS": "b1"})
	for _, test := range []struct{ words, want string }{ // words separated by spaces; a last space for an empty one
		{"comp", "completion " + noFiles},
		{"auth ", "login profiles test " + noFiles},
		{"list --region ", "us eu canada " + noFiles},
		{"list --output ", "table json ndjson csv " + noFiles},
		{"list --order-by ", strings.ReplaceAll(acceptance.Documented(gen.ContractActionOrderValues()), ",", "") + " " + noFiles},
		{"auth test a1 ", noFiles},
		{"auth test -o ", "text json " + noFiles},
		{"list --profile ", "default work " + noFiles},
		{"list --env-file ", files},
		{"list --timeout ", noFiles},
		{"list ", "a1 a2 " + noFiles},
		{"list --profile work ", "b1 " + noFiles},
		{"list --profile none ", noFiles},
		{"list a1 ", "a2 " + noFiles},
		{"wait ", "a1 a2 " + noFiles},
		{"wait a1 ", noFiles},
		{"check ", "a1 a2 " + noFiles},
		{"demo ", noFiles},
		{"help ", "accounts auth changes check completion demo environment errors exit-codes formats get into list schema selection serve spec version wait " + noFiles},
		{"help auth ", "login profiles test " + noFiles},
		{"schema ", "list changes list-raw accounts check auth-test errors scenario " + noFiles},
		{"completion ", "bash fish powershell zsh " + noFiles},
		{"list --type AMENDTDE,C", "AMENDTDE,NEWTDE AMENDTDE,CANCELTDE AMENDTDE,unknown " + noFiles},
		{"list --sort=-updated_at,", "-updated_at," + strings.Join(sortFields("-updated_at"), " -updated_at,") + " " + noFiles},
		{"list --fields ", strings.Join(output.ContractActions.FieldNames(), " ") + " " + noFiles},
		{"list --errors ", "text json " + noFiles},
		{"list --rate-limit ", noFiles},
		{"list --status ", strings.ReplaceAll(acceptance.Documented(gen.ContractActionStatusValues()), ",", "") + " unknown " + noFiles},
	} {
		t.Run(test.words, func(t *testing.T) {
			clitest.Compare(t, acceptance.Completions(t, strings.Split(test.words, " ")...), test.want)
		})
	}
}

// sortFields are the keys of --sort, without one.
func sortFields(chosen string) []string {
	names := output.ContractActions.FieldNames()
	for _, name := range output.ContractActions.FieldNames() {
		names = append(names, "-"+name)
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == chosen })
}

func TestCompletionScriptsAreWhatTheirShellsTake(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		t.Run(shell, func(t *testing.T) {
			script := acceptance.Succeed(t, "completion", shell)
			if !strings.Contains(script, "__complete") {
				t.Errorf("no script:\n%s", script)
			}
			path, err := exec.LookPath(shell)
			if err != nil || shell == "powershell" {
				return
			}
			check := exec.CommandContext(t.Context(), path, "-n") // read, but do not run
			check.Stdin = strings.NewReader(script)
			if output, err := check.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
}

func TestSpecIsTheFileByteForByte(t *testing.T) {
	for arguments, name := range map[string]string{
		"spec":                             "openapi.yaml",
		"spec --output yaml":               "openapi.yaml",
		"spec -o json":                     "gen/openapi.json",
		"spec --open-enums":                "gen/openapi-open.yaml",
		"spec --open-enums -o json":        "gen/openapi-open.json",
		"spec --sandbox " + served:         "gen/sandbox.yaml",
		"spec -o json --sandbox " + served: "gen/sandbox.json",
	} {
		file, err := os.ReadFile("../../../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if acceptance.Succeed(t, strings.Fields(arguments)...) != string(file) {
			t.Errorf("%q differs from %s", arguments, name)
		}
	}
}

// served is where serve listens by default.
const served = "http://127.0.0.1:8080"
