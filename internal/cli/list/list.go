// Package list prints the contract actions of Express accounts.
package list

import (
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
		Long: `list prints the contract actions of Express accounts. ACCOUNT_ID is the id of
an Express account, for example 5ea75fe7aa224700012eae40. It is not the name of
your own Talkdesk account.

list accepts any number of accounts, as arguments or, with -, from standard
input, one id per line. Blank lines and lines that begin with # are skipped, and
duplicates are listed once. --all-accounts lists every account of your
organization, or those with a status of --account-status; it needs the scope
` + wrapper.ScopeAccounts + `. If the list of accounts breaks off, so does
list: accounts that were not received are not listed.

--concurrency accounts are listed at a time, and their contract actions are
interleaved. If an account fails, the others continue: stderr lists the failures
at the end, and the exit code is 3. If the credentials are refused, the whole
list ends.

--status, --type and --since select contract actions. --since compares the last
update: --status FAILED --since 7d selects the failures of this week. To save
requests, status and type are also sent to the service as a filter, and --since
requests the latest updates first and stops at the first page that is old
enough. The responses are verified: if the service refuses or ignores the filter
or the order, list reads everything. --verbose reports a refusal, and an order
that is ignored. --read-all always reads everything.

A selection is printed account by account, once an account has been read, in the
order of creation, or latest update first with --since. Without a selection, or
with --order-by, contract actions are printed page by page as they arrive. The
service must accept --order-by: if it refuses, the list fails. Whether it
honours --order-by is not verified; --sort sorts here.

--local uses the time zone that TZ names, such as Europe/Berlin, or without TZ
that of the system. A name that is not in the IANA database is an error. A day
of --since begins at its first instant, also where clocks change at midnight.

--into FILE writes ndjson or csv to FILE, in place of stdout, and each contract
action exactly once. After an interruption, a crash, a full disk or failures,
run the same command again: it continues with the accounts that are not
complete. Once all are, it reports that. FILE.progress records what FILE
contains; to start over, remove both. If FILE or FILE.progress was changed by a
different program, the command fails. One command at a time can write FILE: for
any other, the exit code is 9. Accounts that are being read are buffered, up to
1 MiB each in memory and the rest in a temporary file. A relative --since is
relative to the start of the first run.

` + output.FormatsHelp + `

--raw prints each contract action as the service sent it, with fields that the
contract does not have and every value unchanged:
  {"account_id":"...","action":{...}}
Filters and --sort apply as without it. Times stay as they are with --local.

Temporary failures are retried. If the list breaks off, what was received has
been printed, the error is on stderr, and the exit code is not 0. If stderr is a
terminal, it shows the progress, unless stdout is a pipe or TERM is dumb.
--quiet omits the progress and the summary.

` + config.Help,
		Example: `  export TALKDESK_ACCOUNT=acme TALKDESK_CLIENT_ID=... TALKDESK_CLIENT_SECRET=...
  contractactions list 5ea75fe7aa224700012eae40
  contractactions list 5ea75fe7aa224700012eae40 --region eu --output csv > actions.csv
  contractactions list 5ea75fe7aa224700012eae40 --type CANCELTDE --status FAILED,IN_PROGRESS --sort -updated_at
  contractactions list 5ea75fe7aa224700012eae40 -o ndjson --fields id,status | jq -r .id
  contractactions list --all-accounts --type CANCELTDE --status FAILED --since 7d
  contractactions list - --status FAILED --since 7d < accounts.txt
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
	flags.Var(flagvalue.SomeOf(&s.fields, "FIELDS", output.ContractActions.FieldNames()), "fields", "fields to print, in this order, for example id,status")
	statuses, types := gen.ContractActionStatusValues(), gen.ContractActionTypeValues()
	flags.Var(flagvalue.SomeValues(&s.statuses, "STATUSES", statuses), "status", "select these statuses: "+flagvalue.ValuesUsage(statuses))
	flags.Var(flagvalue.SomeValues(&s.types, "TYPES", types), "type", "select these types: "+flagvalue.ValuesUsage(types))
	flags.Var(sinceValue(&s.since), "since", "select those updated since: 36h, 7d, 2w, 2026-11-01 or 2026-11-01T08:00:00Z")
	orders := flagvalue.Texts(gen.ContractActionOrderValues())
	flags.Var(flagvalue.OneOf(&s.orderBy, "ORDER", orders...), "order-by", "request this order, and print as it arrives: "+strings.Join(orders, ", "))
	flags.Var(sortKeys(&s.sort), "sort", "sort by these fields, - for descending, for example -updated_at,id; buffers everything in memory")
	flags.Var(flagvalue.AtLeast(&s.limit, 1), "limit", "end after N contract actions; with --sort, print the first N")
	flags.BoolVar(&s.local, "local", false, "use the local time zone (TZ), not UTC, for times and for days of --since")
	flags.Var(flagvalue.NotEmpty(&s.into, "FILE"), "into", "write FILE (ndjson or csv), exactly once, and continue it if it exists")
	flags.BoolVar(&s.raw, "raw", false, "print each contract action as the service sent it (json and ndjson)")
	flags.BoolVar(&s.allAccounts, "all-accounts", false, "list all accounts of your organization")
	accounts := gen.AccountStatusValues()
	flags.Var(flagvalue.SomeValues(&s.accountStatuses, "STATUSES", accounts), "account-status",
		"with --all-accounts, select accounts: "+flagvalue.ValuesUsage(accounts))
	flags.Var(flagvalue.AtLeast(&s.concurrency, 1), "concurrency", "number of accounts to list concurrently")
	flags.BoolVar(&s.readAll, "read-all", false, "read everything: send no filter, and do not stop early")
	config.AddPageFlags(command, &s.perPage, &s.maxPages)
	config.AddFlags(command)
}

// checkAccounts returns an error unless the arguments and flags choose accounts in
// one way.
func (s *settings) checkAccounts(_ *cobra.Command, arguments []string) error {
	switch {
	case s.allAccounts && len(arguments) > 0:
		return errors.New("list takes ids, - or --all-accounts, not several of them")
	case s.accountStatuses != nil && !s.allAccounts:
		return errors.New("--account-status needs --all-accounts")
	case len(arguments) == 0 && !s.allAccounts:
		return errors.New("list needs the id of an account, - to read ids from standard input, or --all-accounts")
	case len(arguments) > 1 && slices.Contains(arguments, "-"):
		return errors.New("list takes ids or -, not both")
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
	zone := time.UTC
	if s.local {
		if zone, err = localZone(command.Context()); err != nil {
			return exit.IfInterrupted(command.Context(), exit.With(exit.Usage, err))
		}
	}
	filter := filter{statuses: s.statuses, types: s.types}
	if s.since != "" {
		if filter.since, err = parseSince(s.since, time.Now(), zone); err != nil {
			return err
		}
	}
	ctx, cancel := loaded.WithTimeout(command.Context())
	defer cancel()
	format := output.Format{
		Name: s.format, Fields: s.fields, Terminal: output.TerminalOf(command.OutOrStdout()),
	}
	var file *checkpoint.File
	if s.into != "" {
		header := checkpoint.Header{Command: "list", Service: client.Raw().Server, Settings: s.printed(command), Since: filter.since}
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

// printed returns the flags that determine what is printed, with the fields that a
// later version could have others of. A run that continues must have the same.
func (s *settings) printed(command *cobra.Command) string {
	fields := s.fields
	if fields == nil {
		fields = output.ContractActions.FieldNames()
	}
	given := []string{"--output=" + s.format, "--fields=" + fields.String()}
	for _, name := range []string{"status", "type", "since", "local", "order-by", "raw"} {
		if flag := command.Flags().Lookup(name); flag.Changed {
			given = append(given, "--"+name+"="+flag.Value.String())
		}
	}
	return strings.Join(given, " ")
}
