package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestJSON(t *testing.T) {
	startSmall(t)
	compare(t, succeed(t, "list", accountID, "--output", "json"), `[
{"action_type":"NEWTDE","created_at":"2022-03-10T12:00:00Z","id":"123245132132","quantity":10,"status":"CREATED","status_message":"Contract action created successfully.","updated_at":"2022-03-10T12:00:00Z"},
{"action_type":"CANCELTDE","created_at":"2022-03-10T12:00:00Z","id":"7","status":"FAILED","status_message":"=1+1\u001b[31m\nred\u009b","updated_at":"2022-03-10T12:01:00Z"},
{"action_type":"AMENDTDE","created_at":"2022-03-10T14:00:00+02:00","id":"8","quantity":2147483647,"status":"IN_PROGRESS","status_message":"Größe \"M\", <1 von 2>","updated_at":"2022-03-10T12:00:01.5Z"}
]
`)
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
	if !slices.EqualFunc(actions, server.Actions(accountID), sameID) {
		t.Errorf("listed %v", actions)
	}
}

func sameID(a, b wrapper.ContractAction) bool { return a.ID == b.ID }

// What escapes stand for must not change with how they are written.
func TestJSONStaysTheSameToAParser(t *testing.T) {
	const nasty = "\x1b[31m \u007f \u009b31m \u202e \U000e0001 \u2028 & é 漢 🎉"
	encoded, err := encodeJSON(wrapper.ContractAction{StatusMessage: nasty})
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
