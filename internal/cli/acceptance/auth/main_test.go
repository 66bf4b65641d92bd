// Package auth_test tests auth, profiles, and where settings and secrets come from.
package auth_test

import (
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
)

const accountID = sandbox.DefaultAccountID

func TestMain(m *testing.M) { acceptance.Main(m) }
