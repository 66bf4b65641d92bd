package list

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// filePrinter prints to a file that is written exactly once.
type filePrinter struct {
	file    *checkpoint.File
	printer output.Printer[output.Record]
	out     *bufio.Writer
	buffer  *bytes.Buffer
}

func newFilePrinter(file *checkpoint.File, list output.List[output.Record], format output.Format) filePrinter {
	buffer := new(bytes.Buffer)
	out := bufio.NewWriter(buffer)
	return filePrinter{file, list.NewContinuation(format, out), out, buffer}
}

// append adds records to the part of an account that is not complete.
func (p filePrinter) append(accountID string, records []output.Record) error {
	if err := p.printer.Print(records); err != nil {
		return err
	}
	if err := p.out.Flush(); err != nil {
		return err
	}
	defer p.buffer.Reset()
	return p.file.Append(accountID, p.buffer.Bytes())
}

// fileSink appends the contract actions of an account to the file of --into when
// the account is complete. The value of an account is the number of them.
type fileSink struct {
	filePrinter
	printed map[string]int // contract actions of accounts that are not complete

	added             int // accounts, in this run
	accounts, actions int // in the file
}

func newFileSink(file *checkpoint.File, list output.List[output.Record], format output.Format) *fileSink {
	sink := &fileSink{filePrinter: newFilePrinter(file, list, format), printed: make(map[string]int)}
	for _, value := range file.Committed() {
		actions, _ := strconv.Atoi(value) // a number, since the record is not damaged
		sink.accounts++
		sink.actions += actions
	}
	return sink
}

// heading returns what a file in the format begins with.
func heading(list output.List[output.Record], format output.Format) []byte {
	var text bytes.Buffer
	out := bufio.NewWriter(&text)
	list.NewPrinter(format, out).Close("")
	out.Flush()
	return text.Bytes()
}

func (s *fileSink) page(page wrapper.AccountPage, records []output.Record) error {
	if err := s.append(page.AccountID, records); err != nil {
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

func (s *fileSink) failed(accountID string) error {
	delete(s.printed, accountID)
	s.file.Discard(accountID)
	return nil
}

func (*fileSink) finish() error { return nil }

// runInto writes the file of --into, and reports on stderr what it contains.
func (l listing) runInto(ctx context.Context) error {
	sink := newFileSink(l.into, listOf(l.raw, true), l.format)
	progress := terminal.NewProgress(l.stdout, l.progress)
	var counts summary
	failed, ending := l.deliver(ctx, l.selected(sink), &counts, progress)
	progress.Erase()
	l.note(l.report(sink, failed, ending))
	return l.end(failed, sink.added+l.accounts.done(), ending)
}

// report is for example "actions.csv is complete: 3 contract actions of 2
// accounts".
func (l listing) report(sink *fileSink, failed failures, ending error) string {
	what := "contract action"
	if l.filter.filters() {
		what = "matching " + what
	}
	name, done, complete := l.into.Name(), l.accounts.done(), ending == nil && len(failed) == 0
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
	if len(failed) > 0 {
		content += "; failed: " + terminal.Count(len(failed), "account")
	}
	if !complete {
		content += "; run the same command again to continue"
	}
	return name + content
}
