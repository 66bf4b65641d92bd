package main

import (
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

func TestNDJSON(t *testing.T) {
	t.Run("three contract actions", func(t *testing.T) {
		startSmall(t)
		compare(t, succeed(t, "list", accountID, "--output", "ndjson", "--per-page", "2"),
			`{"action_type":"NEWTDE","created_at":"2022-03-10T12:00:00Z","id":"123245132132","quantity":10,"status":"CREATED","status_message":"Contract action created successfully.","updated_at":"2022-03-10T12:00:00Z"}
{"action_type":"CANCELTDE","created_at":"2022-03-10T12:00:00Z","id":"7","status":"FAILED","status_message":"=1+1\u001b[31m\nred\u009b","updated_at":"2022-03-10T12:01:00Z"}
{"action_type":"AMENDTDE","created_at":"2022-03-10T14:00:00+02:00","id":"8","quantity":2147483647,"status":"IN_PROGRESS","status_message":"Größe \"M\", <1 von 2>","updated_at":"2022-03-10T12:00:01.5Z"}
`)
	})
	t.Run("none", func(t *testing.T) {
		start(t, sandbox.WithAccount(accountID))
		compare(t, succeed(t, "list", accountID, "--output", "ndjson"), "")
	})
}
