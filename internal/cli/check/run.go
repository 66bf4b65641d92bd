package check

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// check is one run over the list of an account.
type check struct {
	client         *wrapper.Client
	transport      *conformanceTransport
	accountID      string
	options        []wrapper.ListOption
	format         string
	stdout, stderr io.Writer
}

// run prints a report, unless there was no response to report on.
func (c check) run(ctx context.Context) error {
	read := c.read(ctx)
	read.ending = c.transport.withoutSecrets(read.ending)
	report := c.transport.report(read)
	if report.Responses == 0 {
		return read.ending
	}
	print := printReportTable
	if c.format == "json" {
		print = printReportJSON
	}
	if err := print(c.stdout, report); err != nil {
		return err
	}
	if report.Drift != nil && *report.Drift {
		return report.err(read.ending)
	}
	return read.ending
}

// err is the error of a report with drift. ending is what ended the list early,
// nil if nothing did.
func (r report) err(ending error) error {
	differences, _ := r.count()
	text := "the service differs from the contract: " + terminal.Count(differences+r.Omitted, "finding")
	switch {
	case ending == nil:
		return exit.With(exit.Drift, errors.New(text))
	case errors.Is(ending, exit.ErrInterrupted):
		return fmt.Errorf("%s; the list could not be read to its end: %w", text, ending)
	}
	return exit.With(exit.Drift, fmt.Errorf("%s; the list could not be read to its end: %w", text, ending))
}

// reading is how far a list was read.
type reading struct {
	pages, actions int
	more           bool // whether the last page had a link to the next
	ending         error
}

// read only follows the pages: the transport compares them.
func (c check) read(ctx context.Context) (read reading) {
	progress := terminal.NewProgress(c.stdout, c.stderr)
	defer progress.Erase()
	progress.Begin(false, 1)
	for page, err := range c.client.Pages(ctx, c.accountID, c.options...) {
		if err != nil {
			read.ending = failure.WithCode(ctx, err)
			return read
		}
		read.pages++
		read.actions += len(page.Actions)
		read.more = page.Next != ""
		progress.Page(page)
	}
	return read
}
