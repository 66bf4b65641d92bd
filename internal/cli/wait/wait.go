// Package wait waits until contract actions are COMPLETED or FAILED.
package wait

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/time/rate"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// The default pauses between polls.
const (
	firstPause   = flagvalue.Duration(2 * time.Second)
	longestPause = flagvalue.Duration(30 * time.Second)
)

// NewCommand returns the command wait. The options are those of its client.
func NewCommand(options []wrapper.Option) *cobra.Command {
	var (
		format            = "table"
		interval, longest flagvalue.Duration
		perPage           int
	)
	command := &cobra.Command{
		Use:   "wait ACCOUNT_ID ACTION_ID...",
		Short: "Wait until contract actions are COMPLETED or FAILED",
		Long: `wait polls contract actions of an account until each is COMPLETED or FAILED, and
prints each at its end. The exit code is 0 if all are COMPLETED and 6 if any
FAILED. If it ends before, for example after --timeout, it prints those that are
left as they were last seen, if they were, and the exit code is that of the
reason. A contract action that the account does not have is an error at once;
wait then waits for the others.

The service has no operation for one contract action, so each poll is a listing,
newest first, up to the page that has the last of them; from the second poll on,
usually one page. The pauses between polls grow by half, from --interval to
--max-interval, and vary at random by a quarter, so that many programs do not
send their requests at the same moment. After the first 10 requests, there are
at most 2 per second. Once a contract action has been seen, temporary failures
do not end the waiting for it. A status that the contract does not list counts
as in progress.

Formats, on a terminal and in a pipe alike: table, or json for one JSON object
per contract action, each on a line, with the fields of list. If stderr is
a terminal, it shows the status, or for several how many have ended, the time
and when the next poll is due, unless stdout is a pipe or TERM is dumb.`,
		Example: `  contractactions wait 5ea75fe7aa224700012eae40 123245132132
  contractactions wait 5ea75fe7aa224700012eae40 123245132132 123245132135
  contractactions wait 5ea75fe7aa224700012eae40 123245132132 --timeout 10m && echo completed
  contractactions wait 5ea75fe7aa224700012eae40 123245132132 -o json | jq -r .status_message`,
		Args: accountAndActions,
		RunE: func(command *cobra.Command, arguments []string) error {
			first, longest, err := pauses(interval, longest)
			if err != nil {
				return exit.With(exit.Usage, err)
			}
			settings, err := config.Load(command)
			if err != nil {
				return withTimeoutCode(err)
			}
			// The vendor documents no rate limit for this operation, and this
			// one for a different operation (source: reference page). Options
			// of the caller override it.
			client, err := settings.NewClient(command.Context(), append([]wrapper.Option{wrapper.WithRateLimit(rate.Limit(2), 10)}, options...)...)
			if err != nil {
				return withTimeoutCode(err)
			}
			ctx, cancel := settings.WithTimeout(command.Context())
			defer cancel()
			return wait{
				client:    client,
				accountID: arguments[0],
				actionIDs: slices.Compact(slices.Sorted(slices.Values(arguments[1:]))),
				first:     first,
				longest:   longest,
				options:   pollOptions(perPage),
				timeout:   settings.Timeout,
				format:    format,
				stdout:    command.OutOrStdout(),
				stderr:    settings.ProgressWriter(),
			}.run(ctx)
		},
	}
	flags := command.Flags()
	flags.VarP(flagvalue.OneOf(&format, "FORMAT", "table", "json"), "output", "o", "table or json")
	config.AddFlags(command)
	flags.Var(flagvalue.Positive(&interval), "interval", "first pause between polls (2s, or --max-interval if that is shorter)")
	flags.Var(flagvalue.Positive(&longest), "max-interval", "longest pause between polls (30s, or --interval if that is longer)")
	config.AddPerPageFlag(command, &perPage, "contract actions", gen.ListContractActionsParameters())
	flags.Lookup("timeout").Usage = "time limit, for example 10m (no limit by default)"
	return command
}

// withTimeoutCode gives an error its exit code if --timeout caused it.
func withTimeoutCode(err error) error {
	if _, ok := errors.AsType[*failure.TimeoutError](err); ok {
		return exit.With(exit.Timeout, err)
	}
	return err
}

func accountAndActions(_ *cobra.Command, arguments []string) error {
	switch {
	case len(arguments) < 2:
		return errors.New("wait needs the id of an account and the ids of contract actions")
	case slices.Contains(arguments[1:], ""):
		return errors.New("the id of a contract action is empty")
	}
	return nil
}

// pollOptions returns the options for the value of --per-page, 0 for the default.
func pollOptions(perPage int) []wrapper.WaitOption {
	if perPage == 0 {
		return nil
	}
	return []wrapper.WaitOption{wrapper.PollPerPage(perPage)}
}

// pauses returns the first and the longest pause. If only one is set, it overrides
// a conflicting default of the other.
func pauses(first, longest flagvalue.Duration) (time.Duration, time.Duration, error) {
	switch {
	case first == 0 && longest == 0:
		first, longest = firstPause, longestPause
	case longest == 0:
		longest = max(first, longestPause)
	case first == 0:
		first = min(firstPause, longest)
	}
	if longest < first {
		return 0, 0, fmt.Errorf("--max-interval %v is shorter than --interval %v; see 'contractactions wait --help'", longest, first)
	}
	return time.Duration(first), time.Duration(longest), nil
}
