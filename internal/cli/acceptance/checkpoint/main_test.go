// Package checkpoint_test tests what continues in later runs: list --into and changes.
package checkpoint_test

import (
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
)

func TestMain(m *testing.M) { acceptance.Main(m) }
