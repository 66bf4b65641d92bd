// Package auth verifies the credentials and lists the profiles.
package auth

import (
	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// NewCommand returns the command auth. The options are those of its client.
func NewCommand(options []wrapper.Option) *cobra.Command {
	command := &cobra.Command{
		Use:   "auth",
		Short: "Verify the credentials, and list the profiles",
		Long: `auth is about the credentials of list and the other commands. Credentials are
read from flags (except secrets), the environment, the file of --env-file, and a
profile, in this order. A profile is a file of the same format in your
configuration directory: 'contractactions auth profiles' prints where. The
profile named default is used unless --profile or TALKDESK_PROFILE is set. A
client belongs to one organization: use one profile for each.

Both kinds of file have lines like these:
  # comment
  TALKDESK_ACCOUNT=acme
  TALKDESK_REGION=eu
  TALKDESK_CLIENT_ID=...
  TALKDESK_CLIENT_SECRET='...'
  TALKDESK_ACCOUNT_IDS=5ea75fe7aa224700012eae40,5ea75fe7aa224700012eae41

Only files can set the last one: the Express accounts that completion offers.
Quotes and a leading 'export ' are allowed, nothing is expanded, and variables
that do not begin with TALKDESK_ are ignored. A TALKDESK_PRIVATE_KEY_FILE that
is not an absolute path is relative to the file that sets it. A file that
contains a secret or a key must be readable for you only; on Windows, this is
not verified, since it depends on the directory.

` + config.Help,
		Example: `  contractactions auth test
  contractactions auth test --profile work
  contractactions auth profiles`,
		RunE:                       func(command *cobra.Command, _ []string) error { return command.Help() },
		SuggestionsMinimumDistance: 2,
	}
	command.AddCommand(newTest(options), newProfiles())
	return command
}
