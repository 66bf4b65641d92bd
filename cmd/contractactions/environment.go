package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

const environmentHelp = `Environment variables:
  TALKDESK_ACCOUNT           name of your Talkdesk account: the acme of
                             acme.talkdeskid.com
  TALKDESK_REGION            us (the default), eu or canada
  TALKDESK_CLIENT_ID         the client id
  TALKDESK_CLIENT_SECRET     the client secret; or, in place of a secret,
  TALKDESK_PRIVATE_KEY       a private key, or
  TALKDESK_PRIVATE_KEY_FILE  the file that holds it, and
  TALKDESK_KEY_ID            the key's id
  TALKDESK_KEY_ALGORITHM     its algorithm, if not ES256, ES384, ES512 or RS256,
                             as fits the key
  TALKDESK_SCOPE             scopes to request, separated by spaces; by default,
                             the token has all that the client was granted
  TALKDESK_BASE_URL          another address of the API, for example a sandbox's
  TALKDESK_TOKEN_URL         another token endpoint; then TALKDESK_ACCOUNT is
                             not needed
  TALKDESK_PROFILE           the profile that --profile would name

Secrets come from the environment or a file, never from a flag, since other
users of the machine can see a program's arguments. Flags win over the
environment, that over --env-file, and that over the profile; see
'contractactions auth --help' for both kinds of file. What belongs together is
not mixed: --region also wins over a TALKDESK_BASE_URL or TALKDESK_TOKEN_URL,
--account over a TALKDESK_TOKEN_URL, and a secret or key over any other
credentials from the environment or a file.
HTTPS_PROXY and NO_PROXY work as usual.`

// addClientFlags adds what every command that talks to the service has. The
// functions below read them.
func addClientFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.Var(regionName(new(string)), "region", "us, eu or canada, in place of TALKDESK_REGION")
	flags.Var(notEmpty(new(string), "NAME"), "account", "name of your Talkdesk account, in place of TALKDESK_ACCOUNT")
	flags.Var(notEmpty(new(string), "URL"), "base-url", "address of the API, in place of TALKDESK_BASE_URL")
	flags.Var(notEmpty(new(string), "URL"), "token-url", "token endpoint, in place of TALKDESK_TOKEN_URL")
	flags.Var(scopeList(new(scopes)), "scope", "request only these scopes, in place of TALKDESK_SCOPE; can be repeated")
	flags.Var(checked[string]{new(string), "NAME", parseProfileName}, "profile", "the profile to take variables from, see 'contractactions auth --help'")
	flags.Var(notEmpty(new(string), "FILE"), "env-file", "a file of NAME=VALUE lines to take variables from")
	flags.Var(timeSpan(new(duration)), "timeout", "give up after so long, for example 30s or 5m")
	flags.BoolP("quiet", "q", false, "print no progress and no summary")
	flags.BoolP("verbose", "v", false, "log each request on stderr, in place of the progress")
}

// newClient returns a client as the flags, the environment and files say.
func newClient(command *cobra.Command, options []wrapper.Option) (*wrapper.Client, error) {
	variables, err := variablesOf(command)
	if err != nil {
		return nil, usageError{err}
	}
	return newClientFrom(variables, command, options)
}

func newClientFrom(variables variables, command *cobra.Command, options []wrapper.Option) (*wrapper.Client, error) {
	if quiet(command) && verbose(command) {
		return nil, usageError{errors.New("--quiet and --verbose exclude each other")}
	}
	if verbose(command) {
		records := slog.NewTextHandler(command.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelDebug})
		options = append([]wrapper.Option{wrapper.WithLogger(slog.New(records))}, options...)
	}
	client, err := wrapper.NewFromVariables(variables.get, options...)
	if err != nil {
		return nil, usageError{variables.explain(errors.Unwrap(err))}
	}
	return client, nil
}

// variablesOf are the variables that a command is to use.
func variablesOf(command *cobra.Command) (variables, error) {
	layers := variables{ofFlags(func(flag string) string { return flagValue(command, flag) }), ofEnvironment()}
	if file := flagValue(command, "env-file"); file != "" {
		values, err := readEnvFile(file)
		if err != nil {
			return nil, err
		}
		layers = append(layers, ofFile(file, values))
	}
	name := flagValue(command, "profile")
	if name == "" {
		var err error
		if name, err = profileOfEnvironment(); err != nil {
			return nil, err
		}
	}
	profile, err := readProfile(name)
	return append(layers, profile), err
}

// profileOfEnvironment is the name in TALKDESK_PROFILE, if any.
func profileOfEnvironment() (string, error) {
	name := os.Getenv("TALKDESK_PROFILE")
	if name == "" {
		return "", nil
	}
	name, err := parseProfileName(name)
	if err != nil {
		return "", errors.New("TALKDESK_PROFILE: " + err.Error())
	}
	return name, nil
}

// flagValue is the value of a flag in the command line; empty if it is not
// there, or if the command has no such flag.
func flagValue(command *cobra.Command, name string) string {
	if flag := command.Flags().Lookup(name); flag != nil && flag.Changed {
		return flag.Value.String()
	}
	return ""
}

func quiet(command *cobra.Command) bool { return flagValue(command, "quiet") == "true" }

func verbose(command *cobra.Command) bool { return flagValue(command, "verbose") == "true" }

// contextOf is the command's context, bounded by --timeout.
func contextOf(command *cobra.Command) (context.Context, context.CancelFunc) {
	return withTimeout(command.Context(), timeoutOf(command))
}

func timeoutOf(command *cobra.Command) time.Duration {
	// What is empty, a flag that is not there, is no time span: zero.
	timeout, _ := time.ParseDuration(flagValue(command, "timeout"))
	return timeout
}

// progressWriter is where the command may show its progress: nowhere with
// --quiet, and with --verbose the log says more.
func progressWriter(command *cobra.Command) io.Writer {
	if quiet(command) || verbose(command) {
		return io.Discard
	}
	return command.ErrOrStderr()
}
