package main

import (
	"strings"
	"testing"
)

func TestDemoPrintsTheWholeAccountAndASummary(t *testing.T) {
	// None of this is to be read.
	setEnvironment(t, map[string]string{"TALKDESK_REGION": "mars", "TALKDESK_BASE_URL": "http://192.0.2.1"})
	result := call(t, "demo")
	if result.code != exitDone || !strings.HasPrefix(result.stderr, "Listing the made-up account "+accountID) {
		t.Fatalf("exit code %d, stderr %q", result.code, result.stderr)
	}
	lines := strings.Split(strings.TrimSuffix(result.stdout, "\n"), "\n")
	if len(lines) != 1+425+1 || !strings.HasPrefix(lines[0], "ID ") || !strings.HasPrefix(lines[425], "123245132556 ") {
		t.Errorf("%d lines, from %q to %q", len(lines), lines[0], lines[len(lines)-1])
	}
	compare(t, lines[len(lines)-1],
		"425 contract actions on 9 pages: 106 CREATED, 106 IN_PROGRESS, 106 COMPLETED, 107 FAILED")
}

func TestDemoTakesASizeAndAFormat(t *testing.T) {
	for _, test := range []struct {
		actions string
		lines   int
	}{{"0", 0}, {"51", 51}} {
		result := call(t, "demo", "--actions", test.actions, "--output", "ndjson")
		if lines := strings.Count(result.stdout, "\n"); result.code != exitDone || lines != test.lines {
			t.Errorf("%s contract actions: exit code %d, %d lines", test.actions, result.code, lines)
		}
	}
}

func TestDemoListsPagesOf50(t *testing.T) {
	for actions, want := range map[string]string{
		"50": "50 contract actions on 1 page:",
		"51": "51 contract actions on 2 pages:",
	} {
		if output := call(t, "demo", "--actions", actions).stdout; !strings.Contains(output, want) {
			t.Errorf("%q is missing from\n%s", want, output)
		}
	}
}
