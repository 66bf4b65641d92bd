// Package list_test tests list and accounts: selections, several accounts, formats.
package list_test

import (
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
)

const accountID = sandbox.DefaultAccountID

func TestMain(m *testing.M) { acceptance.Main(m) }
