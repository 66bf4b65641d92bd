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

// clientFlags are the flags that take the place of variables. An address in a
// variable would make the region or the account in a flag count for nothing, so
// it gives way as well; not so an address in another flag.
var clientFlags = []struct {
	name      string
	variables []string // that give way
	option    func(value string) wrapper.Option
}{
	{"region", []string{"TALKDESK_REGION", "TALKDESK_BASE_URL", "TALKDESK_TOKEN_URL"},
		func(name string) wrapper.Option { return wrapper.WithRegion(wrapper.Region(name)) }},
	{"account", []string{"TALKDESK_ACCOUNT", "TALKDESK_TOKEN_URL"}, nil}, // see newClient
	{"base-url", []string{"TALKDESK_BASE_URL"}, wrapper.WithBaseURL},
	{"token-url", []string{"TALKDESK_TOKEN_URL"}, wrapper.WithTokenURL},
}

func addClientFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.Var(regionName(new(string)), "region", "us, eu or canada, in place of TALKDESK_REGION")
	flags.Var(notEmpty(new(string), "NAME"), "account", "name of your Talkdesk account, in place of TALKDESK_ACCOUNT")
	flags.Var(notEmpty(new(string), "URL"), "base-url", "address of the API, in place of TALKDESK_BASE_URL")
	flags.Var(notEmpty(new(string), "URL"), "token-url", "token endpoint, in place of TALKDESK_TOKEN_URL")
}

// newClient returns a client as the flags and the environment say.
func newClient(command *cobra.Command, options []wrapper.Option) (*wrapper.Client, error) {
	var fromFlags []wrapper.Option
	for _, known := range clientFlags {
		flag := command.Flags().Lookup(known.name)
		if !flag.Changed {
			continue
		}
		for _, variable := range known.variables {
			if err := os.Unsetenv(variable); err != nil {
				return nil, err
			}
		}
		if known.option != nil {
			fromFlags = append(fromFlags, known.option(flag.Value.String()))
			continue
		}
		// wrapper has no option for the account, which is an argument of its
		// other constructor.
		if err := os.Setenv("TALKDESK_ACCOUNT", flag.Value.String()); err != nil {
			return nil, err
		}
	}
	client, err := wrapper.NewFromEnvironment(append(fromFlags, options...)...)
	if err != nil {
		return nil, usageError{err}
	}
	return client, nil
}
