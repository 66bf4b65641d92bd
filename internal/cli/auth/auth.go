// Package auth stores and verifies credentials, and lists the profiles.
package auth

import (
	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// NewCommand returns the command auth. The options are those of its client.
func NewCommand(options []wrapper.Option) *cobra.Command {
	command := &cobra.Command{
		Use:   "auth",
		Short: "Store and verify credentials, and list the profiles",
		Long: `auth is about the credentials of list and the other commands. Credentials are
read from flags (except secrets), the environment, the file of --env-file, and a
profile, in this order. A profile is a file of the same format in your
configuration directory: 'contractactions auth login' writes one, and
'contractactions auth profiles' prints where they are. The
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

The format, in UTF-8: a line is blank, a comment that begins with #, or
NAME=VALUE, with or without 'export ' in front. If a name occurs twice, the last
line counts. Names that do not begin with TALKDESK_ are ignored; unknown names
that do are an error. A value is one of
  text    up to the end of the line, or to a # after a blank (a space, a tab or
          any other white space); blanks around it are removed
  'text'  each character stands for itself
  "text"  the same, except that \" \\ \$ and \` + "`" + ` stand for the character after
          the backslash
After a closing quote, only a blank and a comment can follow. Nothing is
expanded, and \n is two characters.

A TALKDESK_PRIVATE_KEY_FILE that is not an absolute path is relative to the file
that sets it. A file with a secret or a key, whatever names it, is refused if
others than its owner can read or change it. The exceptions are for containers:
a file on a read-only file system, and one of a different user, such as root,
that only this user can change. The mode of a pipe, such as
--env-file <(command), is not checked, nor is any mode on Windows, where it
depends on the directory. A file can have 1 MiB.

A profile named default that cannot be opened is an error only if a setting is
missing.`,
		Example: `  contractactions auth login
  contractactions auth test
  contractactions auth test --profile work
  contractactions auth profiles`,
		RunE:                       func(command *cobra.Command, _ []string) error { return command.Help() },
		SuggestionsMinimumDistance: 2,
	}
	command.AddCommand(newLogin(options), newTest(options), newProfiles())
	return command
}
