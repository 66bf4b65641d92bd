package list

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// listing is one run over accounts, from their first pages to their last.
type listing struct {
	client         *wrapper.Client
	accounts       *accounts
	options        []wrapper.ListOption
	since          func(accountID string) time.Time // of changes; nil for list
	filter         filter
	asItArrives    bool // whether selected contract actions are in the service's order
	format         output.Format
	raw            bool // whether to print contract actions as the service sent them
	zone           *time.Location
	order          flagvalue.StringList // of --sort; nil for none
	limit          int                  // 0 for none
	into           *checkpoint.File     // nil without --into
	stdout, stderr io.Writer
	progress       io.Writer // where to show it
	quiet          bool      // no summary
	errorsJSON     bool      // stderr has errors as JSON, and nothing else
}

// Account prints the contract actions of one account, as list does without flags.
func Account(ctx context.Context, client *wrapper.Client, accountID, format string, stdout, stderr io.Writer, options ...wrapper.ListOption) error {
	return listing{
		client:   client,
		accounts: newAccounts([]string{accountID}, nil, nil),
		options:  options,
		format:   output.Format{Name: format, Terminal: terminal.Of(stdout)},
		zone:     time.UTC,
		stdout:   stdout,
		stderr:   stderr,
		progress: stderr,
	}.run(ctx)
}

// run prints each page as it arrives, unless it has to wait for others. It prints
// nothing if an error ends it before the first page.
func (l listing) run(ctx context.Context) error {
	if l.into != nil {
		return l.runInto(ctx)
	}
	out := bufio.NewWriter(l.stdout)
	counts := newSummary()
	counts.several, counts.filtered = l.accounts.several(), l.filter.filters()
	printer := listOf(l.raw, l.accounts.several()).NewPrinter(l.format, out)
	sink := l.newSink(out, printer, &counts)
	progress := terminal.NewProgress(l.stdout, l.progress)
	defer progress.Erase()

	failed, ending := l.deliver(ctx, sink, &counts, progress)
	progress.Erase()
	if err := sink.finish(); err != nil {
		return err
	}
	counts.failed = len(failed)
	text := counts.String() + remark(ending, counts.more)
	if errors.Is(ending, errLimitReached) {
		ending = nil
	}
	if l.quiet {
		text = ""
	}
	if counts.pages > 0 || (ending == nil && len(failed) == 0) {
		printer.Close(text)
		if err := out.Flush(); err != nil {
			return err
		}
	}
	if text != "" && l.accounts.several() && l.format.Name != "table" {
		progress.Note(text)
	}
	return l.end(failed, counts.accounts, ending)
}

// end returns the error of a listing, given the number of accounts that are
// complete.
func (l listing) end(failed failures, complete int, ending error) error {
	if !l.errorsJSON {
		failed.print(l.stderr)
	}
	if ending == nil {
		return failed.err(len(failed) + complete)
	}
	return ending
}

// listOf returns how contract actions are printed.
func listOf(raw, several bool) output.List[output.Record] {
	if raw {
		return output.RawContractActions
	}
	return output.ContractActionsOf(several)
}

func (l listing) newSink(out *bufio.Writer, printer output.Printer[output.Record], counts *summary) sink {
	if l.order != nil {
		return l.selected(&sorted{printer: printer, counts: counts, keys: l.order, limit: l.limit})
	}
	return l.selected(&direct{out: out, printer: printer, counts: counts, limit: l.limit})
}

// selected puts a selection in order before the sink.
func (l listing) selected(sink sink) sink {
	if l.filter.filters() && !l.asItArrives {
		return collect(sink, l.filter)
	}
	return sink
}

// deliver lists all accounts. It returns those that failed, and what ended the
// listing early.
func (l listing) deliver(ctx context.Context, sink sink, counts *summary, progress *terminal.Progress) (failures, error) {
	var failed failures
	var ending error
	listing, stop := context.WithCancel(ctx)
	defer stop()
	unfinished := make(map[string]bool) // accounts of which the latest page is not the last
	progress.Begin(l.accounts.several(), l.accounts.known())
	for page, err := range l.pages(listing) {
		// The progress can be on the same terminal as the output.
		progress.Erase()
		if err == nil {
			unfinished[page.AccountID] = !page.Page.Last
			var passed []output.Record
			if passed, err = l.records(page); err == nil {
				err = sink.page(page, passed)
			}
			progress.Page(page.Page)
		} else if account, ok := l.failedAlone(ctx, err); ok {
			delete(unfinished, account.AccountID)
			l.accountFailed(ctx, &failed, account)
			err = sink.failed(account.AccountID)
			progress.Failed()
		} else {
			err = l.ending(ctx, err)
		}
		if err != nil {
			// This ends the wait for more ids of accounts.
			stop()
			ending = err
			break
		}
	}
	if ending == nil && l.accounts.failure != nil {
		ending = l.ending(ctx, l.accounts.failure)
	}
	for _, cut := range unfinished { // by --max-pages
		if cut && ending == nil {
			counts.more = true
			counts.accounts++
		}
	}
	return failed, ending
}

// pages lists one account, whose next page is fetched ahead, or several.
func (l listing) pages(ctx context.Context) iter.Seq2[wrapper.AccountPage, error] {
	if l.since != nil {
		return l.client.ChangesOf(ctx, l.accounts.since(ctx, l.since), l.options...)
	}
	if l.accounts.several() || l.into != nil {
		return l.client.PagesOf(ctx, l.accounts.ids(ctx), l.options...)
	}
	id := l.accounts.arguments[0]
	return func(yield func(wrapper.AccountPage, error) bool) {
		for page, err := range l.client.Pages(ctx, id, l.options...) {
			if !yield(wrapper.AccountPage{AccountID: id, Page: page}, err) {
				return
			}
		}
	}
}

// records returns the contract actions that pass the filter.
func (l listing) records(page wrapper.AccountPage) ([]output.Record, error) {
	raw := make([]json.RawMessage, len(page.Page.Actions))
	if l.raw {
		var err error
		if raw, err = rawItems(page.Page); err != nil {
			return nil, err
		}
	}
	var passed []output.Record
	for i, action := range page.Page.Actions {
		if l.filter.passes(action) {
			passed = append(passed, output.Record{AccountID: page.AccountID, ContractAction: action, Zone: l.zone, Raw: raw[i]})
		}
	}
	return passed, nil
}

// note prints a line on stderr, unless it is not wanted there.
func (l listing) note(text string) {
	if !l.quiet && !l.errorsJSON {
		fmt.Fprintln(l.stderr, terminal.Printable(text))
	}
}

// noteError prints an error that does not end the program.
func (l listing) noteError(err error) {
	if l.errorsJSON {
		failure.Print(l.stderr, err)
	} else {
		fmt.Fprintln(l.stderr, terminal.Printable(err.Error()))
	}
}

// accountFailed records the failure of one of several accounts. With --errors json,
// it prints it at once.
func (l listing) accountFailed(ctx context.Context, failed *failures, err *wrapper.AccountError) {
	err = atLine(err, l.accounts.line(err.AccountID))
	failed.add(err)
	if l.errorsJSON {
		failure.Print(l.stderr, failure.WithCode(ctx, err))
	}
}

// failedAlone reports whether an error concerns one of several accounts, and the
// others can continue. If the credentials are refused, they cannot.
func (l listing) failedAlone(ctx context.Context, err error) (*wrapper.AccountError, bool) {
	var account *wrapper.AccountError
	alone := l.accounts.several() && ctx.Err() == nil && errors.As(err, &account) && !failure.CredentialsRefused(err)
	return account, alone
}

// ending returns the error of a listing that cannot continue.
func (l listing) ending(ctx context.Context, err error) error {
	if l.accounts.several() && ctx.Err() != nil {
		err = fmt.Errorf("not every account was listed to its end: %w", context.Cause(ctx))
	}
	return failure.WithCode(ctx, err)
}
