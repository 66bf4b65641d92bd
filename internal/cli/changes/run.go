package changes

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/listing"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// changes prints what changed since the last run, and can do so again and again.
type changes struct {
	listing.Listing
	loaded        *config.Config
	state, output string // names of files; output is empty without --into
	header        checkpoint.Header
	out           *bufio.Writer                 // to stdout; nil with --into
	printer       output.Printer[output.Record] // to out
	following     bool
}

// follow repeats run until the context ends, which is a success, or until a run
// fails in a way that will recur.
func (c *changes) follow(ctx context.Context, pause time.Duration) error {
	c.following = true
	if err := c.Accounts.ReadAll(ctx); err != nil {
		return failure.WithCode(ctx, err)
	}
	for {
		c.Accounts = c.Accounts.Again()
		err := c.run(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !mayPass(err):
			return err
		case err != nil:
			c.NoteError(err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// mayPass reports whether an error is a failure of the service or the network, or of
// some accounts. Errors of this machine have no exit code of their own.
func mayPass(err error) bool {
	var coded *exit.Error
	return errors.As(err, &coded) && slices.Contains([]int{exit.Failure, exit.Accounts, exit.AccountsTransient}, coded.Code)
}

// run reads the changes of all accounts once.
func (c changes) run(ctx context.Context) error {
	ctx, cancel := c.loaded.WithTimeout(ctx)
	defer cancel()
	file, err := checkpoint.OpenState(ctx, c.state, c.output, c.header, listing.Heading(output.ContractActions, c.Format))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := file.CheckValues(checkPosition); err != nil {
		return err
	}
	c.NoteDiscarded(file)
	if file.IsNew() {
		c.Note(c.start(file.Header().Since))
	}
	sink := &sink{file: file, out: c.out, printer: c.printer, began: time.Now(), accounts: make(map[string]*accountChanges)}
	if c.out == nil {
		sink.into = listing.NewFilePrinter(file, output.ContractActions, c.Format)
	}
	c.Since = func(accountID string) time.Time {
		if since := positionOf(file, accountID).since; !since.IsZero() {
			return since
		}
		return time.Unix(0, 0)
	}
	progress := terminal.NewProgress(c.Stdout, c.Progress)
	result := c.Deliver(ctx, sink, progress)
	progress.Erase()
	if err := c.report(sink, result, progress); err != nil {
		return err
	}
	return c.End(result, sink.complete)
}

// start is what the first run prints.
func (c changes) start(since time.Time) string {
	if since.IsZero() {
		return c.state + " is new: every contract action is printed, later runs print what has changed"
	}
	return fmt.Sprintf("%s is new: contract actions updated since %s are printed, later runs print what has changed",
		c.state, since.In(c.Zone).Format(time.RFC3339))
}

// report prints the summary: of a table as a part of it, of a run that was not
// complete on stderr, and otherwise on terminals only. A scheduled run in which
// nothing happens prints nothing.
func (c changes) report(sink *sink, result listing.Result, progress *terminal.Progress) error {
	failed, ending := len(result.Failed), result.Ending
	text := terminal.Count(sink.changes, "change") + " in " + terminal.Count(sink.complete, "account")
	if failed > 0 {
		text += "; " + terminal.Count(failed, "account") + " failed"
	}
	text += result.Remark()
	switch {
	case c.Quiet, ending != nil && sink.complete == 0:
	case c.out != nil && c.Format.Name == "table" && !c.following:
		c.printer.Close(text)
		return c.out.Flush()
	case ending != nil || failed > 0:
		c.Note(text)
	case sink.changes > 0 || !c.following:
		progress.Note(text)
	}
	return nil
}
