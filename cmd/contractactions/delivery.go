package main

import (
	"bufio"
	"errors"
	"io"
	"os"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// delivery brings what passes the filter to the output.
type delivery interface {
	// page takes the next page of an account and what passes of it.
	page(wrapper.AccountPage, []record) error
	// failed takes note that no more comes of an account, which is not whole.
	failed(accountID string) error
	// finish prints what is left before the end.
	finish() error
}

// errEnough ends a list that has reached its limit.
var errEnough = errors.New("the limit is reached")

// direct prints each page as it arrives, up to a limit.
type direct struct {
	out     *bufio.Writer
	printer printer
	counts  *summary
	limit   int // 0 for none
}

func (d *direct) page(page wrapper.AccountPage, records []record) error {
	enough := d.limit > 0 && d.counts.printed+len(records) >= d.limit
	if enough {
		records = records[:d.limit-d.counts.printed]
	}
	d.counts.add(page, records)
	if err := d.printer.print(records); err != nil {
		return err
	}
	if err := d.out.Flush(); err != nil {
		return err
	}
	if enough {
		return errEnough
	}
	return nil
}

func (*direct) failed(string) error { return nil }

func (*direct) finish() error { return nil }

// sorted keeps everything until the end, and prints it sorted.
type sorted struct {
	printer printer
	counts  *summary
	keys    names
	limit   int // 0 for none
	records []record
}

func (s *sorted) page(page wrapper.AccountPage, records []record) error {
	s.counts.add(page, nil)
	s.records = append(s.records, records...)
	return nil
}

func (*sorted) failed(string) error { return nil }

func (s *sorted) finish() error {
	sortRecords(s.records, s.keys)
	if s.limit > 0 && len(s.records) > s.limit {
		s.records = s.records[:s.limit]
	}
	s.counts.count(s.records)
	return s.printer.print(s.records)
}

// resumable prints an account when it is whole, and then notes in the journal
// that it is done. What of it is in between at a crash is printed again by the
// next run; nothing else is, and nothing is lost.
type resumable struct {
	out     *bufio.Writer
	stdout  io.Writer
	printer printer
	shape   shape
	counts  *summary
	journal *journal
	held    map[string]*heldAccount
}

// heldAccount is what has come of an account that is not whole yet.
type heldAccount struct {
	spool   spool
	out     *bufio.Writer
	printer printer
	counts  summary
}

func (r *resumable) page(page wrapper.AccountPage, records []record) error {
	account := r.held[page.AccountID]
	if account == nil {
		account = &heldAccount{counts: newSummary()}
		account.out = bufio.NewWriter(&account.spool)
		account.printer = r.shape.newContinuation(account.out)
		r.held[page.AccountID] = account
	}
	account.counts.add(page, records)
	if err := account.printer.print(records); err != nil {
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

func (r *resumable) done(accountID string, account *heldAccount) error {
	if err := r.printer.print(nil); err != nil { // what comes first
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
	return r.journal.add(accountID)
}

// synchronize brings a file to the disk, lest the journal be there before what
// it is about. A pipe or a terminal has nothing to bring.
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
	if account := r.held[accountID]; account != nil {
		account.spool.discard()
		delete(r.held, accountID)
	}
}

func (r *resumable) finish() error {
	for accountID := range r.held {
		r.discard(accountID)
	}
	return nil
}
