package wait

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// wait polls one contract action until it has ended.
type wait struct {
	client              *wrapper.Client
	accountID, actionID string
	first, longest      time.Duration // pauses between polls
	timeout             time.Duration
	format              string
	stdout, stderr      io.Writer
}

// result is the end of a wait.
type result struct {
	action wrapper.ContractAction // as it was last seen; zero if it was not
	err    error
}

// run prints the contract action at the end.
func (w wait) run(ctx context.Context) error {
	result := w.poll(ctx)
	if result.action.ID != "" {
		if err := w.print(result.action); err != nil {
			return err
		}
	}
	return w.ending(ctx, result)
}

// poll shows the status until the client's wait has ended.
func (w wait) poll(ctx context.Context) result {
	seen, ended := make(chan wrapper.ContractAction), make(chan result, 1)
	go func() {
		action, err := w.client.Wait(ctx, w.accountID, w.actionID,
			wrapper.PollInterval(w.first, w.longest),
			wrapper.OnPoll(func(action wrapper.ContractAction) { seen <- action }))
		ended <- result{action, err}
	}()
	progress := output.NewProgress(w.stdout, w.stderr)
	defer progress.Erase()
	line := newLine(w.first, w.longest)
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	for {
		progress.Show(line.at(time.Now()))
		select {
		case action := <-seen:
			line.polled(action.Status, time.Now())
		case <-clock.C:
		case result := <-ended:
			return result
		}
	}
}

func (w wait) print(action wrapper.ContractAction) error {
	out := bufio.NewWriter(w.stdout)
	format := w.format
	if format == "json" {
		format = "ndjson" // one object, not an array of one
	}
	printer := output.ContractActionsOf(false).NewPrinter(output.Format{Name: format, Terminal: output.TerminalOf(w.stdout)}, out)
	if err := printer.Print([]output.Record{{AccountID: w.accountID, ContractAction: action, Zone: time.UTC}}); err != nil {
		return err
	}
	return out.Flush()
}

// ending returns the error for the result; nil for COMPLETED.
func (w wait) ending(ctx context.Context, result result) error {
	action, err := result.action, result.err
	switch {
	case err == nil && action.Status == wrapper.StatusFailed:
		return exit.With(exit.ActionFailed, fmt.Errorf("the contract action FAILED: %s", output.Cell(action.StatusMessage)))
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("%w; %s", exit.ErrInterrupted, lastSeen(action))
	case w.timedOut(ctx, err):
		return exit.With(exit.Timeout, fmt.Errorf("the --timeout of %v expired: %s%s", w.timeout, lastSeen(action), latestFailure(err)))
	}
	return config.Failure(ctx, err)
}

// timedOut reports whether the error is a consequence of --timeout. The wait ends
// a little before it if the rate limit would delay the next request beyond it.
func (w wait) timedOut(ctx context.Context, err error) bool {
	var failure *wrapper.Error
	return errors.Is(ctx.Err(), context.DeadlineExceeded) ||
		w.timeout > 0 && errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &failure)
}

func lastSeen(action wrapper.ContractAction) string {
	if action.ID == "" {
		return "the contract action had not been found yet"
	}
	return "the contract action was last seen " + string(action.Status)
}

// latestFailure returns why the latest poll failed, if it did.
func latestFailure(err error) string {
	var failure *wrapper.Error
	if !errors.As(err, &failure) || failure.StatusCode == 0 && errors.Is(failure, context.DeadlineExceeded) {
		return ""
	}
	return "; the latest poll: " + failure.Error()
}
