package main

import (
	"os/exec"
	"strings"
	"testing"
)

// completions is what a shell gets for the words, without descriptions.
func completions(t *testing.T, words ...string) string {
	t.Helper()
	var offered []string
	for line := range strings.Lines(call(t, append([]string{"__complete"}, words...)...).stdout) {
		word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		offered = append(offered, word)
	}
	return strings.Join(offered, " ")
}

func TestCompletions(t *testing.T) {
	const noFiles, files = ":4", ":0"
	setEnvironment(t, nil)
	writeProfile(t, "default", map[string]string{"TALKDESK_ACCOUNT_IDS": "a1, a2,"})
	writeProfile(t, "work", map[string]string{"TALKDESK_ACCOUNT_IDS": "b1"})
	for _, test := range []struct{ words, want string }{ // words separated by spaces; a last space for an empty one
		{"comp", "completion " + noFiles},
		{"auth ", "profiles test " + noFiles},
		{"list --region ", "us eu canada " + noFiles},
		{"list --output ", "table json ndjson csv " + noFiles},
		{"list --order-by ", "created_at:asc created_at:desc updated_at:asc updated_at:desc " + noFiles},
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
		{"completion ", "bash zsh fish powershell " + noFiles},
	} {
		t.Run(test.words, func(t *testing.T) { compare(t, completions(t, strings.Split(test.words, " ")...), test.want) })
	}
}

func TestCompletionScriptsAreWhatTheirShellsTake(t *testing.T) {
	for _, shell := range shellNames {
		t.Run(shell, func(t *testing.T) {
			script := succeed(t, "completion", shell)
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
