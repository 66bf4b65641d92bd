package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestHelpOfEveryCommandTeaches(t *testing.T) {
	setEnvironment(t, nil)
	root := newRoot(nil)
	for _, command := range commandsBelow(root) {
		words := strings.Fields(command.CommandPath())[1:]
		t.Run(strings.Join(words, " "), func(t *testing.T) {
			help := succeed(t, append(words, "--help")...)
			for _, part := range []string{
				"Environment variables:", "Usage:", "Examples:", "\n  " + command.CommandPath(), "Flags:", exitCodesHelp,
			} {
				if !strings.Contains(help, part) {
					t.Errorf("%q is missing from\n%s", part, help)
				}
			}
			for line := range strings.Lines(help) {
				example := strings.HasPrefix(line, "  "+root.Name())
				if width := displayWidth(strings.TrimSuffix(line, "\n")); width > 80 && !example {
					t.Errorf("%d columns: %s", width, line)
				}
			}
			compare(t, succeed(t, append([]string{"help"}, words...)...), help)
		})
	}
}

func commandsBelow(parent *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, command := range parent.Commands() {
		all = append(append(all, command), commandsBelow(command)...)
	}
	return all
}

func TestWithoutArgumentsTheProgramShowsItsHelp(t *testing.T) {
	help := succeed(t)
	for _, command := range []string{"auth", "check", "demo", "list", "serve", "spec", "version", "wait"} {
		if !strings.Contains(help, "\n  "+command+" ") {
			t.Errorf("%s is missing from\n%s", command, help)
		}
	}
	compare(t, succeed(t, "--help"), help)
	compare(t, succeed(t, "help"), help)
}
