package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/time/rate"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// Pauses between two looks, unless flags say otherwise.
const (
	firstPause   = duration(2 * time.Second)
	longestPause = duration(30 * time.Second)
)

func newWait(options []wrapper.Option) *cobra.Command {
	var (
		output            = "table"
		interval, longest duration
	)
	command := &cobra.Command{
		Use:   "wait ACCOUNT_ID ACTION_ID",
		Short: "Wait until a contract action is COMPLETED or FAILED",
		Long: `wait looks at a contract action again and again until it is COMPLETED or FAILED,
and prints it. The exit code tells which: 0 is COMPLETED, 6 is FAILED. If it
gives up before, after the --timeout for example, it prints the contract action
as it was last seen, if it was. An account that has no such contract action is
an error at once.

The service has no operation for one contract action, so each look is a listing,
newest first, up to the page that has it; from the second look on, usually that
page alone.
The pauses between looks grow by half, from --interval to --max-interval, and
vary at random by a quarter, so that many who wait do not ask at the same
moment. However short they are, there are no more than 2 requests a second
after the first 10. Failures that may pass do not end the waiting once the
contract action has been seen. A status that is not in the contract counts as
one on the way.

Formats, on a terminal and in a pipe alike: table, or json for one JSON object
with the fields as in the API. A line on stderr shows the status, the time and
when the next look is due if that is a terminal, unless the output goes into a
pipe.

` + environmentHelp,
		Example: `  contractactions wait 5ea75fe7aa224700012eae40 123245132132
  contractactions wait 5ea75fe7aa224700012eae40 123245132132 --timeout 10m && echo carried out
  contractactions wait 5ea75fe7aa224700012eae40 123245132132 -o json | jq -r .status_message`,
		Args: accountAndAction,
		RunE: func(command *cobra.Command, arguments []string) error {
			first, longest, err := pauses(interval, longest)
			if err != nil {
				return usageError{err}
			}
			// The vendor documents no rate limit for this operation, and this
			// one for another (source: reference page). Options that were
			// given win.
			options := append([]wrapper.Option{wrapper.WithRateLimit(rate.Limit(2), 10)}, options...)
			client, err := newClient(command, options)
			if err != nil {
				return err
			}
			ctx, cancel := contextOf(command)
			defer cancel()
			return waiting{
				client:    client,
				accountID: arguments[0],
				actionID:  arguments[1],
				first:     first,
				longest:   longest,
				timeout:   timeoutOf(command),
				format:    output,
				stdout:    command.OutOrStdout(),
				stderr:    progressWriter(command),
			}.run(ctx)
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.VarP(oneOf(&output, "FORMAT", "table", "json"), "output", "o", "table or json")
	addClientFlags(command)
	flags.Var(timeSpan(&interval), "interval", "about how long the first pause is (2s unless --max-interval is shorter)")
	flags.Var(timeSpan(&longest), "max-interval", "about how long the longest is (30s unless --interval is longer)")
	flags.Lookup("timeout").Usage = "give up after so long, for example 10m (it waits as long as it takes)"
	return command
}

func accountAndAction(_ *cobra.Command, arguments []string) error {
	switch {
	case len(arguments) < 2:
		return errors.New("wait needs the id of an account and the id of a contract action")
	case len(arguments) > 2:
		return fmt.Errorf("wait takes the id of an account and of one contract action, not %d ids", len(arguments))
	case arguments[1] == "":
		return errors.New("the id of the contract action is empty")
	}
	return nil
}

// pauses are the first and the longest pause. Where only one of them was given,
// the default of the other gives way to it.
func pauses(first, longest duration) (time.Duration, time.Duration, error) {
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
