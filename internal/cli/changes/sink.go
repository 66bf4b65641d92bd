package changes

import (
	"bufio"
	"fmt"
	"slices"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/listing"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// sink prints the changes of an account, and records its position, when the
// account is complete.
type sink struct {
	file     *checkpoint.File
	into     listing.FilePrinter           // with --into
	out      *bufio.Writer                 // without
	printer  output.Printer[output.Record] // to out
	began    time.Time                     // this run
	accounts map[string]*accountChanges

	changes, complete int // accounts are complete
}

// accountChanges are those of an account that is not complete.
type accountChanges struct {
	reading
	records []output.Record // without --into
	printed int
}

// positionOf returns the position of an account. Those without one begin where the
// file did.
func positionOf(file *checkpoint.File, accountID string) position {
	if text, known := file.Value(accountID); known {
		p, _ := parsePosition(text) // its values were checked
		return p
	}
	return position{since: file.Header().Since}
}

func checkPosition(text string) error {
	_, err := parsePosition(text)
	return err
}

func (s *sink) Page(page wrapper.AccountPage, records []output.Record) error {
	account := s.accounts[page.AccountID]
	if account == nil {
		account = &accountChanges{reading: reading{from: positionOf(s.file, page.AccountID)}}
		s.accounts[page.AccountID] = account
	}
	account.add(page.Page.Actions, s.began)
	changed := slices.DeleteFunc(records, func(record output.Record) bool { return account.from.has(&record.ContractAction) })
	if err := s.collect(page.AccountID, account, changed); err != nil {
		return err
	}
	if !page.Page.Last {
		return nil
	}
	delete(s.accounts, page.AccountID)
	return s.end(page.AccountID, account)
}

func (s *sink) collect(accountID string, account *accountChanges, changed []output.Record) error {
	account.printed += len(changed)
	if s.out != nil || len(changed) == 0 {
		account.records = append(account.records, changed...)
		return nil
	}
	if err := s.into.Append(accountID, changed); err != nil {
		return fmt.Errorf("--into: %w", err)
	}
	return nil
}

// end prints the changes before it records them: none may be lost.
func (s *sink) end(accountID string, account *accountChanges) error {
	if len(account.records) > 0 {
		if err := s.printer.Print(account.records); err != nil {
			return err
		}
		if err := s.out.Flush(); err != nil {
			return err
		}
	}
	if next := account.next.String(); next != account.from.String() {
		if err := s.file.Commit(accountID, next); err != nil {
			return fmt.Errorf("--state: %w", err)
		}
	}
	s.changes += account.printed
	s.complete++
	return nil
}

func (s *sink) Failed(accountID string) error {
	delete(s.accounts, accountID)
	s.file.Discard(accountID)
	return nil
}
