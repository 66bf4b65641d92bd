package listing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/selection"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Listing is one run over accounts, from their first pages to their last.
type Listing struct {
	Client         *wrapper.Client
	Accounts       *Accounts
	Options        []wrapper.ListOption
	Since          func(accountID string) time.Time // of changes; nil for list
	Filter         selection.Filter
	Format         output.Format
	Raw            bool // whether to print contract actions as the service sent them
	Zone           *time.Location
	Stdout, Stderr io.Writer
	Progress       io.Writer // where to show it
	Quiet          bool      // no summary
	ErrorsJSON     bool      // stderr has errors as JSON, and nothing else
}

// Result is how a listing ended.
type Result struct {
	Failed Failures
	Cut    int   // accounts that --max-pages ended, and that have more pages
	Ending error // what ended the listing early; nil if nothing did
}

// Remark returns what a summary adds if it does not cover the whole list.
func (r Result) Remark() string {
	switch {
	case errors.Is(r.Ending, exit.ErrInterrupted):
		return "; interrupted"
	case errors.Is(r.Ending, ErrLimitReached):
		return "; ended by --limit"
	case r.Ending != nil:
		return "; the list broke off"
	case r.Cut > 0:
		return "; there are more pages"
	}
	return ""
}

// Deliver lists all accounts, into the sink.
func (l Listing) Deliver(ctx context.Context, sink Sink, progress *terminal.Progress) (result Result) {
	listing, stop := context.WithCancel(ctx)
	defer stop()
	unfinished := make(map[string]bool) // accounts of which the latest page is not the last
	progress.Begin(l.Accounts.Several(), l.Accounts.known())
	for page, err := range l.pages(listing) {
		// The progress can be on the same terminal as the output.
		progress.Erase()
		if err == nil {
			unfinished[page.AccountID] = !page.Page.Last
			var passed []output.Record
			if passed, err = l.records(page); err == nil {
				err = sink.Page(page, passed)
			}
			progress.Page(page.Page)
		} else if account, ok := l.failedAlone(ctx, err); ok {
			delete(unfinished, account.AccountID)
			l.accountFailed(ctx, &result.Failed, account)
			err = sink.Failed(account.AccountID)
			progress.Failed()
		} else {
			err = l.ending(ctx, err)
		}
		if err != nil {
			// This ends the wait for more ids of accounts.
			stop()
			result.Ending = err
			break
		}
	}
	if result.Ending == nil && l.Accounts.failure != nil {
		result.Ending = l.ending(ctx, l.Accounts.failure)
	}
	for _, cut := range unfinished { // by --max-pages
		if cut && result.Ending == nil {
			result.Cut++
		}
	}
	return result
}

// pages lists one account, whose next page is fetched ahead, or several.
func (l Listing) pages(ctx context.Context) iter.Seq2[wrapper.AccountPage, error] {
	if l.Since != nil {
		return l.Client.ChangesOf(ctx, l.Accounts.since(ctx, l.Since), l.Options...)
	}
	if l.Accounts.Several() || l.Accounts.into != nil {
		return l.Client.PagesOf(ctx, l.Accounts.ids(ctx), l.Options...)
	}
	id := l.Accounts.arguments[0]
	return func(yield func(wrapper.AccountPage, error) bool) {
		for page, err := range l.Client.Pages(ctx, id, l.Options...) {
			if !yield(wrapper.AccountPage{AccountID: id, Page: page}, err) {
				return
			}
		}
	}
}

// records returns the contract actions that pass the filter.
func (l Listing) records(page wrapper.AccountPage) ([]output.Record, error) {
	raw := make([]json.RawMessage, len(page.Page.Actions))
	if l.Raw {
		var err error
		if raw, err = rawItems(page.Page); err != nil {
			return nil, err
		}
	}
	var passed []output.Record
	for i, action := range page.Page.Actions {
		if l.Filter.Passes(action) {
			passed = append(passed, output.Record{AccountID: page.AccountID, ContractAction: action, Zone: l.Zone, Raw: raw[i]})
		}
	}
	return passed, nil
}

// Note prints a line on stderr, unless it is not wanted there.
func (l Listing) Note(text string) {
	if !l.Quiet && !l.ErrorsJSON {
		fmt.Fprintln(l.Stderr, terminal.Printable(text))
	}
}

// NoteError prints an error that does not end the program.
func (l Listing) NoteError(err error) {
	if l.ErrorsJSON {
		failure.Print(l.Stderr, err)
	} else {
		fmt.Fprintln(l.Stderr, "contractactions: "+terminal.Printable(err.Error()))
	}
}

// accountFailed records the failure of one of several accounts. With --errors json,
// it prints it at once.
func (l Listing) accountFailed(ctx context.Context, failed *Failures, err *wrapper.AccountError) {
	err = atLine(err, l.Accounts.line(err.AccountID))
	failed.add(err)
	if l.ErrorsJSON {
		failure.Print(l.Stderr, failure.WithCode(ctx, err))
	}
}

// failedAlone reports whether an error concerns one of several accounts, and the
// others can continue. If the credentials are refused, they cannot.
func (l Listing) failedAlone(ctx context.Context, err error) (*wrapper.AccountError, bool) {
	var account *wrapper.AccountError
	alone := l.Accounts.Several() && ctx.Err() == nil && errors.As(err, &account) && !failure.CredentialsRefused(err)
	return account, alone
}

// ending returns the error of a listing that cannot continue.
func (l Listing) ending(ctx context.Context, err error) error {
	if l.Accounts.Several() && ctx.Err() != nil {
		err = fmt.Errorf("not every account was listed to its end: %w", context.Cause(ctx))
	}
	return failure.WithCode(ctx, err)
}

// End prints the failures, and returns the error of a listing, given the number of
// accounts that are complete.
func (l Listing) End(result Result, complete int) error {
	if !l.ErrorsJSON {
		result.Failed.print(l.Stderr)
	}
	if result.Ending == nil {
		return result.Failed.err(len(result.Failed) + complete)
	}
	return result.Ending
}
