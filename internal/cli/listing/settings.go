// Package listing reads the contract actions of one account or several, for the
// subcommands list and changes: what their flags have in common, the accounts, their
// failures, and how contract actions reach a sink.
package listing

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/selection"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Settings are the values of the flags that list and changes have in common.
type Settings struct {
	Format, Since, Into     string
	Statuses, Types, Fields flagvalue.StringList
	PerPage, Concurrency    int

	local, allAccounts bool
	accountStatuses    flagvalue.StringList
}

// AddAccountFlags adds the flags that choose all accounts.
func (s *Settings) AddAccountFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.BoolVar(&s.allAccounts, "all-accounts", false, "list all accounts of your organization")
	flags.Var(flagvalue.SomeValues(&s.accountStatuses, "STATUSES", gen.AccountStatusValues()), "account-status",
		"select from --all-accounts, see 'help accounts'")
}

// AddSelectionFlags adds the flags that select contract actions and their fields.
func (s *Settings) AddSelectionFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.Var(flagvalue.SomeOf(&s.Fields, "FIELDS", output.ContractActions.FieldNames()), "fields", "fields to print, for example id,status")
	statuses, types := gen.ContractActionStatusValues(), gen.ContractActionTypeValues()
	flags.Var(flagvalue.SomeValues(&s.Statuses, "STATUSES", statuses), "status", flagvalue.ValuesUsage(statuses))
	flags.Var(flagvalue.SomeValues(&s.Types, "TYPES", types), "type", flagvalue.ValuesUsage(types))
}

// AddZoneFlag adds --local.
func (s *Settings) AddZoneFlag(command *cobra.Command) {
	command.Flags().BoolVar(&s.local, "local", false, "times and days in the local time zone (TZ)")
}

// AddConcurrencyFlag adds --concurrency.
func (s *Settings) AddConcurrencyFlag(command *cobra.Command) {
	command.Flags().Var(flagvalue.AtLeast(&s.Concurrency, 1), "concurrency", "accounts to list at a time")
}

// CheckAccounts returns an error unless the arguments and flags choose accounts in
// one way.
func (s *Settings) CheckAccounts(_ *cobra.Command, arguments []string) error {
	switch {
	case s.allAccounts && len(arguments) > 0:
		return errors.New("use ids, - or --all-accounts, not several of them")
	case s.accountStatuses != nil && !s.allAccounts:
		return errors.New("--account-status needs --all-accounts")
	case len(arguments) == 0 && !s.allAccounts:
		return errors.New("the id of an account is missing; use - to read ids from standard input, or --all-accounts")
	case len(arguments) > 1 && slices.Contains(arguments, "-"):
		return errors.New("use ids or -, not both")
	}
	return nil
}

// UseFormatOfInto sets the format to what the name of the file of --into stands for,
// unless the format was given.
func (s *Settings) UseFormatOfInto(formatGiven bool) {
	if s.Into != "" && !formatGiven {
		s.Format = formatOf(s.Into)
	}
}

// CheckInto returns an error if the format does not suit --into.
func (s *Settings) CheckInto() error {
	if s.Into == "" || slices.Contains(output.Continuable, s.Format) {
		return nil
	}
	return fmt.Errorf("--into %s: use --output %s", s.Into, strings.Join(output.Continuable, " or "))
}

// formatOf returns the format that the name of a file stands for; empty if none.
func formatOf(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case "", ".ndjson", ".jsonl":
		return "ndjson"
	case ".csv":
		return "csv"
	}
	return ""
}

// New returns a listing of the accounts that the arguments and flags choose, with the
// options of the flags that both commands have. Its zone and the time of its filter
// are those of [Settings.Times].
func (s *Settings) New(command *cobra.Command, arguments []string, loaded *config.Config, client *wrapper.Client) Listing {
	accounts := NewAccounts(arguments, command.InOrStdin())
	if s.allAccounts {
		accounts.service = allAccounts(loaded, client, s.accountStatuses)
	}
	return Listing{
		Client:     client,
		Accounts:   accounts,
		Options:    append(config.PageOptions(s.PerPage, 0), wrapper.Concurrency(s.Concurrency)),
		Filter:     selection.Filter{Statuses: s.Statuses, Types: s.Types},
		Format:     output.Format{Name: s.Format, Fields: s.Fields, Terminal: terminal.Of(command.OutOrStdout())},
		Stdout:     command.OutOrStdout(),
		Stderr:     command.ErrOrStderr(),
		Progress:   loaded.ProgressWriter(),
		Quiet:      loaded.Quiet,
		ErrorsJSON: loaded.ErrorsJSON,
	}
}

// Times returns the zone of --local, and the time of --since; zero for none.
func (s *Settings) Times(ctx context.Context) (zone *time.Location, since time.Time, err error) {
	zone = time.UTC
	if s.local {
		if zone, err = selection.LocalZone(ctx); err != nil {
			return nil, time.Time{}, exit.IfInterrupted(ctx, exit.With(exit.Usage, err))
		}
	}
	if s.Since != "" {
		since, err = selection.ParseSince(s.Since, time.Now(), zone)
	}
	return zone, since, err
}

// Printed returns the flags that determine what is printed: the format, the fields
// (a later version may have other ones by default), and those with these names. A run
// that continues must have the same.
func (s *Settings) Printed(command *cobra.Command, names ...string) string {
	fields := s.Fields
	if fields == nil {
		fields = output.ContractActions.FieldNames()
	}
	given := []string{"--output=" + s.Format, "--fields=" + fields.String()}
	for _, name := range names {
		if flag := command.Flags().Lookup(name); flag.Changed {
			given = append(given, "--"+name+"="+flag.Value.String())
		}
	}
	return strings.Join(given, " ")
}
