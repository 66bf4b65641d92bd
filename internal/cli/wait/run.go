package wait

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// wait polls contract actions of an account until they have ended.
type wait struct {
	client         *wrapper.Client
	accountID      string
	actionIDs      []string      // different ones
	first, longest time.Duration // pauses between polls
	options        []wrapper.WaitOption
	timeout        time.Duration
	format         string
	stdout, stderr io.Writer
}

// update is what a poll found of a contract action, or the end of the wait for it.
type update struct {
	action wrapper.ContractAction // as it was last seen; only its id if it was not
	ended  bool
	err    error
}

// run prints each contract action at its end.
func (w wait) run(ctx context.Context) error {
	out := bufio.NewWriter(w.stdout)
	format := w.format
	if format == "json" {
		format = "ndjson" // objects, not an array
	}
	printer := output.ContractActionsOf(false).NewPrinter(output.Format{Name: format, Terminal: terminal.Of(w.stdout)}, out)
	var results []update
	for result := range w.results(ctx) {
		results = append(results, result)
		if !isSeen(result.action) {
			continue
		}
		if err := printer.Print([]output.Record{{AccountID: w.accountID, ContractAction: result.action, Zone: time.UTC}}); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return w.ending(ctx, results)
}

// results yields the end of each wait, and shows the progress meanwhile.
func (w wait) results(ctx context.Context) iter.Seq[update] {
	return func(yield func(update) bool) {
		ctx, stop := context.WithCancel(ctx)
		updates := make(chan update)
		go w.poll(ctx, updates)
		defer func() {
			stop()
			for range updates { // so that the goroutine ends
			}
		}()
		progress := terminal.NewProgress(w.stdout, w.stderr)
		defer progress.Erase()
		line := newLine(len(w.actionIDs), w.first, w.longest)
		clock := time.NewTicker(time.Second)
		defer clock.Stop()
		for {
			progress.Show(line.at(time.Now()))
			select {
			case <-clock.C:
			case update, more := <-updates:
				switch {
				case !more:
					return
				case !update.ended:
					line.saw(update.action, time.Now())
					continue
				}
				line.ended++
				progress.Erase() // it can be on the same terminal as the output
				if !yield(update) {
					return
				}
			}
		}
	}
}

// poll sends what the client's polls find, and closes updates at the end.
func (w wait) poll(ctx context.Context, updates chan<- update) {
	defer close(updates)
	options := append([]wrapper.WaitOption{
		wrapper.PollInterval(w.first, w.longest),
		wrapper.OnPoll(func(action wrapper.ContractAction) { updates <- update{action: action} }),
	}, w.options...)
	for action, err := range w.client.WaitFor(ctx, w.accountID, w.actionIDs, options...) {
		updates <- update{action, true, err}
	}
}

// isSeen reports whether a poll found a contract action.
func isSeen(action wrapper.ContractAction) bool {
	return !action.CreatedAt.IsZero() || action.Status != ""
}

// ending returns the error for the results; nil if all are COMPLETED. The exit code
// is that of a failure to wait, if there was one, since the other contract actions
// may have FAILED as well.
func (w wait) ending(ctx context.Context, results []update) error {
	if len(w.actionIDs) == 1 {
		err := w.endingOf(ctx, results[0])
		if err == nil {
			return nil
		}
		return w.failed(exit.Code(err), err.Error(), err)
	}
	var causes []error
	ids := make(map[string][]string) // by the text of their cause
	code := exit.Done
	for _, result := range results {
		if account, ok := errors.AsType[*wrapper.AccountError](result.err); ok {
			result.err = account.Err // without the ids
		}
		err := w.endingOf(ctx, result)
		if err == nil {
			continue
		}
		text := err.Error()
		if ids[text] == nil {
			causes = append(causes, err)
		}
		ids[text] = append(ids[text], terminal.Printable(result.action.ID))
		if code == exit.Done || code == exit.ActionFailed {
			code = exit.Code(err)
		}
	}
	var texts []string
	failed := 0
	for _, cause := range causes {
		failed += len(ids[cause.Error()])
		texts = append(texts, strings.Join(ids[cause.Error()], ", ")+": "+cause.Error())
	}
	if failed == 0 {
		return nil
	}
	text := fmt.Sprintf("%d of %d contract actions are not COMPLETED: %s", failed, len(w.actionIDs), strings.Join(texts, "; "))
	return w.failed(code, text, errors.Join(causes...))
}

// failed returns an error with the account, which the text need not name.
func (w wait) failed(code int, text string, err error) error {
	return exit.With(code, accountError{text, &wrapper.AccountError{AccountID: w.accountID, Err: err}})
}

// accountError is an error of waits for contract actions of one account.
type accountError struct {
	text    string
	account *wrapper.AccountError
}

func (e accountError) Error() string { return e.text }

func (e accountError) Unwrap() error { return e.account }

// endingOf returns the error for one result; nil for COMPLETED.
func (w wait) endingOf(ctx context.Context, result update) error {
	action, err := result.action, result.err
	switch {
	case err == nil && action.Status == wrapper.StatusFailed:
		return exit.With(exit.ActionFailed, fmt.Errorf("the contract action FAILED: %s", shortened(action.StatusMessage)))
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("%w; %s", exit.ErrInterrupted, lastSeen(action))
	case w.timedOut(ctx, err):
		return exit.With(exit.Timeout, fmt.Errorf("the --timeout of %v expired: %s%s", w.timeout, lastSeen(action), latestFailure(err)))
	}
	return failure.WithCode(ctx, err)
}

// timedOut reports whether the error is a consequence of --timeout. The wait ends
// a little before it if the rate limit would delay the next request beyond it.
func (w wait) timedOut(ctx context.Context, err error) bool {
	var failure *wrapper.Error
	return errors.Is(ctx.Err(), context.DeadlineExceeded) ||
		w.timeout > 0 && errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &failure)
}

func lastSeen(action wrapper.ContractAction) string {
	if !isSeen(action) {
		return "the contract action had not been found yet"
	}
	return "the contract action was last seen " + shortened(string(action.Status))
}

// shortened bounds a text of the service, which can have any length.
func shortened(text string) string {
	const columns = 400
	return terminal.Cut(terminal.Cell(text), columns)
}

// latestFailure returns why the latest poll failed, if it did.
func latestFailure(err error) string {
	var failure *wrapper.Error
	if !errors.As(err, &failure) || failure.StatusCode == 0 && errors.Is(failure, context.DeadlineExceeded) {
		return ""
	}
	return "; the latest poll: " + failure.Error()
}
