package config

import (
	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Help describes the variables.
const Help = `The commands that use the service read these variables:
  TALKDESK_ACCOUNT           name of your Talkdesk account: the acme of
                             acme.talkdeskid.com
  TALKDESK_REGION            us (the default), eu or canada
  TALKDESK_CLIENT_ID         the client id
  TALKDESK_CLIENT_SECRET     the client secret; or
  TALKDESK_CLIENT_SECRET_COMMAND
                             a command that prints it; or, in place of a secret,
  TALKDESK_PRIVATE_KEY       a private key, or
  TALKDESK_PRIVATE_KEY_FILE  the file that contains it, and
  TALKDESK_KEY_ID            the id of the key
  TALKDESK_KEY_ALGORITHM     the key's algorithm, if it is not the default for
                             the key: ES256, ES384, ES512 or RS256
  TALKDESK_SCOPE             scopes to request, separated by spaces; by default,
                             the token has all that the client was granted
  TALKDESK_BASE_URL          a different address of the API, such as a sandbox's
  TALKDESK_TOKEN_URL         a different token endpoint; TALKDESK_ACCOUNT is not
                             needed then
  TALKDESK_PLAIN_HTTP_HOSTS  hosts to which both may be plain http, separated by
                             commas, such as sandbox:8080: credentials for them
                             are sent unencrypted
  TALKDESK_PROFILE           the profile to use, like --profile

Secrets are read from the environment or a file, never from a flag: other users
of the machine can see the arguments of a program. Flags, such as --region for
TALKDESK_REGION, override the environment, the environment overrides --env-file,
and --env-file overrides the profile. Run 'contractactions auth --help' for the
format of both files, and 'contractactions auth login' to write a profile.

TALKDESK_CLIENT_SECRET_COMMAND is run with sh -c, or on Windows with cmd /c, for
example 'pass show talkdesk' or 'op read op://work/talkdesk/secret'. The secret
is what it prints, without the line break at the end. Its standard input is
empty, and it has two minutes, or --timeout. Its stderr is shown, except with
--errors json; its output is in no error.

Settings that depend on each other are not mixed: --region also overrides a
TALKDESK_BASE_URL or TALKDESK_TOKEN_URL, --account overrides a
TALKDESK_TOKEN_URL, and a secret or key overrides any other credentials from
the environment or a file. HTTPS_PROXY and NO_PROXY have their usual meaning.

Other variables: TZ with --local, NO_COLOR and TERM for terminals, and on systems
that use them XDG_CONFIG_HOME and XDG_CACHE_HOME. demo, serve, spec and schema
read no settings.`

// AddFlags adds the flags that every command with a client has. See [Load].
func AddFlags(command *cobra.Command) {
	addServiceFlags(command)
	addProfileFlag(command, "profile to read settings from")
	command.Flags().Var(flagvalue.NotEmpty(new(string), "FILE"), "env-file", "file of NAME=VALUE lines with settings")
	addRunFlags(command)
}

// addServiceFlags adds the flags that select a service.
func addServiceFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.Var(region(new(string)), "region", "us, eu or canada")
	flags.Var(flagvalue.NotEmpty(new(string), "NAME"), "account", "name of your Talkdesk account")
	flags.Var(flagvalue.NotEmpty(new(string), "URL"), "base-url", "address of the API")
	flags.Var(flagvalue.NotEmpty(new(string), "URL"), "token-url", "token endpoint")
	flags.Var(flagvalue.ScopeList(new(flagvalue.Scopes)), "scope", "scopes to request; can be repeated")
}

func addProfileFlag(command *cobra.Command, usage string) {
	command.Flags().Var(flagvalue.Value[string]{Target: new(string), Kind: "NAME", Parse: parseProfileName}, "profile", usage)
}

// addRunFlags adds the flags that determine how requests are sent, and what is on
// stderr.
func addRunFlags(command *cobra.Command) {
	flags, errors := command.Flags(), "text"
	flags.Var(flagvalue.RateLimit(new(flagvalue.Rate)), "rate-limit", "requests per second: 2, 0.5 or 2:10 (a burst)")
	flags.Var(flagvalue.Positive(new(flagvalue.Duration)), "timeout", "time limit, for example 30s or 5m")
	flags.BoolP("quiet", "q", false, "print no progress and no summary")
	flags.BoolP("verbose", "v", false, "log each request, in place of the progress")
	flags.Bool("debug", false, "log addresses, request ids and times")
	flags.Var(flagvalue.OneOf(&errors, "FORMAT", "text", "json"), "errors", "text or json, see 'help errors'")
}

// region accepts the name of a region.
func region(target *string) flagvalue.Value[string] {
	choices := []string{string(wrapper.US), string(wrapper.EU), string(wrapper.Canada)}
	return flagvalue.Value[string]{Target: target, Kind: "REGION", Choices: choices, Parse: func(text string) (string, error) {
		region, err := wrapper.ParseRegion(text)
		return string(region), err
	}}
}

// flag returns the value of a flag; empty if it was not set, or if the command
// has no such flag.
func flag(command *cobra.Command, name string) string {
	if flag := command.Flags().Lookup(name); flag != nil && flag.Changed {
		return flag.Value.String()
	}
	return ""
}
