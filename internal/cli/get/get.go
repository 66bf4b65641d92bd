// Package get prints single contract actions.
package get

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// settings are the values of the flags of get.
type settings struct {
	format  string
	fields  flagvalue.StringList
	perPage int
}

// NewCommand returns the command get. The options are those of its client.
func NewCommand(options []wrapper.Option) *cobra.Command {
	settings := settings{format: output.Formats[0]}
	command := &cobra.Command{
		Use:   "get ACCOUNT_ID ACTION_ID...",
		Short: "Print single contract actions",
		Long: `get prints contract actions of an account by their ids, each once, newest first.

The service has no operation for one contract action, so get lists the account,
newest first, up to the page with the last of them: recent ones need one
request, and any number of ids one listing.

Contract actions that the account does not have are an error that names them,
and the exit code is 5. The others are printed.

Formats: see 'contractactions help formats'. json is an array, also for one
contract action.`,
		Example: `  contractactions get 5ea75fe7aa224700012eae40 123245132132
  contractactions get 5ea75fe7aa224700012eae40 123245132132 123245132135 -o ndjson`,
		Args: accountAndActions,
		RunE: func(command *cobra.Command, arguments []string) error {
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
			return settings.run(ctx, client, arguments[0], arguments[1:], command.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.VarP(flagvalue.OneOf(&settings.format, "FORMAT", output.Formats...), "output", "o", output.FormatUsage)
	flags.Var(flagvalue.SomeOf(&settings.fields, "FIELDS", output.ContractActions.FieldNames()), "fields", "fields to print, in this order, for example id,status")
	config.AddPerPageFlag(command, &settings.perPage, "contract actions", gen.ListContractActionsParameters())
	config.AddFlags(command)
	return command
}

func accountAndActions(_ *cobra.Command, arguments []string) error {
	switch {
	case len(arguments) < 2:
		return errors.New("get needs the id of an account and the ids of contract actions")
	case slices.Contains(arguments[1:], ""):
		return errors.New("the id of a contract action is empty")
	}
	return nil
}

func (s settings) run(ctx context.Context, client *wrapper.Client, accountID string, actionIDs []string, stdout io.Writer) error {
	options := append(config.PageOptions(s.perPage, 0), wrapper.NoPrefetch(), wrapper.Prefer(wrapper.OrderBy(wrapper.CreatedAtDescending)))
	found, ending := find(ctx, client, accountID, actionIDs, options)
	if len(found) > 0 {
		if err := s.print(found, stdout); err != nil {
			return err
		}
	}
	if ending != nil {
		return failure.WithCode(ctx, ending)
	}
	return nil
}

// find returns the contract actions in the order in which they are listed.
func find(ctx context.Context, client *wrapper.Client, accountID string, actionIDs []string, options []wrapper.ListOption) ([]output.Record, error) {
	missing := make(map[string]bool)
	for _, id := range actionIDs {
		missing[id] = true
	}
	var found []output.Record
	for action, err := range client.Actions(ctx, accountID, options...) {
		if err != nil {
			return found, err
		}
		if missing[action.ID] {
			found = append(found, output.Record{AccountID: accountID, ContractAction: action, Zone: time.UTC})
			delete(missing, action.ID)
		}
		if len(missing) == 0 {
			return found, nil
		}
	}
	return found, errMissing(accountID, slices.Sorted(maps.Keys(missing)))
}

func errMissing(accountID string, actionIDs []string) error {
	quoted := make([]string, len(actionIDs))
	for i, id := range actionIDs {
		quoted[i] = strconv.Quote(id)
	}
	return fmt.Errorf("get contract actions of account %q: %w: %s; check the ids, and the account's",
		accountID, wrapper.ErrActionNotFound, strings.Join(quoted, ", "))
}

func (s settings) print(found []output.Record, stdout io.Writer) error {
	out := bufio.NewWriter(stdout)
	printer := output.ContractActionsOf(false).NewPrinter(output.Format{Name: s.format, Fields: s.fields, Terminal: terminal.Of(stdout)}, out)
	if err := printer.Print(found); err != nil {
		return err
	}
	printer.Close("")
	return out.Flush()
}
