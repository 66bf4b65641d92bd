package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestJSON(t *testing.T) {
	startSmall(t)
	compare(t, succeed(t, "list", accountID, "--output", "json"), "[\n"+strings.Join(smallAsJSON, ",\n")+"\n]\n")
}

// smallAsJSON is the account of startSmall.
var smallAsJSON = []string{
	`{"account_id":"5ea75fe7aa224700012eae40","id":"123245132132","action_type":"NEWTDE","status":"CREATED","quantity":10,"status_message":"Contract action created successfully.","created_at":"2022-03-10T12:00:00Z","updated_at":"2022-03-10T12:00:00Z"}`,
	`{"account_id":"5ea75fe7aa224700012eae40","id":"7","action_type":"CANCELTDE","status":"FAILED","quantity":null,"status_message":"=1+1\u001b[31m\nred\u009b","created_at":"2022-03-10T12:00:00Z","updated_at":"2022-03-10T12:01:00Z"}`,
	`{"account_id":"5ea75fe7aa224700012eae40","id":"8","action_type":"AMENDTDE","status":"IN_PROGRESS","quantity":2147483647,"status_message":"Größe \"M\", <1 von 2>","created_at":"2022-03-10T12:00:00Z","updated_at":"2022-03-10T12:00:01.5Z"}`,
}

func TestJSONOfAnEmptyAccount(t *testing.T) {
	start(t, sandbox.WithAccount(accountID))
	compare(t, succeed(t, "list", accountID, "--output", "json"), "[]\n")
}

func TestJSONIsOneArrayOverAllPages(t *testing.T) {
	server := start(t, sandbox.WithGeneratedAccount(accountID, 7))
	var actions []wrapper.ContractAction
	if err := json.Unmarshal([]byte(succeed(t, "list", accountID, "-o", "json", "--per-page", "2")), &actions); err != nil {
		t.Fatal(err)
	}
	want := server.Actions(accountID)
	slices.Reverse(want) // oldest first
	if !slices.EqualFunc(actions, want, sameID) {
		t.Errorf("listed %v", actions)
	}
}

func sameID(a, b wrapper.ContractAction) bool { return a.ID == b.ID }

// What escapes stand for must not change with how they are written.
func TestJSONStaysTheSameToAParser(t *testing.T) {
	const nasty = "\x1b[31m \u007f \u009b31m \u202e \U000e0001 \u2028 & é 漢 🎉"
	encoded, err := encodeRecord(record{ContractAction: wrapper.ContractAction{StatusMessage: nasty}}, fields)
	if err != nil {
		t.Fatal(err)
	}
	var decoded wrapper.ContractAction
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	compare(t, decoded.StatusMessage, nasty)
	compare(t, printable(string(encoded)), string(encoded))
}
