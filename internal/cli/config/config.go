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

// Load reads the flags that [AddFlags] added, the environment and the files, for
// --timeout at most: a file can be a pipe.
func Load(command *cobra.Command) (*Config, error) {
	config, err := newConfig(command)
	if err != nil {
		return nil, err
	}
	ctx, cancel := config.WithTimeout(command.Context())
	defer cancel()
	config.sources, config.unread, err = loadSources(ctx, command)
	return config, usageError(ctx, err)
}

// usageError returns the error with the exit code of one in the settings, unless
// --timeout or an interrupt caused it.
func usageError(ctx context.Context, err error) error {
	if _, expired := errors.AsType[*failure.TimeoutError](err); expired {
		return err
	}
	return exit.IfInterrupted(ctx, exit.With(exit.Usage, err))
}

// newConfig returns what the flags set, without sources.
func newConfig(command *cobra.Command) (*Config, error) {
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
func loadSources(ctx context.Context, command *cobra.Command) (all sources, unread, err error) {
	all = sources{flagSource(func(name string) string { return flag(command, name) }), environmentSource()}
	if file := flag(command, "env-file"); file != "" {
		values, err := readEnvFile(ctx, file)
		if err != nil {
			return nil, nil, fmt.Errorf("--env-file: %w", err)
		}
		all = append(all, fileSource(file, values))
	}
	name := flag(command, "profile")
	if name == "" {
		if name, err = profileOfEnvironment(); err != nil {
			return nil, nil, err
		}
	}
	profile, unread, err := readProfile(ctx, name)
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

// NewClient returns a client. The options override everything else. The context
// and --timeout end the reading of a key file.
func (c *Config) NewClient(ctx context.Context, options ...wrapper.Option) (*wrapper.Client, error) {
	options = slices.Concat(c.logOptions(), options)
	if c.rate.Burst > 0 {
		options = append(options, wrapper.WithRateLimit(rate.Limit(c.rate.PerSecond), c.rate.Burst))
	}
	lookup, err := c.withCredentials(ctx)
	if err != nil {
		return nil, usageError(ctx, err)
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
		return c.withSourceOf(bad.Names[0], bad)
	}
	return bad
}

// withSourceOf adds where the variable was set, or names the flag that set it.
func (c *Config) withSourceOf(name string, bad *wrapper.VariableError) error {
	_, source := c.sources.find(name)
	problem, isNamed := strings.CutPrefix(bad.Error(), name+": ")
	flag, isFlag := flagOf[name]
	switch {
	case source == "":
		return bad
	case isNamed && isFlag && (source == theFlags || source == authLogin):
		return fmt.Errorf("--%s: %s", flag, problem)
	}
	return fmt.Errorf("%w (%s is from %s)", bad, name, source)
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
