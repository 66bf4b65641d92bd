package list

import (
	"bufio"
	"context"
	"errors"
	"io"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/listing"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// list is one run of the command.
type list struct {
	listing.Listing
	asItArrives bool                 // whether selected contract actions are in the service's order
	order       flagvalue.StringList // of --sort; nil for none
	limit       int                  // 0 for none
	into        *checkpoint.File     // nil without --into
}

// Account prints the contract actions of one account, as list does without flags.
func Account(ctx context.Context, client *wrapper.Client, accountID, format string, stdout, stderr io.Writer, options ...wrapper.ListOption) error {
	return list{Listing: listing.Listing{
		Client:   client,
		Accounts: listing.NewAccounts([]string{accountID}, nil),
		Options:  options,
		Format:   output.Format{Name: format, Terminal: terminal.Of(stdout)},
		Zone:     time.UTC,
		Stdout:   stdout,
		Stderr:   stderr,
		Progress: stderr,
	}}.run(ctx)
}

// run prints each page as it arrives, unless it has to wait for others. It prints
// nothing if an error ends it before the first page.
func (l list) run(ctx context.Context) error {
	if l.into != nil {
		return l.runInto(ctx)
	}
	out := bufio.NewWriter(l.Stdout)
	counts := newSummary()
	counts.several, counts.filtered = l.Accounts.Several(), l.Filter.Filters()
	printer := listOf(l.Raw, l.Accounts.Several()).NewPrinter(l.Format, out)
	sink := l.newSink(out, printer, &counts)
	progress := terminal.NewProgress(l.Stdout, l.Progress)
	defer progress.Erase()

	result := l.Deliver(ctx, sink, progress)
	progress.Erase()
	if err := sink.finish(); err != nil {
		return err
	}
	counts.accounts += result.Cut
	counts.failed = len(result.Failed)
	text := counts.String() + result.Remark()
	if errors.Is(result.Ending, listing.ErrLimitReached) {
		result.Ending = nil
	}
	if l.Quiet {
		text = ""
	}
	if counts.pages > 0 || (result.Ending == nil && len(result.Failed) == 0) {
		printer.Close(text)
		if err := out.Flush(); err != nil {
			return err
		}
	}
	if text != "" && l.Accounts.Several() && l.Format.Name != "table" {
		progress.Note(text)
	}
	return l.End(result, counts.accounts)
}

// listOf returns how contract actions are printed.
func listOf(raw, several bool) output.List[output.Record] {
	if raw {
		return output.RawContractActions
	}
	return output.ContractActionsOf(several)
}

func (l list) newSink(out *bufio.Writer, printer output.Printer[output.Record], counts *summary) sink {
	if l.order != nil {
		return l.selected(&sorted{printer: printer, counts: counts, keys: l.order, limit: l.limit})
	}
	return l.selected(&direct{out: out, printer: printer, counts: counts, limit: l.limit})
}

// selected puts a selection in order before the sink.
func (l list) selected(sink sink) sink {
	if l.Filter.Filters() && !l.asItArrives {
		return collect(sink, l.Filter)
	}
	return sink
}
