package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// driftError reports that the service differs from the contract.
type driftError struct {
	findings int
	ending   error // what ended the list before its time, nil if nothing did
}

func (e driftError) Error() string {
	text := "the service differs from the contract: " + counted(e.findings, "finding")
	if e.ending != nil {
		text += fmt.Sprintf("; the list could not be read to its end: %v", e.ending)
	}
	return text
}

func (e driftError) Unwrap() error { return e.ending }

// checking is one account, read to compare what comes with the contract.
type checking struct {
	client         *wrapper.Client
	inspector      *inspector
	accountID      string
	options        []wrapper.ListOption
	format         string
	stdout, stderr io.Writer
}

// run prints a report, unless no answer came that it could be about.
func (c checking) run(ctx context.Context) error {
	read := c.read(ctx)
	read.ending = c.inspector.withoutSecrets(read.ending)
	report := c.inspector.report(read)
	if report.Answers == 0 {
		return read.ending
	}
	print := printReportTable
	if c.format == "json" {
		print = printReportJSON
	}
	if err := print(c.stdout, report); err != nil {
		return err
	}
	if report.Drift {
		differences, _ := report.count()
		return driftError{differences + report.Omitted, read.ending}
	}
	return read.ending
}

// reading is how far a list was read.
type reading struct {
	pages, actions int
	more           bool // whether the last page had a link to another
	ending         error
}

// read only follows the pages: the inspector compares them as they pass.
func (c checking) read(ctx context.Context) (read reading) {
	progress := newProgress(c.stdout, c.stderr)
	defer progress.erase()
	progress.begin(false, 1)
	for page, err := range c.client.Pages(ctx, c.accountID, c.options...) {
		if err != nil {
			read.ending = interruptedOr(ctx, err)
			return read
		}
		read.pages++
		read.actions += len(page.Actions)
		read.more = page.Next != ""
		progress.page(page, nil, 0)
	}
	return read
}

func oneAccountToCheck(_ *cobra.Command, arguments []string) error {
	switch len(arguments) {
	case 0:
		return errors.New("check needs the id of an account")
	case 1:
		return nil
	}
	return fmt.Errorf("check takes the id of one account, not %d", len(arguments))
}
