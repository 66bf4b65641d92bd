// Package accounts prints the list of accounts.
package accounts

import (
	"bufio"
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// settings are the values of the flags of accounts.
type settings struct {
	format           string
	fields, statuses flagvalue.StringList
	limit, perPage   int
}

// NewCommand returns the command accounts. The options are those of its client.
func NewCommand(options []wrapper.Option) *cobra.Command {
	settings := settings{format: output.Formats[0]}
	command := &cobra.Command{
		Use:   "accounts",
		Short: "List the accounts of your organization",
		Long: `accounts prints the Express accounts of the organization that your credentials
belong to, by ascending id. The client must be granted the scope
` + wrapper.ScopeAccounts + `.

--status selects accounts. The service has no filter for them, so all are read.

Once all accounts have been read, their ids and names are kept in a file for
shell completion, which never sends a request. It is in your cache directory,
only you can read it, and it can be removed at any time.

Formats: see 'contractactions help formats'. json, ndjson and csv have these fields:
` + output.Indented(output.Accounts.FieldNames()) + `

If the list breaks off, the accounts received before are printed, the error is
on stderr, and the exit code is not 0.`,
		Example: `  contractactions accounts
  contractactions accounts --status ACTIVE,IN_TRIAL --output csv > accounts.csv
  contractactions accounts -o ndjson --fields id | jq -r .id`,
		RunE: func(command *cobra.Command, _ []string) error {
			loaded, err := config.Load(command)
			if err != nil {
				return err
			}
			client, err := loaded.NewClient(command.Context(), options...)
			if err != nil {
				return err
			}
			ctx, cancel := loaded.WithTimeout(command.Context())
			defer cancel()
			return settings.run(ctx, loaded, client, command.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.VarP(flagvalue.OneOf(&settings.format, "FORMAT", output.Formats...), "output", "o", output.FormatUsage)
	flags.Var(flagvalue.SomeOf(&settings.fields, "FIELDS", output.Accounts.FieldNames()), "fields", "fields to print, in this order, for example id,name")
	statuses := gen.AccountStatusValues()
	flags.Var(flagvalue.SomeValues(&settings.statuses, "STATUSES", statuses), "status", "select these statuses: "+flagvalue.ValuesUsage(statuses))
	flags.Var(flagvalue.AtLeast(&settings.limit, 1), "limit", "end after N accounts")
	config.AddPerPageFlag(command, &settings.perPage, "accounts", gen.ListAccountsParameters())
	config.AddFlags(command)
	return command
}

func (s settings) run(ctx context.Context, loaded *config.Config, client *wrapper.Client, stdout io.Writer) error {
	progress := terminal.NewProgress(stdout, loaded.ProgressWriter())
	progress.Show("listing accounts")
	var selected []wrapper.Account
	var ending error
	for account, err := range loaded.Accounts(ctx, client, config.PageOptions(s.perPage, 0)...) {
		if ending = err; err == nil && config.HasStatus(account, s.statuses) {
			selected = append(selected, account)
		}
		if s.limit > 0 && len(selected) == s.limit {
			break
		}
	}
	progress.Erase()
	if ending == nil || len(selected) > 0 {
		if err := s.print(selected, s.summary(len(selected), loaded.Quiet, ending), stdout); err != nil {
			return err
		}
	}
	if ending != nil {
		return failure.WithCode(ctx, ending)
	}
	return nil
}

func (s settings) print(accounts []wrapper.Account, summary string, stdout io.Writer) error {
	out := bufio.NewWriter(stdout)
	printer := output.Accounts.NewPrinter(output.Format{Name: s.format, Fields: s.fields, Terminal: terminal.Of(stdout)}, out)
	if err := printer.Print(accounts); err != nil {
		return err
	}
	printer.Close(summary)
	return out.Flush()
}

// summary is for example "2 matching accounts"; empty if it is not wanted.
func (s settings) summary(printed int, quiet bool, ending error) string {
	noun := "account"
	if s.statuses != nil {
		noun = "matching account"
	}
	text := terminal.Count(printed, noun)
	switch {
	case quiet:
		return ""
	case ending != nil:
		return text + "; the list broke off"
	case s.limit > 0 && printed == s.limit:
		return text + "; ended by --limit"
	}
	return text
}
