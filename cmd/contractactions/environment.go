package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

const environmentHelp = `Environment variables:
  TALKDESK_ACCOUNT           name of your Talkdesk account: the acme of acme.talkdeskid.com
  TALKDESK_REGION            us (the default), eu or canada
  TALKDESK_CLIENT_ID         the client id
  TALKDESK_CLIENT_SECRET     the client secret; or, in place of a secret,
  TALKDESK_PRIVATE_KEY       a private key, or
  TALKDESK_PRIVATE_KEY_FILE  the file that holds it, and
  TALKDESK_KEY_ID            the key's id
  TALKDESK_KEY_ALGORITHM     its algorithm, if not ES256, ES384, ES512 or RS256, as fits the key
  TALKDESK_BASE_URL          another address of the API, for example a sandbox's
  TALKDESK_TOKEN_URL         another token endpoint; then TALKDESK_ACCOUNT is not needed

Secrets come from the environment only, since other users of the machine can
see a program's arguments. Flags win over variables: --region over
TALKDESK_BASE_URL and TALKDESK_TOKEN_URL, too, and --account over
TALKDESK_TOKEN_URL. HTTPS_PROXY and NO_PROXY work as usual.`

// clientFlags are the flags that take the place of a variable, in the order in
// which they do. An address in a variable would make the region or the account
// in a flag count for nothing, so it gives way as well; not so an address in
// another flag, which comes later.
var clientFlags = []struct {
	name, variable string
	overridden     []string // the variables that give way as well
}{
	{"region", "TALKDESK_REGION", []string{"TALKDESK_BASE_URL", "TALKDESK_TOKEN_URL"}},
	{"account", "TALKDESK_ACCOUNT", []string{"TALKDESK_TOKEN_URL"}},
	{"base-url", "TALKDESK_BASE_URL", nil},
	{"token-url", "TALKDESK_TOKEN_URL", nil},
}

func addClientFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.Var(regionName(new(string)), "region", "us, eu or canada, in place of TALKDESK_REGION")
	flags.Var(notEmpty(new(string), "NAME"), "account", "name of your Talkdesk account, in place of TALKDESK_ACCOUNT")
	flags.Var(notEmpty(new(string), "URL"), "base-url", "address of the API, in place of TALKDESK_BASE_URL")
	flags.Var(notEmpty(new(string), "URL"), "token-url", "token endpoint, in place of TALKDESK_TOKEN_URL")
}

// newClient returns a client as the flags and the environment say. The flags
// go into the environment of this process first: wrapper reads the credentials
// from there, and so there is one reading of these settings, not two.
func newClient(command *cobra.Command, options []wrapper.Option) (*wrapper.Client, error) {
	for _, known := range clientFlags {
		flag := command.Flags().Lookup(known.name)
		if !flag.Changed {
			continue
		}
		if err := os.Setenv(known.variable, flag.Value.String()); err != nil {
			return nil, err
		}
		for _, variable := range known.overridden {
			if err := os.Unsetenv(variable); err != nil {
				return nil, err
			}
		}
	}
	client, err := wrapper.NewFromEnvironment(options...)
	if err != nil {
		return nil, usageError{err}
	}
	return client, nil
}
