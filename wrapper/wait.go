package wrapper

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"
)

// ErrActionNotFound reports that an account has no contract action with the id.
var ErrActionNotFound = errors.New("no such contract action")

var errNotListed = fmt.Errorf("%w: check its id, and the account's", ErrActionNotFound)

// Action returns one contract action of an account.
//
// The service has no operation for a single contract action (source: V), so this
// is a listing, newest first, up to the page with the action. The error is
// [ErrActionNotFound] or one of those of [Client.Pages].
func (c *Client) Action(ctx context.Context, accountID, actionID string) (ContractAction, error) {
	found, err := (&waiting{client: c, accountID: accountID}).poll(ctx, []string{actionID})
	action, ok := found[actionID]
	switch {
	case ok:
		return action, nil
	case err == nil:
		err = errNotListed
	}
	return ContractAction{}, fmt.Errorf("get contract action %.80q of %w", actionID, &AccountError{accountID, err})
}

// WaitOption configures one call of [Client.Wait] or [Client.WaitFor].
type WaitOption func(*waitOptions) error

type waitOptions struct {
	first, longest time.Duration
	onPoll         func(ContractAction)
	list           []ListOption
}

// PollInterval sets the wait between polls: first, then half as long again each
// time, up to longest. The defaults are 2 s and 30 s. Each wait varies at random by
// up to a quarter. A hundred years are the most for both.
func PollInterval(first, longest time.Duration) WaitOption {
	const century = 100 * 365 * 24 * time.Hour // half as long again still is a Duration
	return option(first > 0 && longest >= first, func(o *waitOptions) { o.first, o.longest = min(first, century), min(longest, century) },
		"PollInterval(%v, %v): the first must be positive, and the second at least as long", first, longest)
}

// PollPerPage requests n contract actions per page, see [PerPage].
func PollPerPage(n int) WaitOption {
	return option(n >= 1, func(o *waitOptions) { o.list = append(o.list, PerPage(n)) }, "PollPerPage(%d): use at least 1", n)
}

// OnPoll calls f with the contract action after each poll that found it, including
// the last.
func OnPoll(f func(ContractAction)) WaitOption {
	return option(f != nil, func(o *waitOptions) { o.onPoll = f }, "OnPoll: the function is nil")
}

// Wait polls a contract action and returns it once its status is COMPLETED or
// FAILED. It is [Client.WaitFor] for one contract action.
func (c *Client) Wait(ctx context.Context, accountID, actionID string, options ...WaitOption) (action ContractAction, err error) {
	for action, err = range c.WaitFor(ctx, accountID, []string{actionID}, options...) {
	}
	return action, err
}

// WaitFor polls contract actions of one account, and yields each once, when its
// status is COMPLETED or FAILED. FAILED is not an error. WaitFor continues to poll
// after any other status, including unknown ones, until the context ends.
//
// Each poll is one listing, newest first, up to the page with the last of the
// contract actions, see [Client.Action]. After the first poll, that is usually one
// page.
//
// What cannot be waited for is yielded with an error: [ErrActionNotFound] if there
// is no such action, or one of those of [Client.Pages]. Once an action was found, a
// transient failure ([IsTransient]) does not end the wait for it. Beside an error
// is the action as of the last poll that found it; only its ID if none did.
func (c *Client) WaitFor(ctx context.Context, accountID string, actionIDs []string, options ...WaitOption) iter.Seq2[ContractAction, error] {
	return func(yield func(ContractAction, error) bool) {
		w := waiting{client: c, accountID: accountID, latest: make(map[string]ContractAction)}
		w.waitOptions = waitOptions{first: 2 * time.Second, longest: 30 * time.Second, onPoll: func(ContractAction) {}}
		if err := apply(&w.waitOptions, options); err != nil {
			yield(ContractAction{}, fmt.Errorf("wait for contract actions of %w", &AccountError{accountID, err}))
			return
		}
		for actionID, err := range w.run(ctx, slices.Compact(slices.Sorted(slices.Values(actionIDs)))) {
			if err != nil {
				err = fmt.Errorf("wait for contract action %.80q of %w", actionID, &AccountError{accountID, err})
			}
			action := w.latest[actionID]
			action.ID = actionID
			if !yield(action, err) {
				return
			}
		}
	}
}

// waiting polls contract actions of one account.
type waiting struct {
	waitOptions
	client    *Client
	accountID string
	latest    map[string]ContractAction // by id, as of the last poll that found it
	page      string                    // the link to the page where all were found; empty for the first
}

// run yields the id of each contract action once, when the wait for it has ended.
func (w *waiting) run(ctx context.Context, pending []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		found, failed := w.poll(ctx, pending)
		for pause := w.first; ; pause = min(pause+pause/2, w.longest) {
			var left []string
			for _, id := range pending {
				if ended, err := w.update(ctx, id, found, failed); !ended {
					left = append(left, id)
				} else if !yield(id, err) {
					return
				}
			}
			if pending = left; len(pending) == 0 {
				return
			}
			if cause := sleep(ctx, pause-pause/4+rand.N(pause/2+1)); cause == nil {
				found, failed = w.poll(ctx, pending)
			} else if cause = withContextError(ctx, cause); failed == nil {
				found, failed = nil, cause
			} else {
				found, failed = nil, fmt.Errorf("%w; the latest poll failed: %w", cause, failed)
			}
		}
	}
}

// update evaluates a poll for one contract action, and reports whether the wait
// for it has ended.
func (w *waiting) update(ctx context.Context, id string, found map[string]ContractAction, failed error) (ended bool, err error) {
	latest, known := w.latest[id]
	action, ok := found[id]
	switch {
	case ok:
		w.latest[id] = action
		w.onPoll(action)
		return action.Status == StatusCompleted || action.Status == StatusFailed, nil
	case failed == nil:
		return true, errNotListed
	case !known:
		return true, failed
	case ctx.Err() == nil && IsTransient(failed):
		return false, nil
	}
	return true, fmt.Errorf("%w; the status was %s", failed, printable(string(latest.Status)))
}

// poll returns those of the contract actions that the account has, by their ids.
func (w *waiting) poll(ctx context.Context, ids []string) (map[string]ContractAction, error) {
	if w.page != "" {
		// If the list has changed, they are on different pages.
		if found, err := w.pollFrom(ctx, w.page, ids, MaxPages(1)); err != nil || len(found) == len(ids) {
			return found, err
		}
	}
	return w.pollFrom(ctx, "", ids)
}

func (w *waiting) pollFrom(ctx context.Context, link string, ids []string, options ...ListOption) (map[string]ContractAction, error) {
	options = append(append(options, w.list...), From(link), NoPrefetch(), Prefer(OrderBy(CreatedAtDescending)))
	found := make(map[string]ContractAction)
	for page, err := range w.client.Pages(ctx, w.accountID, options...) {
		if err != nil {
			return found, err
		}
		before := len(found)
		for _, action := range page.Actions {
			if slices.Contains(ids, action.ID) {
				found[action.ID] = action
			}
		}
		if len(found) == len(ids) {
			if w.page = link; before > 0 {
				w.page = ""
			}
			break
		}
		link = page.Next
	}
	return found, nil
}
