package main

import (
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

func TestFiltersChooseWhatIsPrinted(t *testing.T) {
	for _, test := range []struct{ flags, want string }{
		{"--status FAILED", "7"},
		{"--status failed,in_progress", "7 8"},
		{"--status FAILED --status CREATED", "7 123245132132"},
		{"--status COMPLETED", ""},
		{"--status unknown", ""},
		{"--type CANCELTDE", "7"},
		{"--type NEWTDE,AMENDTDE --status CREATED", "123245132132"},
		{"--since 2022-03-10", "7 8 123245132132"},
		{"--since 2022-03-11", ""},
		{"--since 2022-03-10T12:00:01Z", "7 8"}, // created before, but updated then
		{"--since 2022-03-10T14:01:00+02:00", "7"},
		{"--since 1w", ""},
	} {
		t.Run(test.flags, func(t *testing.T) {
			startSmall(t)
			output := succeed(t, append([]string{"list", accountID, "-o", "csv", "--fields", "id"}, strings.Fields(test.flags)...)...)
			compare(t, strings.Join(strings.Fields(output), " "), strings.TrimSpace("id "+test.want))
		})
	}
}

func TestUnknownValuesCanBeAskedFor(t *testing.T) {
	server := startSmall(t)
	server.Fail(sandbox.Fault{Rewrite: func(body []byte) []byte {
		return []byte(strings.NewReplacer(`"IN_PROGRESS"`, `"PAUSED"`).Replace(string(body)))
	}})
	compare(t, succeed(t, "list", accountID, "-o", "csv", "--fields", "id,status", "--status", "unknown"), "id,status\n8,PAUSED\n")
}

func TestTheSummaryTellsHowManyWereSelected(t *testing.T) {
	startSmall(t)
	if output := succeed(t, "list", accountID, "--status", "FAILED"); !strings.HasSuffix(output, "\n1 matching contract action: 1 FAILED\n") {
		t.Error(output)
	}
	if output := succeed(t, "list", accountID, "--since", "1h"); !strings.HasSuffix(output, "\n0 matching contract actions\n") {
		t.Error(output)
	}
}

func TestALimitEndsTheList(t *testing.T) {
	server := start(t, sandbox.WithGeneratedAccount(accountID, 100))
	output := succeed(t, "list", accountID, "--per-page", "10", "--limit", "15", "-o", "ndjson")
	if lines := strings.Count(output, "\n"); lines != 15 {
		t.Errorf("%d lines", lines)
	}
	// Besides the two that were needed, at most the one that was fetched ahead.
	if requests := server.ActionRequests(); requests > 3 {
		t.Errorf("%d requests", requests)
	}
}
