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
	found, err := (&poller{client: c, accountID: accountID}).poll(ctx, []string{actionID})
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
		chosen := waitOptions{first: 2 * time.Second, longest: 30 * time.Second, onPoll: func(ContractAction) {}}
		if err := apply(&chosen, options); err != nil {
			yield(ContractAction{}, fmt.Errorf("wait for contract actions of %w", &AccountError{accountID, err}))
			return
		}
		w := waiting{waitOptions: chosen, latest: make(map[string]ContractAction), poller: poller{client: c, accountID: accountID, options: chosen.list}}
		w.run(ctx, slices.Compact(slices.Sorted(slices.Values(actionIDs))), func(actionID string, err error) bool {
			if err != nil {
				err = fmt.Errorf("wait for contract action %.80q of %w", actionID, &AccountError{accountID, err})
			}
			action := w.latest[actionID]
			action.ID = actionID
			return yield(action, err)
		})
	}
}

// waiting waits for contract actions.
type waiting struct {
	waitOptions
	poller poller
	latest map[string]ContractAction // by id, as of the last poll that found it
}

// run calls end once for each contract action, until end returns false.
func (w *waiting) run(ctx context.Context, pending []string, end func(actionID string, err error) bool) {
	for pause := w.first; ; pause = min(pause+pause/2, w.longest) {
		found, failed := w.poller.poll(ctx, pending)
		left := false
		pending = slices.DeleteFunc(pending, func(id string) bool {
			ended, err := w.update(ctx, id, found, failed)
			left = left || ended && !end(id, err)
			return ended && !left
		})
		if left || len(pending) == 0 {
			return
		}
		if cause := sleep(ctx, pause-pause/4+rand.N(pause/2+1)); cause != nil {
			w.stop(withContextError(ctx, cause), failed, pending, end)
			return
		}
	}
}

// update evaluates a poll for one contract action, and reports whether the wait
// for it has ended.
func (w *waiting) update(ctx context.Context, id string, found map[string]ContractAction, failed error) (ended bool, err error) {
	action, ok := found[id]
	switch {
	case ok:
		w.latest[id] = action
		w.onPoll(action)
		return action.Status == StatusCompleted || action.Status == StatusFailed, nil
	case failed == nil:
		return true, errNotListed
	case w.latest[id].ID != "" && ctx.Err() == nil && IsTransient(failed):
		return false, nil
	}
	return true, failed
}

// stop ends the wait for all that are pending.
func (w *waiting) stop(err, failed error, pending []string, end func(actionID string, err error) bool) {
	for _, id := range pending {
		reason := fmt.Errorf("%w; the status was %s", err, printable(string(w.latest[id].Status)))
		if failed != nil {
			reason = fmt.Errorf("%w; the latest poll failed: %w", err, failed)
		}
		if !end(id, reason) {
			return
		}
	}
}

// poller finds contract actions repeatedly.
type poller struct {
	client    *Client
	accountID string
	options   []ListOption
	page      string // the link to the page where all were found; empty for the first
}

// poll returns those of the contract actions that the account has, by their ids.
func (p *poller) poll(ctx context.Context, ids []string) (map[string]ContractAction, error) {
	if p.page != "" {
		// If the list has changed, they are on different pages.
		if found, err := p.pollFrom(ctx, p.page, ids, MaxPages(1)); err != nil || len(found) == len(ids) {
			return found, err
		}
	}
	return p.pollFrom(ctx, "", ids)
}

func (p *poller) pollFrom(ctx context.Context, link string, ids []string, options ...ListOption) (map[string]ContractAction, error) {
	options = append(append(options, p.options...), From(link), NoPrefetch(), Prefer(OrderBy(CreatedAtDescending)))
	found := make(map[string]ContractAction)
	for page, err := range p.client.Pages(ctx, p.accountID, options...) {
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
			if p.page = link; before > 0 {
				p.page = ""
			}
			break
		}
		link = page.Next
	}
	return found, nil
}
