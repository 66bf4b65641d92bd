package main

import (
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

func TestNDJSON(t *testing.T) {
	t.Run("three contract actions", func(t *testing.T) {
		startSmall(t)
		compare(t, succeed(t, "list", accountID, "--output", "ndjson", "--per-page", "2"),
			strings.Join(smallAsJSON, "\n")+"\n")
	})
	t.Run("none", func(t *testing.T) {
		start(t, sandbox.WithAccount(accountID))
		compare(t, succeed(t, "list", accountID, "--output", "ndjson"), "")
	})
}
