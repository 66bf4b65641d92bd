package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// listSettings is what the flags of list say.
type listSettings struct {
	output, since, orderBy, resume        string
	statuses, types, sort, fields         names
	local, readAll                        bool
	limit, perPage, maxPages, concurrency int
}

func newList(options []wrapper.Option) *cobra.Command {
	settings := listSettings{output: formats[0], concurrency: 8}
	command := &cobra.Command{
		Use:   "list ACCOUNT_ID... | -",
		Short: "List the contract actions of one account or of many",
		Long: `list prints the contract actions of Express accounts. ACCOUNT_ID is the id of
an Express account, for example 5ea75fe7aa224700012eae40. It is not the name of
your own Talkdesk account.

Any number of accounts can be listed, --concurrency of them at a time: as
arguments, or with - from standard input, one id a line. There, blank lines and
lines that begin with # are skipped. An account that is named twice is listed
once. Different accounts are interleaved. An account that fails does not end the
others: what failed is listed on stderr at the end, and the exit code is 3. Only
credentials that are refused end everything.

--status, --type and --since select contract actions. --since goes by the last
update, so --status FAILED --since 7d is what failed this week. To save
requests, status and type are also sent as a filter, and --since requests the
latest updates first and stops at the first page that reaches back far enough.
All of this is verified: where the service refuses or ignores it, everything is
read, and --verbose reports that. --read-all reads everything from the start.

The selection of an account is printed once the account has been read, in the
order of creation, or latest update first with --since. With --limit or
--order-by it is printed as it arrives, as are all contract actions where there
is no selection: page by page, and oldest first unless --order-by is given.

--resume FILE records in FILE which accounts are done. After an interruption, a
crash, or accounts that failed, the same command continues with the others: let
it append to the same output (>> in place of >). For that, the contract actions
of an account are printed together, once all of them have arrived. No account is
lost, and none is printed twice, unless the program was killed or the machine
stopped while it printed one: that one can be printed again. FILE is kept when
all accounts are done. A relative --since is counted from when it was created.

` + formatsHelp + `

Requests that fail temporarily are repeated a few times. If the list breaks off,
what was received has been printed, the error is on stderr, and the exit code is
not 0. A progress line is shown on stderr if that is a terminal, unless the
output goes into a pipe. --quiet leaves out this line and the summary.

` + environmentHelp,
		Example: `  export TALKDESK_ACCOUNT=acme TALKDESK_CLIENT_ID=... TALKDESK_CLIENT_SECRET=...
  contractactions list 5ea75fe7aa224700012eae40
  contractactions list 5ea75fe7aa224700012eae40 --region eu --output csv > actions.csv
  contractactions list 5ea75fe7aa224700012eae40 --type CANCELTDE --status FAILED,IN_PROGRESS --sort -updated_at
  contractactions list 5ea75fe7aa224700012eae40 -o ndjson --fields id,status | jq -r .id
  contractactions list - --status FAILED --since 7d < accounts.txt
  contractactions list - -o ndjson --resume accounts.journal < accounts.txt >> actions.ndjson`,
		Args: accountIDs,
		PreRunE: func(command *cobra.Command, _ []string) error {
			return settings.check()
		},
		RunE: func(command *cobra.Command, arguments []string) error {
			return settings.run(command, arguments, options)
		},
	}
	settings.addFlags(command)
	return command
}

func (s *listSettings) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.SortFlags = false
	addOutputFlag(command, &s.output)
	flags.Var(someOf(&s.fields, "FIELDS", fieldNames()), "fields", "print these, in this order, for example id,status")
	flags.Var(someOf(&s.statuses, "STATUSES", statusChoices), "status",
		"only with one of these: CREATED, IN_PROGRESS, COMPLETED, FAILED; unknown for any other")
	flags.Var(someOf(&s.types, "TYPES", typeChoices), "type", "only of one of these: NEWTDE, AMENDTDE, CANCELTDE; unknown for any other")
	flags.Var(sinceText(&s.since), "since", "only those updated since then: 36h, 7d, 2w, 2026-11-01 or 2026-11-01T08:00:00Z")
	addOrderByFlag(flags, &s.orderBy)
	flags.Var(order(&s.sort), "sort", "sort by these, the greatest first with a -, for example -updated_at,id; waits for all, in memory")
	flags.Var(atLeast(&s.limit, 1), "limit", "end after N contract actions; with --sort, print the first N")
	flags.BoolVar(&s.local, "local", false, "times, and days of --since, in the local time zone (TZ) in place of UTC")
	flags.Var(notEmpty(&s.resume, "FILE"), "resume", "go on where the run that wrote FILE has ended, or begin it (ndjson and csv)")
	flags.Var(atLeast(&s.concurrency, 1), "concurrency", "number of accounts to list concurrently")
	flags.BoolVar(&s.readAll, "read-all", false, "read everything: send no filter, and do not stop early")
	addPerPageFlag(flags, &s.perPage)
	flags.Var(atLeast(&s.maxPages, 1), "max-pages", "end each account after N pages")
	addClientFlags(command)
}

func accountIDs(_ *cobra.Command, arguments []string) error {
	switch {
	case len(arguments) == 0:
		return errors.New("list needs the id of an account, or - to read ids from standard input")
	case len(arguments) > 1 && slices.Contains(arguments, "-"):
		return errors.New("list takes ids or -, not both")
	}
	return nil
}

// check finds flags that do not go together.
func (s *listSettings) check() error {
	var err error
	switch {
	case s.resume == "":
	case s.sort != nil:
		err = errors.New("--resume does not go with --sort, which prints nothing before everything is there")
	case s.limit > 0:
		err = errors.New("--resume does not go with --limit, which ends in the middle of an account")
	case s.maxPages > 0:
		err = errors.New("--resume does not go with --max-pages, which ends in the middle of an account")
	case !slices.Contains(continuable, s.output):
		err = fmt.Errorf("--resume does not go with --output %s, which cannot be continued: use --output %s", s.output, strings.Join(continuable, " or "))
	}
	if err != nil {
		return usageError{err}
	}
	return nil
}

func (s *listSettings) run(command *cobra.Command, arguments []string, options []wrapper.Option) error {
	client, err := newClient(command, options)
	if err != nil {
		return err
	}
	zone := time.UTC
	if s.local {
		zone = time.Local
	}
	filter := filter{statuses: s.statuses, types: s.types}
	if s.since != "" {
		if filter.since, err = parseSince(s.since, time.Now(), zone); err != nil {
			return err
		}
	}
	var done *journal
	if s.resume != "" {
		header := journalHeader{Service: client.Raw().Server, Settings: resumeSettings(command), Since: filter.since}
		if done, err = openJournal(s.resume, header); err != nil {
			return err
		}
		defer done.close()
		filter.since = done.since
	}
	ctx, cancel := contextOf(command)
	defer cancel()
	return listing{
		client:      client,
		accounts:    newAccounts(arguments, command.InOrStdin(), done),
		options:     s.listOptions(filter),
		filter:      filter,
		asItArrives: s.orderBy != "" || s.limit > 0 && s.sort == nil,
		shape:       s.shape(zone, command.OutOrStdout()),
		order:       s.sort,
		limit:       s.limit,
		journal:     done,
		stdout:      command.OutOrStdout(),
		stderr:      command.ErrOrStderr(),
		progress:    progressWriter(command),
		quiet:       quiet(command),
	}.run(ctx)
}

func (s *listSettings) shape(zone *time.Location, stdout io.Writer) shape {
	return shape{format: s.output, fields: fieldsNamed(s.fields), zone: zone, terminal: terminalOf(stdout)}
}

// listOptions are what is requested: what flags demand, and what the filter makes
// desirable.
func (s *listSettings) listOptions(filter filter) []wrapper.ListOption {
	options := append(pageOptions(s.perPage, s.maxPages), wrapper.Concurrency(s.concurrency))
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

// pageOptions are those for numbers of which 0 stands for none.
func pageOptions(perPage, maxPages int) []wrapper.ListOption {
	var options []wrapper.ListOption
	if perPage > 0 {
		options = append(options, wrapper.PerPage(perPage))
	}
	if maxPages > 0 {
		options = append(options, wrapper.MaxPages(maxPages))
	}
	return options
}

// resumeSettings are the flags that say what is printed. A run that goes on
// must have the same ones.
func resumeSettings(command *cobra.Command) string {
	var given []string
	for _, name := range []string{"output", "fields", "status", "type", "since", "local", "order-by"} {
		if flag := command.Flags().Lookup(name); flag.Changed {
			given = append(given, "--"+name+"="+flag.Value.String())
		}
	}
	return strings.Join(given, " ")
}

// withTimeout bounds the context unless the timeout is zero.
func withTimeout(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, timeout, fmt.Errorf("the %v of --timeout are over", timeout))
}
