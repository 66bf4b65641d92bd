package list

import (
	"bufio"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/time/rate"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// changesSettings are the values of the flags of changes.
type changesSettings struct {
	settings
	state    string
	follow   bool
	interval flagvalue.Duration
}

// changesFormats can be printed account by account, in any number of runs.
var changesFormats = []string{"ndjson", "csv", "table"}

// NewChangesCommand returns the command changes. The options are those of its client.
func NewChangesCommand(options []wrapper.Option) *cobra.Command {
	settings := changesSettings{
		settings: settings{format: changesFormats[0], concurrency: 8},
		interval: flagvalue.Duration(time.Minute),
	}
	command := &cobra.Command{
		Use:   "changes ACCOUNT_ID... | - | --all-accounts --state FILE",
		Short: "Print what is new or changed since the last run",
		Long: `changes prints the contract actions that are new or were updated since the last
run, each once, and records in FILE how far each account has been printed. It
reads the latest updates first and stops at what is known: usually one request
for each account. If the service ignores or refuses this order, it reads
everything, with the same output.

The first run creates FILE and prints every contract action, or with --since
those updated since then; stderr says which. --since has no effect once FILE
exists. An account that is added later starts at the same time as the first.

The changes of an account are printed and recorded once all of them have been
received, usually the latest update first. If an account fails, the others
continue, and the exit code is 3 or 10: its changes are printed by the next run
in which it succeeds. If nothing has changed, nothing is printed, and the exit
code is 0.

Without --into, changes are printed to stdout and then recorded. If the program
is killed in between, the changes of one account are printed again by the next
run: none is lost. --into OUT appends them to OUT instead, each exactly once,
wherever the program is killed: what was not recorded is removed from OUT by the
next run. To process the changes, move OUT away after a run that has succeeded;
the next one begins it again. An OUT that was edited is an error.

--follow repeats this, with a pause of --interval, until it is interrupted
(Ctrl-C), which then is a success. With --follow, at most 2 requests per second
are sent after the first 10. Failures do not end it, unless the credentials are
refused or the only account is.

FILE belongs to one service and one choice of --output, --fields, --status,
--type and --local; with others, the exit code is 2. One command at a time can
use it: for any other, the exit code is 9. To start over, remove FILE, and OUT.

Formats: ndjson, csv and table, as 'contractactions help formats' describes them.
csv has a header only if there are changes; with --into, once in OUT. The
summary is printed in a table, on a terminal, and if not everything succeeded.`,
		Example: `  contractactions changes 5ea75fe7aa224700012eae40 --state changes.state
  contractactions changes --all-accounts --state changes.state --since 1h
  contractactions changes - --state failed.state --status FAILED -q < accounts.txt
  contractactions changes - --state s --into new.ndjson < accounts.txt && mv new.ndjson work.ndjson
  contractactions changes - --state changes.state --follow --interval 5m < accounts.txt`,
		Args: func(command *cobra.Command, arguments []string) error {
			if settings.state == "" {
				return errors.New("changes needs --state FILE, to record how far each account has been printed")
			}
			return settings.checkAccounts(command, arguments)
		},
		PreRunE: func(command *cobra.Command, _ []string) error {
			return settings.check(command.Flags().Changed("output"))
		},
		RunE: func(command *cobra.Command, arguments []string) error {
			return settings.run(command, arguments, options)
		},
	}
	settings.addFlags(command)
	return command
}

func (s *changesSettings) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.Var(flagvalue.NotEmpty(&s.state, "FILE"), "state", "record how far accounts are printed (required)")
	flags.Var(flagvalue.NotEmpty(&s.into, "OUT"), "into", "append to OUT, ndjson or csv, exactly once")
	flags.Var(sinceValue(&s.since), "since", "begin a new FILE at 36h, 7d, 2w or 2026-11-01")
	flags.BoolVar(&s.follow, "follow", false, "repeat until interrupted")
	flags.Var(flagvalue.Positive(&s.interval), "interval", "pause between the runs of --follow")
	flags.VarP(flagvalue.OneOf(&s.format, "FORMAT", changesFormats...), "output", "o", strings.Join(changesFormats, ", "))
	s.addSelectionFlags(command)
	s.addZoneFlag(command)
	s.addConcurrencyFlag(command)
	s.addAccountFlags(command)
	config.AddPerPageFlag(command, &s.perPage, "contract actions", gen.ListContractActionsParameters())
	config.AddFlags(command)
}

func (s *changesSettings) check(formatGiven bool) error {
	if s.into != "" && s.into == s.state {
		return exit.With(exit.Usage, errors.New("--into and --state need different files"))
	}
	return s.settings.check(formatGiven)
}

func (s *changesSettings) run(command *cobra.Command, arguments []string, options []wrapper.Option) error {
	loaded, err := config.Load(command)
	if err != nil {
		return err
	}
	if s.follow {
		// As in the command wait. Options of the caller override it.
		options = append([]wrapper.Option{wrapper.WithRateLimit(rate.Limit(2), 10)}, options...)
	}
	client, err := loaded.NewClient(command.Context(), options...)
	if err != nil {
		return err
	}
	zone, since, err := s.times(command.Context())
	if err != nil {
		return err
	}
	format := output.Format{Name: s.format, Fields: s.fields, Terminal: terminal.Of(command.OutOrStdout())}
	accounts := newAccounts(arguments, command.InOrStdin(), nil)
	if s.allAccounts {
		accounts.service = allAccounts(loaded, client, s.accountStatuses)
	}
	c := changes{
		listing: listing{
			client:   client,
			accounts: accounts,
			options:  append(config.PageOptions(s.perPage, 0), wrapper.Concurrency(s.concurrency)),
			filter:   filter{statuses: s.statuses, types: s.types},
			format:   format,
			zone:     zone,
			stdout:   command.OutOrStdout(),
			stderr:   command.ErrOrStderr(),
			progress: loaded.ProgressWriter(),
			quiet:    loaded.Quiet,

			errorsJSON: loaded.ErrorsJSON,
		},
		loaded: loaded,
		state:  s.state,
		output: s.into,
		header: checkpoint.Header{
			Command: "changes", Service: client.Raw().Server, Settings: s.printed(command, "status", "type", "local"), Since: since,
		},
	}
	if s.into == "" {
		c.out = bufio.NewWriter(c.stdout)
		c.printer = listOf(false, true).NewPrinter(format, c.out)
	}
	if s.follow {
		return c.follow(command.Context(), time.Duration(s.interval))
	}
	return c.run(command.Context())
}
