package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func newList(options []wrapper.Option) *cobra.Command {
	var (
		output            = formats[0]
		perPage, maxPages int
		timeout           duration
	)
	command := &cobra.Command{
		Use:   "list ACCOUNT_ID",
		Short: "List the contract actions of an account",
		Long: `list prints the contract actions of an Express account as they arrive, page by
page. ACCOUNT_ID is the id of the Express account, for example
5ea75fe7aa224700012eae40. It is not the name of your own Talkdesk account.

` + formatsHelp + `

Requests that fail for the moment are repeated a few times. If the list breaks
off, what was received has been printed; the error is on stderr, and the exit
code tells. A progress line shows on stderr when that is a terminal, unless the
output goes into a pipe.

` + environmentHelp,
		Example: `  export TALKDESK_ACCOUNT=acme TALKDESK_CLIENT_ID=... TALKDESK_CLIENT_SECRET=...
  contractactions list 5ea75fe7aa224700012eae40
  contractactions list 5ea75fe7aa224700012eae40 --region eu --output csv > actions.csv
  contractactions list 5ea75fe7aa224700012eae40 -o ndjson | jq -r 'select(.status == "FAILED") | .id'`,
		Args: oneAccountID,
		RunE: func(command *cobra.Command, arguments []string) error {
			client, err := newClient(command, options)
			if err != nil {
				return err
			}
			ctx, cancel := withTimeout(command.Context(), time.Duration(timeout))
			defer cancel()
			return listing{
				client:    client,
				accountID: arguments[0],
				options:   listOptions(perPage, maxPages),
				format:    output,
				stdout:    command.OutOrStdout(),
				stderr:    command.ErrOrStderr(),
			}.run(ctx)
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	addOutputFlag(command, &output)
	addClientFlags(command)
	flags.Var(atLeast(&perPage, 1), "per-page", "contract actions a page (left to the service; 50 by its guide)")
	flags.Var(atLeast(&maxPages, 1), "max-pages", "end after so many pages")
	flags.Var(timeSpan(&timeout), "timeout", "give up after so long, for example 30s or 5m")
	return command
}

func oneAccountID(_ *cobra.Command, arguments []string) error {
	switch len(arguments) {
	case 0:
		return errors.New("list needs the id of an account")
	case 1:
		return nil
	}
	return fmt.Errorf("list takes the id of one account, not %d", len(arguments))
}

func listOptions(perPage, maxPages int) []wrapper.ListOption {
	var options []wrapper.ListOption
	if perPage > 0 {
		options = append(options, wrapper.PerPage(perPage))
	}
	if maxPages > 0 {
		options = append(options, wrapper.MaxPages(maxPages))
	}
	return options
}

// withTimeout bounds the context unless the timeout is zero.
func withTimeout(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, timeout, fmt.Errorf("the %v of --timeout are over", timeout))
}
