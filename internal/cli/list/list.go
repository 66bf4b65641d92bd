// Package list prints the contract actions of Express accounts.
package list

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
	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// settings are the values of the flags of list.
type settings struct {
	format, since, orderBy, into          string
	statuses, types, sort, fields         flagvalue.StringList
	accountStatuses                       flagvalue.StringList
	local, readAll, allAccounts, raw      bool
	limit, perPage, maxPages, concurrency int
}

// NewCommand returns the command list. The options are those of its client.
func NewCommand(options []wrapper.Option) *cobra.Command {
	settings := settings{format: output.Formats[0], concurrency: 8}
	command := &cobra.Command{
		Use:   "list ACCOUNT_ID... | - | --all-accounts",
		Short: "List the contract actions of one account or many",
		Long: `list prints the contract actions of Express accounts: of those with the ids
given, of those on standard input (-, one id per line), or of all accounts of
your organization. ACCOUNT_ID is the id of an Express account, for example
5ea75fe7aa224700012eae40. It is not the name of your own Talkdesk account.

Of several accounts, --concurrency are listed at a time, and their contract
actions are interleaved. If an account fails, the others continue. If a list
breaks off, what was received has been printed, and the exit code is not 0.

Topics, for 'contractactions help TOPIC':
  selection  --status, --type, --since, --order-by, --local, --all-accounts
  into       --into: a file that is written exactly once, in several runs
  formats    --output, --fields, --raw`,
		Example: `  contractactions list 5ea75fe7aa224700012eae40
  contractactions list 5ea75fe7aa224700012eae40 --region eu --output csv > actions.csv
  contractactions list 5ea75fe7aa224700012eae40 --type CANCELTDE --status FAILED,IN_PROGRESS --sort -updated_at
  contractactions list --all-accounts --type CANCELTDE --status FAILED --since 7d
  contractactions list - --into actions.ndjson < accounts.txt`,
		Args: settings.checkAccounts,
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

func (s *settings) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.VarP(flagvalue.OneOf(&s.format, "FORMAT", output.Formats...), "output", "o", output.FormatUsage)
	s.addSelectionFlags(command)
	flags.Var(sinceValue(&s.since), "since", "updated since: 36h, 7d, 2w or 2026-11-01")
	orders := flagvalue.Texts(gen.ContractActionOrderValues())
	flags.Var(flagvalue.OneOf(&s.orderBy, "ORDER", orders...), "order-by", strings.Join(orders, ", "))
	flags.Var(sortKeys(&s.sort), "sort", "sort by these fields, - for descending")
	flags.Var(flagvalue.AtLeast(&s.limit, 1), "limit", "end after N contract actions")
	s.addZoneFlag(command)
	flags.Var(flagvalue.NotEmpty(&s.into, "FILE"), "into", "write FILE, ndjson or csv, or continue it")
	flags.BoolVar(&s.raw, "raw", false, "print JSON as the service sent it")
	s.addAccountFlags(command)
	s.addConcurrencyFlag(command)
	flags.BoolVar(&s.readAll, "read-all", false, "read everything: send no filter")
	config.AddPageFlags(command, &s.perPage, &s.maxPages)
	config.AddFlags(command)
}

// addAccountFlags adds the flags that choose all accounts.
func (s *settings) addAccountFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.BoolVar(&s.allAccounts, "all-accounts", false, "list all accounts of your organization")
	flags.Var(flagvalue.SomeValues(&s.accountStatuses, "STATUSES", gen.AccountStatusValues()), "account-status",
		"select from --all-accounts, see 'help accounts'")
}

// addSelectionFlags adds the flags that select contract actions and their fields.
func (s *settings) addSelectionFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.Var(flagvalue.SomeOf(&s.fields, "FIELDS", output.ContractActions.FieldNames()), "fields", "fields to print, for example id,status")
	statuses, types := gen.ContractActionStatusValues(), gen.ContractActionTypeValues()
	flags.Var(flagvalue.SomeValues(&s.statuses, "STATUSES", statuses), "status", flagvalue.ValuesUsage(statuses))
	flags.Var(flagvalue.SomeValues(&s.types, "TYPES", types), "type", flagvalue.ValuesUsage(types))
}

func (s *settings) addZoneFlag(command *cobra.Command) {
	command.Flags().BoolVar(&s.local, "local", false, "times and days in the local time zone (TZ)")
}

func (s *settings) addConcurrencyFlag(command *cobra.Command) {
	command.Flags().Var(flagvalue.AtLeast(&s.concurrency, 1), "concurrency", "accounts to list at a time")
}

// checkAccounts returns an error unless the arguments and flags choose accounts in
// one way.
func (s *settings) checkAccounts(_ *cobra.Command, arguments []string) error {
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

// check returns an error for flags that exclude each other.
func (s *settings) check(formatGiven bool) error {
	if s.into != "" && !formatGiven {
		s.format = formatOf(s.into)
	}
	var err error
	switch {
	case s.raw && s.fields != nil:
		err = errors.New("--raw cannot be used with --fields: contract actions are printed whole")
	case s.raw && !slices.Contains(rawFormats, s.format):
		err = fmt.Errorf("--raw cannot be used with --output %s: use --output %s", s.format, strings.Join(rawFormats, " or "))
	case s.into == "":
	case s.sort != nil:
		err = errors.New("--into cannot be used with --sort, which prints nothing before everything has been read")
	case s.limit > 0:
		err = errors.New("--into cannot be used with --limit, which ends in the middle of an account")
	case s.maxPages > 0:
		err = errors.New("--into cannot be used with --max-pages, which ends in the middle of an account")
	case !slices.Contains(output.Continuable, s.format):
		err = fmt.Errorf("--into %s: use --output %s", s.into, strings.Join(output.Continuable, " or "))
	}
	return exit.With(exit.Usage, err)
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

func (s *settings) run(command *cobra.Command, arguments []string, options []wrapper.Option) error {
	loaded, err := config.Load(command)
	if err != nil {
		return err
	}
	client, err := loaded.NewClient(command.Context(), options...)
	if err != nil {
		return err
	}
	zone, since, err := s.times(command.Context())
	if err != nil {
		return err
	}
	filter := filter{statuses: s.statuses, types: s.types, since: since}
	ctx, cancel := loaded.WithTimeout(command.Context())
	defer cancel()
	format := output.Format{
		Name: s.format, Fields: s.fields, Terminal: terminal.Of(command.OutOrStdout()),
	}
	var file *checkpoint.File
	if s.into != "" {
		printed := s.printed(command, "status", "type", "since", "local", "order-by", "raw")
		header := checkpoint.Header{Command: "list", Service: client.Raw().Server, Settings: printed, Since: filter.since}
		if file, err = checkpoint.Open(ctx, s.into, header, heading(listOf(s.raw, true), format)); err != nil {
			return fmt.Errorf("--into: %w", err)
		}
		defer file.Close()
		filter.since = file.Header().Since
	}
	accounts := newAccounts(arguments, command.InOrStdin(), file)
	if s.allAccounts {
		accounts.service = allAccounts(loaded, client, s.accountStatuses)
	}
	return listing{
		client:      client,
		accounts:    accounts,
		options:     s.listOptions(filter),
		filter:      filter,
		asItArrives: s.orderBy != "",
		format:      format,
		raw:         s.raw,
		zone:        zone,
		order:       s.sort,
		limit:       s.limit,
		into:        file,
		stdout:      command.OutOrStdout(),
		stderr:      command.ErrOrStderr(),
		progress:    loaded.ProgressWriter(),
		quiet:       loaded.Quiet,
		errorsJSON:  loaded.ErrorsJSON,
	}.run(ctx)
}

// times returns the zone of --local, and the time of --since; zero for none.
func (s *settings) times(ctx context.Context) (zone *time.Location, since time.Time, err error) {
	zone = time.UTC
	if s.local {
		if zone, err = localZone(ctx); err != nil {
			return nil, time.Time{}, exit.IfInterrupted(ctx, exit.With(exit.Usage, err))
		}
	}
	if s.since != "" {
		since, err = parseSince(s.since, time.Now(), zone)
	}
	return zone, since, err
}

// listOptions returns what to request: what the flags require, and what the filter
// prefers.
func (s *settings) listOptions(filter filter) []wrapper.ListOption {
	options := append(config.PageOptions(s.perPage, s.maxPages), wrapper.Concurrency(s.concurrency))
	if s.raw {
		options = append(options, wrapper.KeepRaw())
	}
	order := wrapper.Order(s.orderBy)
	if order != "" {
		options = append(options, wrapper.OrderBy(order))
	}
	if s.readAll {
		return options
	}
	if expression := filter.expression(); expression != "" {
		options = append(options, wrapper.Prefer(wrapper.Filter(expression)))
	}
	if latestFirst := order == "" || order == wrapper.UpdatedAtDescending; latestFirst && !filter.since.IsZero() {
		options = append(options, wrapper.StopBefore(filter.since))
	}
	return options
}

// printed returns the flags that determine what is printed: the format, the fields,
// which a later version could have others of, and those with these names. A run that
// continues must have the same.
func (s *settings) printed(command *cobra.Command, names ...string) string {
	fields := s.fields
	if fields == nil {
		fields = output.ContractActions.FieldNames()
	}
	given := []string{"--output=" + s.format, "--fields=" + fields.String()}
	for _, name := range names {
		if flag := command.Flags().Lookup(name); flag.Changed {
			given = append(given, "--"+name+"="+flag.Value.String())
		}
	}
	return strings.Join(given, " ")
}
