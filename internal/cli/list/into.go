package list

import (
	"context"
	"fmt"
	"strconv"

	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/listing"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// fileSink appends the contract actions of an account to the file of --into when
// the account is complete. The value of an account is the number of them.
type fileSink struct {
	listing.FilePrinter
	file    *checkpoint.File
	printed map[string]int // contract actions of accounts that are not complete

	added             int // accounts, in this run
	accounts, actions int // in the file
}

func newFileSink(file *checkpoint.File, list output.List[output.Record], format output.Format) *fileSink {
	sink := &fileSink{FilePrinter: listing.NewFilePrinter(file, list, format), file: file, printed: make(map[string]int)}
	for _, value := range file.Committed() {
		actions, _ := strconv.Atoi(value) // the values were checked
		sink.accounts++
		sink.actions += actions
	}
	return sink
}

func checkNumber(text string) error {
	_, err := strconv.Atoi(text)
	return err
}

func (s *fileSink) Page(page wrapper.AccountPage, records []output.Record) error {
	if err := s.Append(page.AccountID, records); err != nil {
		return fmt.Errorf("--into: %w", err)
	}
	s.printed[page.AccountID] += len(records)
	if !page.Page.Last {
		return nil
	}
	actions := s.printed[page.AccountID]
	delete(s.printed, page.AccountID)
	if err := s.file.Commit(page.AccountID, strconv.Itoa(actions)); err != nil {
		return fmt.Errorf("--into: %w", err)
	}
	s.added++
	s.accounts++
	s.actions += actions
	return nil
}

func (s *fileSink) Failed(accountID string) error {
	delete(s.printed, accountID)
	s.file.Discard(accountID)
	return nil
}

func (*fileSink) finish() error { return nil }

// runInto writes the file of --into, and reports on stderr what it contains.
func (l list) runInto(ctx context.Context) error {
	sink := newFileSink(l.into, listOf(l.Raw, true), l.Format)
	progress := terminal.NewProgress(l.Stdout, l.Progress)
	result := l.Deliver(ctx, l.selected(sink), progress)
	progress.Erase()
	l.Note(l.report(sink, result))
	return l.End(result, sink.added+l.Accounts.Done())
}

// report is for example "actions.csv is complete: 3 contract actions of 2
// accounts".
func (l list) report(sink *fileSink, result listing.Result) string {
	what := "contract action"
	if l.Filter.Filters() {
		what = "matching " + what
	}
	name, done, complete := l.into.Name(), l.Accounts.Done(), result.Ending == nil && len(result.Failed) == 0
	content := terminal.Count(sink.actions, what) + " of " + terminal.Count(sink.accounts, "account")
	switch {
	case complete && done > 0 && sink.added == 0:
		return fmt.Sprintf("%s is already complete: %s; to start over, remove %[1]s and %[3]s", name, content, checkpoint.RecordName(name))
	case complete:
		content = " is complete: " + content
	default:
		content = " is not complete: " + content
	}
	if done > 0 {
		content += "; already done: " + terminal.Count(done, "account")
	}
	if len(result.Failed) > 0 {
		content += "; failed: " + terminal.Count(len(result.Failed), "account")
	}
	if !complete {
		content += "; run the same command again to continue"
	}
	return name + content
}
