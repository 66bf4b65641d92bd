package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// listing is one run over accounts, from their first pages to their last: what
// list and demo have in common.
type listing struct {
	client         *wrapper.Client
	accounts       *accounts
	options        []wrapper.ListOption
	filter         filter
	asItArrives    bool // whether selected contract actions are in the service's order
	shape          shape
	order          names    // of --sort; nil for none
	limit          int      // 0 for none
	journal        *journal // nil without --resume
	stdout, stderr io.Writer
	progress       io.Writer // where to show it; nil for stderr
	quiet          bool      // no summary
}

// run prints each page as it arrives, unless it has to wait for others. If
// nothing arrives because of an error, it prints nothing.
func (l listing) run(ctx context.Context) error {
	out := bufio.NewWriter(l.stdout)
	counts := newSummary()
	counts.several, counts.filtered = l.accounts.several(), l.filter.filters()
	printer := l.newPrinter(out)
	delivery := l.newDelivery(out, printer, &counts)
	progress := newProgress(l.stdout, cmp.Or(l.progress, l.stderr))
	defer progress.erase()

	failed, ending := l.deliver(ctx, delivery, &counts, progress)
	progress.erase()
	if err := delivery.finish(); err != nil {
		return err
	}
	counts.failed, counts.before = len(failed), l.accounts.done()
	text := counts.String() + remark(ending, counts.more)
	if errors.Is(ending, errEnough) {
		ending = nil
	}
	if l.quiet {
		text = ""
	}
	if counts.pages > 0 || (ending == nil && len(failed) == 0) {
		printer.close(text)
		if err := out.Flush(); err != nil {
			return err
		}
	}
	if text != "" && l.accounts.several() && l.shape.format != "table" {
		progress.note(text)
	}
	failed.print(l.stderr)
	if ending == nil && len(failed) > 0 {
		return accountsError{len(failed), len(failed) + counts.accounts}
	}
	return ending
}

func (l listing) newPrinter(out *bufio.Writer) printer {
	if l.journal != nil && len(l.journal.done) > 0 {
		return l.shape.newContinuation(out)
	}
	return l.shape.newPrinter(out, l.accounts.several())
}

func (l listing) newDelivery(out *bufio.Writer, printer printer, counts *summary) delivery {
	delivery := l.newPlainDelivery(out, printer, counts)
	if l.filter.filters() && !l.asItArrives {
		return collect(delivery, l.filter)
	}
	return delivery
}

func (l listing) newPlainDelivery(out *bufio.Writer, printer printer, counts *summary) delivery {
	switch {
	case l.journal != nil:
		return &resumable{
			out: out, stdout: l.stdout, printer: printer, shape: l.shape, counts: counts,
			journal: l.journal, held: make(map[string]*heldAccount),
		}
	case l.order != nil:
		return &sorted{printer: printer, counts: counts, keys: l.order, limit: l.limit}
	}
	return &direct{out: out, printer: printer, counts: counts, limit: l.limit}
}

// deliver lists all accounts. It returns those that failed, and what ended the
// list before its time.
func (l listing) deliver(ctx context.Context, delivery delivery, counts *summary, progress *progress) (failures, error) {
	var failed failures
	var ending error
	listing, stop := context.WithCancel(ctx)
	defer stop()
	unfinished := make(map[string]bool) // accounts of which the latest page is not the last
	progress.begin(l.accounts.several(), l.accounts.known())
	for page, err := range l.pages(listing) {
		// Both may be on the same terminal.
		progress.erase()
		if err == nil {
			unfinished[page.AccountID] = !page.Page.Last
			err = delivery.page(page, l.records(page))
			progress.page(page.Page, counts, len(failed))
		} else if account, ok := l.failedAlone(ctx, err); ok {
			delete(unfinished, account.AccountID)
			failed.add(account, l.accounts.line(account.AccountID))
			err = delivery.failed(account.AccountID)
			progress.failed(counts, len(failed))
		} else {
			err = l.ending(ctx, err)
		}
		if err != nil {
			// The accounts' ids are waited for, and nothing but this ends that.
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
	if l.accounts.several() || l.journal != nil {
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

// records are what passes the filter.
func (l listing) records(page wrapper.AccountPage) []record {
	var passed []record
	for _, action := range page.Page.Actions {
		if l.filter.passes(action) {
			passed = append(passed, newRecord(page.AccountID, action, l.shape.zone))
		}
	}
	return passed
}

// failedAlone reports whether an error is about one of several accounts, and
// the others can go on. With credentials that are refused, they cannot.
func (l listing) failedAlone(ctx context.Context, err error) (*wrapper.AccountError, bool) {
	var account *wrapper.AccountError
	alone := l.accounts.several() && ctx.Err() == nil && errors.As(err, &account) && !tokenRefused(err)
	return account, alone
}

// ending is the error of a list that has to end.
func (l listing) ending(ctx context.Context, err error) error {
	if l.accounts.several() && ctx.Err() != nil {
		err = fmt.Errorf("not every account was listed to its end: %w", context.Cause(ctx))
	}
	return interruptedOr(ctx, err)
}
