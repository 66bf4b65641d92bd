package list

import (
	"bufio"
	"io"
	"os"

	"github.com/talkdesk-express/contractactions/internal/cli/list/journal"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// resumable prints an account when it is complete, and then records it in the
// journal. After a crash between the two, the next run prints the account again.
// No other account is printed twice, and none is lost.
type resumable struct {
	out      *bufio.Writer
	stdout   io.Writer
	printer  output.Printer[output.Record]
	list     output.List[output.Record]
	format   output.Format
	counts   *summary
	journal  *journal.Journal
	accounts map[string]*spooledAccount
}

// spooledAccount is an account that is not complete.
type spooledAccount struct {
	spool   journal.Spool
	out     *bufio.Writer
	printer output.Printer[output.Record]
	counts  summary
}

func (r *resumable) page(page wrapper.AccountPage, records []output.Record) error {
	account := r.accounts[page.AccountID]
	if account == nil {
		account = &spooledAccount{counts: newSummary()}
		account.out = bufio.NewWriter(&account.spool)
		account.printer = r.list.NewContinuation(r.format, account.out)
		r.accounts[page.AccountID] = account
	}
	account.counts.add(page, records)
	if err := account.printer.Print(records); err != nil {
		return err
	}
	if err := account.out.Flush(); err != nil {
		return err
	}
	if !page.Page.Last {
		return nil
	}
	defer r.discard(page.AccountID)
	return r.done(page.AccountID, account)
}

func (r *resumable) done(accountID string, account *spooledAccount) error {
	if err := r.printer.Print(nil); err != nil { // the beginning of the list
		return err
	}
	if _, err := account.spool.WriteTo(r.out); err != nil {
		return err
	}
	if err := r.out.Flush(); err != nil {
		return err
	}
	if err := synchronize(r.stdout); err != nil {
		return err
	}
	r.counts.merge(account.counts)
	return r.journal.Add(accountID)
}

// synchronize writes a file to the disk, so that the journal is never ahead of
// the output. Pipes and terminals need no synchronization.
func synchronize(writer io.Writer) error {
	file, ok := writer.(*os.File)
	if !ok {
		return nil
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return err
	}
	return file.Sync()
}

func (r *resumable) failed(accountID string) error {
	r.discard(accountID)
	return nil
}

func (r *resumable) discard(accountID string) {
	if account := r.accounts[accountID]; account != nil {
		account.spool.Discard()
		delete(r.accounts, accountID)
	}
}

func (r *resumable) finish() error {
	for accountID := range r.accounts {
		r.discard(accountID)
	}
	return nil
}
