package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// errActionFailed is the end of a wait that nobody hoped for.
var errActionFailed = errors.New("the contract action FAILED")

// errTimeOver reports a wait that ended before the contract action did.
var errTimeOver = errors.New("the time is over")

// waiting is one contract action, watched until it has ended.
type waiting struct {
	client              *wrapper.Client
	accountID, actionID string
	first, longest      time.Duration // pauses between looks
	timeout             time.Duration
	format              string
	stdout, stderr      io.Writer
}

// watched is what came of watching.
type watched struct {
	action wrapper.ContractAction // as it was last seen; zero if it was not
	err    error
}

// run prints the contract action at the end, whatever that is.
func (w waiting) run(ctx context.Context) error {
	result := w.watch(ctx)
	if result.action.ID != "" {
		if err := w.print(result.action); err != nil {
			return err
		}
	}
	return w.explain(ctx, result)
}

// watch shows what is known until the waiting has ended.
func (w waiting) watch(ctx context.Context) watched {
	seen, ended := make(chan wrapper.ContractAction), make(chan watched, 1)
	go func() {
		action, err := w.client.Wait(ctx, w.accountID, w.actionID,
			wrapper.PollInterval(w.first, w.longest),
			wrapper.OnPoll(func(action wrapper.ContractAction) { seen <- action }))
		ended <- watched{action, err}
	}()
	progress := newProgress(w.stdout, w.stderr)
	defer progress.erase()
	line := newWaitLine(w.first, w.longest)
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	for {
		progress.show(line.at(time.Now()))
		select {
		case action := <-seen:
			line.look(action.Status, time.Now())
		case <-clock.C:
		case result := <-ended:
			return result
		}
	}
}

func (w waiting) print(action wrapper.ContractAction) error {
	out := bufio.NewWriter(w.stdout)
	format := w.format
	if format == "json" {
		format = "ndjson" // one object, not an array of one
	}
	printer := shape{format: format, zone: time.UTC, terminal: terminalOf(w.stdout)}.newPrinter(out, false)
	if err := printer.print([]record{newRecord(w.accountID, action, time.UTC)}); err != nil {
		return err
	}
	return out.Flush()
}

// explain is the error for what came of it, nil if it is COMPLETED.
func (w waiting) explain(ctx context.Context, result watched) error {
	action, err := result.action, result.err
	switch {
	case err == nil && action.Status == wrapper.StatusFailed:
		return fmt.Errorf("%w: %s", errActionFailed, cell(action.StatusMessage))
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("%w; %s", errInterrupted, lastSeen(action))
	case w.isOver(ctx, err):
		return fmt.Errorf("%w: after %v (--timeout), %s%s", errTimeOver, w.timeout, lastSeen(action), latestFailure(err))
	}
	return err
}

// isOver reports whether the error comes from the --timeout. A request that
// would have got its turn under the rate limit after that was not sent, and the
// waiting ended a little before.
func (w waiting) isOver(ctx context.Context, err error) bool {
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

// latestFailure says why the latest look saw nothing, if so.
func latestFailure(err error) string {
	var failure *wrapper.Error
	if !errors.As(err, &failure) || failure.StatusCode == 0 && errors.Is(failure, context.DeadlineExceeded) {
		return ""
	}
	return "; the latest look: " + failure.Error()
}
