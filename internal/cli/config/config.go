// Package config creates the API client from the flags of a command, environment
// variables, the file of --env-file and a profile.
package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/time/rate"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
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

// Config is what the flags of a command, the environment and files set.
type Config struct {
	Timeout               time.Duration // 0 for none
	Quiet, Verbose, Debug bool
	ErrorsJSON            bool // whether stderr has errors as JSON, and nothing else

	rate    flagvalue.Rate // zero for no limit
	sources sources
	unread  error // why the default profile could not be read, if it could not
	stderr  io.Writer
}

// Load reads the flags that [AddFlags] added, the environment and the files.
func Load(command *cobra.Command) (*Config, error) {
	sources, unread, err := loadSources(command)
	if err != nil {
		return nil, exit.IfInterrupted(command.Context(), exit.With(exit.Usage, err))
	}
	return newConfig(command, sources, unread)
}

func newConfig(command *cobra.Command, sources sources, unread error) (*Config, error) {
	// A flag that is not set is empty, and neither a duration nor a rate: zero.
	timeout, _ := time.ParseDuration(flag(command, "timeout"))
	limit, _ := flagvalue.ParseRate(flag(command, "rate-limit"))
	config := &Config{
		Timeout:    timeout,
		Quiet:      flag(command, "quiet") == "true",
		Verbose:    flag(command, "verbose") == "true",
		Debug:      flag(command, "debug") == "true",
		ErrorsJSON: flag(command, "errors") == "json",
		rate:       limit,
		sources:    sources,
		unread:     unread,
		stderr:     command.ErrOrStderr(),
	}
	switch logs := config.Verbose || config.Debug; {
	case logs && config.Quiet:
		return nil, exit.With(exit.Usage, errors.New("--quiet cannot be used with --verbose or --debug"))
	case logs && config.ErrorsJSON:
		return nil, exit.With(exit.Usage, errors.New("--errors json cannot be used with --verbose or --debug: stderr has only errors then"))
	}
	return config, nil
}

// loadSources reads each file once: it may be a pipe. unread is why the default
// profile could not be read, if it could not.
func loadSources(command *cobra.Command) (all sources, unread, err error) {
	all = sources{flagSource(func(name string) string { return flag(command, name) }), environmentSource()}
	if file := flag(command, "env-file"); file != "" {
		values, err := readEnvFile(command.Context(), file)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, fileSource(file, values))
	}
	name := flag(command, "profile")
	if name == "" {
		if name, err = profileOfEnvironment(); err != nil {
			return nil, nil, err
		}
	}
	profile, unread, err := readProfile(command.Context(), name)
	return append(all, profile), unread, err
}

// profileOfEnvironment returns the name in TALKDESK_PROFILE, if any.
func profileOfEnvironment() (string, error) {
	name := os.Getenv("TALKDESK_PROFILE")
	if name == "" {
		return "", nil
	}
	name, err := parseProfileName(name)
	if err != nil {
		return "", fmt.Errorf("TALKDESK_PROFILE: %w", err)
	}
	return name, nil
}

// flag returns the value of a flag; empty if it was not set, or if the command
// has no such flag.
func flag(command *cobra.Command, name string) string {
	if flag := command.Flags().Lookup(name); flag != nil && flag.Changed {
		return flag.Value.String()
	}
	return ""
}

// NewClient returns a client. The options override everything else. The context
// ends the reading of a key file.
func (c *Config) NewClient(ctx context.Context, options ...wrapper.Option) (*wrapper.Client, error) {
	options = slices.Concat(c.logOptions(), options)
	if c.rate.Burst > 0 {
		options = append(options, wrapper.WithRateLimit(rate.Limit(c.rate.PerSecond), c.rate.Burst))
	}
	lookup, err := c.withCredentials(ctx)
	if err != nil {
		return nil, exit.IfInterrupted(ctx, exit.With(exit.Usage, err))
	}
	client, err := wrapper.NewFromVariables(lookup, options...)
	if err != nil {
		return nil, exit.With(exit.Usage, c.withSource(err))
	}
	return client, nil
}

// logOptions returns the options of --verbose and --debug.
func (c *Config) logOptions() (options []wrapper.Option) {
	log := slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if c.Verbose {
		options = append(options, wrapper.WithLogger(log))
	}
	if c.Debug {
		options = append(options, debugging(log))
	}
	return options
}

// withSource adds where a variable with a bad value was set, or why one that is
// missing may be: the default profile could not be read.
func (c *Config) withSource(err error) error {
	var bad *wrapper.VariableError
	if !errors.As(err, &bad) {
		return err
	}
	isSet := func(name string) bool { return c.Get(name) != "" }
	isMissing := func(name string) bool { return slices.Contains(bad.Names, name) && !isSet(name) }
	if c.unread != nil && !slices.ContainsFunc(bad.Names, isSet) {
		return fmt.Errorf("%w (not looked up in the %w)", bad, c.unread)
	}
	if isMissing("TALKDESK_CLIENT_ID") && isMissing(secretVariable) {
		return &failure.Advice{Problem: bad.Error(), Err: bad, Advice: "to store them, run 'contractactions auth login'; " +
			"to try this program without an account, run 'contractactions demo' or 'contractactions serve'"}
	}
	if _, source := c.sources.find(commandVariable); source != "" && slices.Equal(bad.Names, []string{secretVariable}) {
		return fmt.Errorf("%w (%s printed it; %[2]s is from %[3]s)", bad, commandVariable, source)
	}
	if len(bad.Names) == 1 {
		if _, source := c.sources.find(bad.Names[0]); source != "" {
			return fmt.Errorf("%w (%s is from %s)", bad, bad.Names[0], source)
		}
	}
	return bad
}

// Get returns the value of a variable; empty if it is not set.
func (c *Config) Get(name string) string {
	value, _ := c.sources.find(name)
	return value
}

// Source returns where the first of the variables that is set comes from, for
// example "the environment"; empty if none is set.
func (c *Config) Source(names ...string) string {
	for _, name := range names {
		if _, source := c.sources.find(name); source != "" {
			return source
		}
	}
	return ""
}

// Region returns the name of the region.
func (c *Config) Region() string {
	if region := c.Get("TALKDESK_REGION"); region != "" {
		return strings.ToLower(region)
	}
	return string(wrapper.US)
}

// AccountIDs returns the Express accounts that completion offers.
func (c *Config) AccountIDs() []string {
	var ids []string
	for id := range strings.SplitSeq(c.Get("TALKDESK_ACCOUNT_IDS"), ",") {
		if id = strings.TrimSpace(id); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// WithTimeout bounds the context by --timeout.
func (c *Config) WithTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.Timeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, c.Timeout, &failure.TimeoutError{After: c.Timeout})
}

// ProgressWriter returns where to show the progress: nowhere with --quiet and
// --errors json, and with --verbose and --debug, whose log is more detailed.
func (c *Config) ProgressWriter() io.Writer {
	if c.Quiet || c.ErrorsJSON || c.Verbose || c.Debug {
		return io.Discard
	}
	return c.stderr
}
