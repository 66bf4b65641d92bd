// Package changes prints the contract actions that are new or were updated since
// the last run.
package changes

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
	"github.com/talkdesk-express/contractactions/internal/cli/listing"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/selection"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// settings are the values of the flags of changes.
type settings struct {
	listing.Settings
	state    string
	follow   bool
	interval flagvalue.Duration
}

// formats can be printed account by account, in any number of runs.
var formats = []string{"ndjson", "csv", "table"}

// NewCommand returns the command changes. The options are those of its client.
func NewCommand(options []wrapper.Option) *cobra.Command {
	settings := settings{
		Settings: listing.Settings{Format: formats[0], Concurrency: 8},
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
the next one begins it again. An OUT that was edited or appended to is an error.

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
			return settings.CheckAccounts(command, arguments)
		},
		PreRunE: func(command *cobra.Command, _ []string) error {
			return settings.check(command.Flags().Changed("output"), command.Flags().Changed("interval"))
		},
		RunE: func(command *cobra.Command, arguments []string) error {
			return settings.run(command, arguments, options)
		},
	}
	settings.addFlags(command)
	return command
}

func (s *settings) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.Var(flagvalue.FileName(&s.state, "FILE"), "state", "record how far accounts are printed (required)")
	flags.Var(flagvalue.FileName(&s.Into, "OUT"), "into", "append to OUT, ndjson or csv, exactly once")
	flags.Var(selection.SinceValue(&s.Since), "since", "begin a new FILE at 36h, 7d, 2w or 2026-11-01")
	flags.BoolVar(&s.follow, "follow", false, "repeat until interrupted")
	flags.Var(flagvalue.Positive(&s.interval), "interval", "pause between the runs of --follow")
	flags.VarP(flagvalue.OneOf(&s.Format, "FORMAT", formats...), "output", "o", strings.Join(formats, ", "))
	s.AddSelectionFlags(command)
	s.AddZoneFlag(command)
	s.AddConcurrencyFlag(command)
	s.AddAccountFlags(command)
	config.AddPerPageFlag(command, &s.PerPage, "contract actions", gen.ListContractActionsParameters())
	config.AddFlags(command)
}

func (s *settings) check(formatGiven, intervalGiven bool) error {
	if intervalGiven && !s.follow {
		return exit.With(exit.Usage, errors.New("--interval needs --follow"))
	}
	if s.Into != "" && s.Into == s.state {
		return exit.With(exit.Usage, errors.New("--into and --state need different files"))
	}
	s.UseFormatOfInto(formatGiven)
	return exit.With(exit.Usage, s.CheckInto())
}

func (s *settings) run(command *cobra.Command, arguments []string, options []wrapper.Option) error {
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
	zone, since, err := s.Times(command.Context())
	if err != nil {
		return err
	}
	c := changes{
		Listing: s.New(command, arguments, loaded, client),
		loaded:  loaded,
		state:   s.state,
		output:  s.Into,
		header: checkpoint.Header{
			Command: "changes", Service: client.Raw().Server, Settings: s.Printed(command, "status", "type", "local"), Since: since,
		},
	}
	c.Zone = zone
	if s.Into == "" {
		c.out = bufio.NewWriter(c.Stdout)
		c.printer = output.ContractActions.NewPrinter(c.Format, c.out)
	}
	if s.follow {
		return c.follow(command.Context(), time.Duration(s.interval))
	}
	return c.run(command.Context())
}
