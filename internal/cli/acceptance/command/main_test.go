// Package command_test tests the other commands, and what all have in common: help,
// errors, exit codes, logs, signals.
package command_test

import (
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
)

const accountID = sandbox.DefaultAccountID

func TestMain(m *testing.M) { acceptance.Main(m) }
