package wrapper

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// ErrActionNotFound reports that an account has no contract action with the id.
var ErrActionNotFound = errors.New("no such contract action")

// WaitOption configures one call of [Client.Wait].
type WaitOption func(*waitOptions) error

type waitOptions struct {
	first, longest time.Duration
	onPoll         func(ContractAction)
}

// PollInterval sets the wait between polls: first, then half as long again each
// time, up to longest. The defaults are 2 s and 30 s. Each wait varies at random by
// up to a quarter. A hundred years are the most for both.
func PollInterval(first, longest time.Duration) WaitOption {
	const century = 100 * 365 * 24 * time.Hour // half as long again still is a Duration
	return option(first > 0 && longest >= first, func(o *waitOptions) { o.first, o.longest = min(first, century), min(longest, century) },
		"PollInterval(%v, %v): the first must be positive, and the second at least as long", first, longest)
}

// OnPoll calls f with the contract action after each poll that found it, including
// the last.
func OnPoll(f func(ContractAction)) WaitOption {
	return option(f != nil, func(o *waitOptions) { o.onPoll = f }, "OnPoll: the function is nil")
}

// Wait polls a contract action and returns it once its status is COMPLETED or
// FAILED. FAILED is not an error. It continues to poll after any other status,
// including unknown ones, until the context ends.
//
// The service has no operation for a single contract action (source: V), so each
// poll is a listing, newest first, up to the page with the action. After the first
// poll, that is usually one page.
//
// The error is [ErrActionNotFound] if there is no such action, or one of those of
// [Client.Pages]. Once the action was found, a transient failure ([IsTransient])
// does not end the wait. With an error, Wait returns the action as of the last poll
// that found it; zero if none did.
func (c *Client) Wait(ctx context.Context, accountID, actionID string, options ...WaitOption) (action ContractAction, err error) {
	chosen := waitOptions{first: 2 * time.Second, longest: 30 * time.Second, onPoll: func(ContractAction) {}}
	if err = apply(&chosen, options); err == nil {
		action, err = chosen.wait(ctx, &poller{client: c, accountID: accountID, actionID: actionID})
	}
	if err != nil {
		err = fmt.Errorf("wait for contract action %.80q of account %.80q: %w", actionID, accountID, err)
	}
	return action, err
}

func (o waitOptions) wait(ctx context.Context, poller *poller) (latest ContractAction, err error) {
	for pause := o.first; ; pause = min(pause+pause/2, o.longest) {
		action, failed := poller.poll(ctx)
		switch {
		case failed == nil:
			latest = action
			o.onPoll(action)
			if action.Status == StatusCompleted || action.Status == StatusFailed {
				return action, nil
			}
		case latest.ID == "" || ctx.Err() != nil || !IsTransient(failed):
			return latest, failed
		}
		if cause := sleep(ctx, pause-pause/4+rand.N(pause/2+1)); cause != nil {
			err := withContextError(ctx, cause)
			if failed != nil {
				return latest, fmt.Errorf("%w; the latest poll failed: %w", err, failed)
			}
			return latest, fmt.Errorf("%w; the status was %s", err, printable(string(latest.Status)))
		}
	}
}

// poller finds one contract action repeatedly.
type poller struct {
	client              *Client
	accountID, actionID string
	page                string // the link to the page where it was found; empty for the first
	found               bool
}

func (p *poller) poll(ctx context.Context) (ContractAction, error) {
	if p.found {
		// If the list has changed, the action is on a different page.
		action, err := p.pollFrom(ctx, p.page, MaxPages(1))
		if !errors.Is(err, ErrActionNotFound) {
			return action, err
		}
	}
	return p.pollFrom(ctx, "")
}

func (p *poller) pollFrom(ctx context.Context, link string, options ...ListOption) (ContractAction, error) {
	options = append(options, From(link), NoPrefetch(), Prefer(OrderBy(CreatedAtDescending)))
	for page, err := range p.client.Pages(ctx, p.accountID, options...) {
		if err != nil {
			return ContractAction{}, err
		}
		for _, action := range page.Actions {
			if action.ID == p.actionID {
				p.page, p.found = link, true
				return action, nil
			}
		}
		link = page.Next
	}
	return ContractAction{}, fmt.Errorf("%w: check its id, and the account's", ErrActionNotFound)
}
