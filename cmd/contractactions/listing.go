package main

import (
	"bufio"
	"context"
	"io"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// listing is one account, listed from its first page to its last: what list
// and demo have in common.
type listing struct {
	client         *wrapper.Client
	accountID      string
	options        []wrapper.ListOption
	format         string
	stdout, stderr io.Writer
}

// run prints each page as it arrives. If nothing arrives, it prints nothing.
func (l listing) run(ctx context.Context) error {
	out := bufio.NewWriter(l.stdout)
	printer := newPrinter(l.format, out)
	progress := newProgress(l.stdout, l.stderr)
	defer progress.erase()
	progress.begin()

	var ending error
	received := false
	for page, err := range l.client.Pages(ctx, l.accountID, l.options...) {
		// Both may be on the same terminal.
		progress.erase()
		if err != nil {
			ending = interruptedOr(ctx, err)
			break
		}
		received = true
		if err := printer.page(page); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
		progress.page(page)
	}
	progress.erase()
	if received {
		printer.close(ending)
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return ending
}
