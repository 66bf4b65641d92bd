package main

import (
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestSortByEachField(t *testing.T) {
	startSmall(t)
	for keys, want := range map[string]string{
		"id":                 "7 8 123245132132",
		"-id":                "123245132132 8 7",
		"action_type":        "8 7 123245132132",
		"status":             "123245132132 7 8",
		"quantity":           "7 123245132132 8",
		"-quantity":          "8 123245132132 7",
		"updated_at":         "123245132132 8 7",
		"-updated_at":        "7 8 123245132132",
		"created_at":         "123245132132 7 8", // all the same: as they came
		"created_at,-status": "8 7 123245132132",
		"account_id,id":      "7 8 123245132132",
	} {
		t.Run(keys, func(t *testing.T) {
			output := succeed(t, "list", accountID, "-o", "csv", "--fields", "id", "--per-page", "1", "--sort", keys)
			compare(t, strings.Join(strings.Fields(output), " "), "id "+want)
		})
	}
}

func TestSortAndLimitPrintTheFirst(t *testing.T) {
	startSmall(t)
	output := succeed(t, "list", accountID, "--sort", "-updated_at", "--limit", "1", "--fields", "id")
	compare(t, output, "ID\n7\n1 of 3 contract actions on 1 page: 1 FAILED\n")
}

func TestWhatTheKeysLeaveOpenIsTheSameInEachRun(t *testing.T) {
	moment := time.Date(2022, time.March, 10, 12, 0, 0, 0, time.UTC)
	action := func(id string) wrapper.ContractAction {
		return wrapper.ContractAction{ID: id, ActionType: wrapper.TypeNew, Status: wrapper.StatusCreated,
			StatusMessage: "same", CreatedAt: moment, UpdatedAt: moment}
	}
	start(t, sandbox.WithAccount("a", action("2"), action("1")), sandbox.WithAccount("b", action("3")), sandbox.WithAccount("c", action("0")))
	for range 5 {
		output := succeed(t, "list", "c", "b", "a", "--sort", "created_at", "-o", "csv", "--fields", "account_id,id")
		compare(t, output, "account_id,id\na,2\na,1\nb,3\nc,0\n")
	}
}

func TestIDsThatAreNoNumbersAreSortedAsTexts(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"9", "10", -1}, {"010", "10", 0}, {"99999999999999999999998", "99999999999999999999999", -1},
		{"b", "a", 1}, {"9", "1a", 1}, {"", "1", -1},
	} {
		if got := compareIDs(test.a, test.b); got != test.want {
			t.Errorf("%q and %q: %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
