// Package config creates the API client from the flags of a command, environment
// variables, the file of --env-file and a profile.
package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Help is the part of a command's help that describes the variables.
const Help = `Environment variables:
  TALKDESK_ACCOUNT           name of your Talkdesk account: the acme of
                             acme.talkdeskid.com
  TALKDESK_REGION            us (the default), eu or canada
  TALKDESK_CLIENT_ID         the client id
  TALKDESK_CLIENT_SECRET     the client secret; or, in place of a secret,
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
of the machine can see the arguments of a program. Flags override the
environment, the environment overrides --env-file, and --env-file overrides the
profile. Run 'contractactions auth --help' for the format of both files.

Settings that depend on each other are not mixed: --region also overrides a
TALKDESK_BASE_URL or TALKDESK_TOKEN_URL, --account overrides a
TALKDESK_TOKEN_URL, and a secret or key overrides any other credentials from
the environment or a file. HTTPS_PROXY and NO_PROXY have their usual meaning.`

// AddFlags adds the flags that every command with a client has. See [Load].
func AddFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.Var(region(new(string)), "region", "us, eu or canada; overrides TALKDESK_REGION")
	flags.Var(flagvalue.NotEmpty(new(string), "NAME"), "account", "name of your Talkdesk account; overrides TALKDESK_ACCOUNT")
	flags.Var(flagvalue.NotEmpty(new(string), "URL"), "base-url", "address of the API; overrides TALKDESK_BASE_URL")
	flags.Var(flagvalue.NotEmpty(new(string), "URL"), "token-url", "token endpoint; overrides TALKDESK_TOKEN_URL")
	flags.Var(flagvalue.ScopeList(new(flagvalue.Scopes)), "scope", "scopes to request; overrides TALKDESK_SCOPE; can be repeated")
	flags.Var(flagvalue.Value[string]{Target: new(string), Kind: "NAME", Parse: parseProfileName}, "profile",
		"profile to read variables from, see 'contractactions auth --help'")
	flags.Var(flagvalue.NotEmpty(new(string), "FILE"), "env-file", "file of NAME=VALUE lines to read variables from")
	flags.Var(flagvalue.Positive(new(flagvalue.Duration)), "timeout", "time limit, for example 30s or 5m")
	flags.BoolP("quiet", "q", false, "print no progress and no summary")
	flags.BoolP("verbose", "v", false, "log each request on stderr, in place of the progress")
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
	Timeout        time.Duration // 0 for none
	Quiet, Verbose bool

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
	// A flag that is not set is empty, and no duration: zero.
	timeout, _ := time.ParseDuration(flag(command, "timeout"))
	config := &Config{
		Timeout: timeout,
		Quiet:   flag(command, "quiet") == "true",
		Verbose: flag(command, "verbose") == "true",
		sources: sources,
		unread:  unread,
		stderr:  command.ErrOrStderr(),
	}
	if config.Quiet && config.Verbose {
		return nil, exit.With(exit.Usage, errors.New("--quiet and --verbose exclude each other"))
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
	if c.Verbose {
		records := slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelDebug})
		options = slices.Concat([]wrapper.Option{wrapper.WithLogger(slog.New(records))}, options)
	}
	lookup, err := c.withKey(ctx)
	if err != nil {
		return nil, exit.IfInterrupted(ctx, exit.With(exit.Usage, err))
	}
	client, err := wrapper.NewFromVariables(lookup, options...)
	if err != nil {
		return nil, exit.With(exit.Usage, c.withSource(err))
	}
	return client, nil
}

// withKey returns Get with the private key in place of its file, so that all files
// are read in the same way. Settings that conflict are left to the client.
func (c *Config) withKey(ctx context.Context) (func(name string) string, error) {
	const inFile, inVariable = "TALKDESK_PRIVATE_KEY_FILE", "TALKDESK_PRIVATE_KEY"
	name, source := c.sources.find(inFile)
	if name == "" || c.Get(inVariable) != "" || c.Get("TALKDESK_CLIENT_SECRET") != "" {
		return c.Get, nil
	}
	file, err := readFile(ctx, name)
	// Without the name: some users put the key itself into this variable.
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		err = failed.Err
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("the file that %s names cannot be read: %w (%[1]s is from %[3]s)", inFile, err, source)
	case file.exposed != nil:
		return nil, file.exposed
	case len(bytes.TrimSpace(file.content)) == 0:
		return nil, fmt.Errorf("the file that %s names is empty (%[1]s is from %s)", inFile, source)
	}
	return func(name string) string {
		switch name {
		case inVariable:
			return string(file.content)
		case inFile:
			return ""
		}
		return c.Get(name)
	}, nil
}

// withSource adds where a variable with a bad value was set, or why one that is
// missing may be: the default profile could not be read.
func (c *Config) withSource(err error) error {
	var bad *wrapper.VariableError
	if !errors.As(err, &bad) {
		return err
	}
	isSet := func(name string) bool { return c.Get(name) != "" }
	if c.unread != nil && !slices.ContainsFunc(bad.Names, isSet) {
		return fmt.Errorf("%w (not looked up in the %w)", bad, c.unread)
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
	return context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("the --timeout of %v expired", c.Timeout))
}

// ProgressWriter returns where to show the progress: nowhere with --quiet, and
// with --verbose, whose log is more detailed.
func (c *Config) ProgressWriter() io.Writer {
	if c.Quiet || c.Verbose {
		return io.Discard
	}
	return c.stderr
}
