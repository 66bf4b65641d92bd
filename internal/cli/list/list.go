// Package list prints the contract actions of Express accounts.
package list

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

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

// settings are the values of the flags of list.
type settings struct {
	listing.Settings
	orderBy         string
	sort            flagvalue.StringList
	readAll, raw    bool
	limit, maxPages int
}

// rawFormats are the formats that --raw works with.
var rawFormats = output.Formats[1:3] // json and ndjson

// NewCommand returns the command list. The options are those of its client.
func NewCommand(options []wrapper.Option) *cobra.Command {
	settings := settings{Settings: listing.Settings{Format: output.Formats[0], Concurrency: 8}}
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
		Args: settings.CheckAccounts,
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
	flags.VarP(flagvalue.OneOf(&s.Format, "FORMAT", output.Formats...), "output", "o", output.FormatUsage)
	s.AddSelectionFlags(command)
	flags.Var(selection.SinceValue(&s.Since), "since", "updated since: 36h, 7d, 2w or 2026-11-01")
	orders := flagvalue.Texts(gen.ContractActionOrderValues())
	flags.Var(flagvalue.OneOf(&s.orderBy, "ORDER", orders...), "order-by", strings.Join(orders, ", "))
	flags.Var(selection.SortKeys(&s.sort), "sort", "sort by these fields, - for descending")
	flags.Var(flagvalue.AtLeast(&s.limit, 1), "limit", "end after N contract actions")
	s.AddZoneFlag(command)
	flags.Var(flagvalue.FileName(&s.Into, "FILE"), "into", "write FILE, ndjson or csv, or continue it")
	flags.BoolVar(&s.raw, "raw", false, "print JSON as the service sent it")
	s.AddAccountFlags(command)
	s.AddConcurrencyFlag(command)
	flags.BoolVar(&s.readAll, "read-all", false, "read everything: send no filter")
	config.AddPageFlags(command, &s.PerPage, &s.maxPages)
	config.AddFlags(command)
}

// check returns an error for flags that exclude each other.
func (s *settings) check(formatGiven bool) error {
	s.UseFormatOfInto(formatGiven)
	var err error
	switch {
	case s.raw && s.Fields != nil:
		err = errors.New("--raw cannot be used with --fields: contract actions are printed whole")
	case s.raw && !slices.Contains(rawFormats, s.Format):
		err = fmt.Errorf("--raw cannot be used with --output %s: use --output %s", s.Format, strings.Join(rawFormats, " or "))
	case s.Into == "":
	case s.sort != nil:
		err = errors.New("--into cannot be used with --sort, which prints nothing before everything has been read")
	case s.limit > 0:
		err = errors.New("--into cannot be used with --limit, which ends in the middle of an account")
	case s.maxPages > 0:
		err = errors.New("--into cannot be used with --max-pages, which ends in the middle of an account")
	default:
		err = s.CheckInto()
	}
	return exit.With(exit.Usage, err)
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
	zone, since, err := s.Times(command.Context())
	if err != nil {
		return err
	}
	ctx, cancel := loaded.WithTimeout(command.Context())
	defer cancel()
	l := list{
		Listing:     s.New(command, arguments, loaded, client),
		asItArrives: s.orderBy != "",
		order:       s.sort,
		limit:       s.limit,
	}
	l.Zone, l.Filter.Since, l.Raw = zone, since, s.raw
	if s.Into != "" {
		printed := s.Printed(command, "status", "type", "since", "local", "order-by", "raw")
		header := checkpoint.Header{Command: "list", Service: client.Raw().Server, Settings: printed, Since: since}
		if l.into, err = checkpoint.Open(ctx, s.Into, header, listing.Heading(listOf(s.raw, true), l.Format)); err != nil {
			return fmt.Errorf("--into: %w", err)
		}
		defer l.into.Close()
		if err := l.into.CheckValues(checkNumber); err != nil {
			return fmt.Errorf("--into: %w", err)
		}
		l.NoteDiscarded(l.into)
		l.Filter.Since = l.into.Header().Since
		l.Accounts.SkipDone(l.into)
	}
	l.Options = append(l.Options, s.options(l.Filter)...)
	return l.run(ctx)
}

// options returns what else to request: what the flags require, and what the filter
// prefers.
func (s *settings) options(filter selection.Filter) []wrapper.ListOption {
	options := config.PageOptions(0, s.maxPages)
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
	if expression := filter.Expression(); expression != "" {
		options = append(options, wrapper.Prefer(wrapper.Filter(expression)))
	}
	if latestFirst := order == "" || order == wrapper.UpdatedAtDescending; latestFirst && !filter.Since.IsZero() {
		options = append(options, wrapper.StopBefore(filter.Since))
	}
	return options
}
