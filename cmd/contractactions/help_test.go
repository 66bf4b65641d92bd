package main

import (
	"strings"
	"testing"
)

func TestHelpOfEveryCommandTeaches(t *testing.T) {
	setEnvironment(t, nil)
	for _, command := range newRoot(nil).Commands() {
		t.Run(command.Name(), func(t *testing.T) {
			help := succeed(t, command.Name(), "--help")
			for _, part := range []string{
				"Environment variables:", "Usage:", "Examples:", "\n  contractactions " + command.Name(), "Flags:", exitCodesHelp,
			} {
				if !strings.Contains(help, part) {
					t.Errorf("%q is missing from\n%s", part, help)
				}
			}
			compare(t, succeed(t, "help", command.Name()), help)
		})
	}
}

func TestWithoutArgumentsTheProgramShowsItsHelp(t *testing.T) {
	help := succeed(t)
	for _, command := range []string{"check", "demo", "list", "serve", "spec", "version", "wait"} {
		if !strings.Contains(help, "\n  "+command+" ") {
			t.Errorf("%s is missing from\n%s", command, help)
		}
	}
	compare(t, succeed(t, "--help"), help)
	compare(t, succeed(t, "help"), help)
}
