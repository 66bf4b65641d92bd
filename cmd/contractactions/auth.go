package main

import (
	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func newAuth(options []wrapper.Option) *cobra.Command {
	command := &cobra.Command{
		Use:   "auth",
		Short: "Try the credentials, and list the profiles they are kept in",
		Long: `auth is about the credentials that list and other commands use. They come from
flags (but for secrets), from the environment, from the file of --env-file, and
from a profile, in this order. A profile is such a file too, in your own
configuration directory: 'contractactions auth profiles' prints where. The one
called default is used unless --profile or TALKDESK_PROFILE names a different
one. A client belongs to one organization: use one profile for each.

Both kinds of file have lines like these:
  # comment
  TALKDESK_ACCOUNT=acme
  TALKDESK_REGION=eu
  TALKDESK_CLIENT_ID=...
  TALKDESK_CLIENT_SECRET='...'
  TALKDESK_ACCOUNT_IDS=5ea75fe7aa224700012eae40,5ea75fe7aa224700012eae41

The last one is for files alone: the Express accounts that completion offers.
Quotes and a leading 'export ' are allowed, nothing is expanded, and variables
that do not begin with TALKDESK_ are ignored. A TALKDESK_PRIVATE_KEY_FILE
without an absolute path is relative to the file that names it. A file that
holds a secret or a key is refused if anyone but you may read it; on Windows,
that is left to the directory that it is in.

` + environmentHelp,
		Example: `  contractactions auth test
  contractactions auth test --profile work
  contractactions auth profiles`,
		Args:                       noUnknownCommand,
		RunE:                       func(command *cobra.Command, _ []string) error { return command.Help() },
		SuggestionsMinimumDistance: 2,
	}
	command.AddCommand(newAuthTest(options), newAuthProfiles())
	return command
}
