package wrapper

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// ErrActionNotFound reports that an account has no contract action with that id.
var ErrActionNotFound = errors.New("no such contract action")

// WaitOption changes how [Client.Wait] waits.
type WaitOption func(*waitOptions) error

type waitOptions struct {
	first, longest time.Duration
	seen           func(ContractAction)
}

// PollInterval sets the pauses between two looks: about first, then each half
// as long again, up to longest. The defaults are 2 s and 30 s. Pauses vary at
// random by a quarter.
func PollInterval(first, longest time.Duration) WaitOption {
	return func(options *waitOptions) error {
		if first <= 0 || longest < first {
			return fmt.Errorf("PollInterval(%v, %v): both must be positive, and the second no shorter than the first", first, longest)
		}
		options.first, options.longest = first, longest
		return nil
	}
}

// OnPoll calls seen with the contract action after each look, the last one
// included.
func OnPoll(seen func(ContractAction)) WaitOption {
	return func(options *waitOptions) error {
		if seen == nil {
			return errors.New("OnPoll(nil): leave the option out to be told nothing")
		}
		options.seen = seen
		return nil
	}
}

// Wait returns a contract action once it is COMPLETED or FAILED: that it FAILED
// is no error. With any other status, an unknown one included, it looks again
// after a while, until the context ends.
//
// The service has no operation for one contract action (source: V), so each
// look is a listing, newest first, up to the page that has it; from the second
// look on, usually that page alone.
//
// The error is [ErrActionNotFound] if there is no such action, at once, or one of
// those of [Client.Pages]. A failure that may pass does not end the waiting once
// the action has been seen. With an error comes the action as it was last seen,
// or zero.
func (c *Client) Wait(ctx context.Context, accountID, actionID string, options ...WaitOption) (ContractAction, error) {
	chosen := waitOptions{first: 2 * time.Second, longest: 30 * time.Second, seen: func(ContractAction) {}}
	action, err := func() (ContractAction, error) {
		for _, option := range options {
			if option == nil {
				return ContractAction{}, errors.New("an option is nil")
			}
			if err := option(&chosen); err != nil {
				return ContractAction{}, err
			}
		}
		return chosen.wait(ctx, &search{client: c, accountID: accountID, actionID: actionID})
	}()
	if err != nil {
		err = fmt.Errorf("wait for contract action %.80q of account %.80q: %w", actionID, accountID, err)
	}
	return action, err
}

func (o waitOptions) wait(ctx context.Context, search *search) (ContractAction, error) {
	var (
		latest ContractAction
		missed error // why the latest look saw nothing
	)
	for pause := o.first; ; pause = min(pause+pause/2, o.longest) {
		action, err := search.look(ctx)
		switch {
		case err == nil:
			latest, missed = action, nil
			o.seen(action)
			if action.Status == StatusCompleted || action.Status == StatusFailed {
				return action, nil
			}
		case latest.ID == "" || ctx.Err() != nil || !IsTransient(err):
			return latest, err
		default:
			missed = err
		}
		timer := time.NewTimer(pause - pause/4 + rand.N(pause/2+1))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			err := withContextError(ctx, context.Cause(ctx))
			if missed != nil {
				return latest, fmt.Errorf("%w; the latest look: %w", err, missed)
			}
			return latest, fmt.Errorf("%w; it was %s", err, printable(string(latest.Status)))
		}
	}
}

// search finds one contract action again and again.
type search struct {
	client              *Client
	accountID, actionID string
	page                string // the link to the page that had it; empty for the first
	found               bool
}

func (s *search) look(ctx context.Context) (ContractAction, error) {
	if s.found {
		// If the list has moved, it is on another page.
		action, err := s.lookFrom(ctx, s.page, MaxPages(1))
		if !errors.Is(err, ErrActionNotFound) {
			return action, err
		}
	}
	return s.lookFrom(ctx, "")
}

func (s *search) lookFrom(ctx context.Context, link string, options ...ListOption) (ContractAction, error) {
	for page, err := range s.client.Pages(ctx, s.accountID, append(options, From(link), NoPrefetch(), Prefer(OrderBy(CreatedAtDescending)))...) {
		if err != nil {
			return ContractAction{}, err
		}
		for _, action := range page.Actions {
			if action.ID == s.actionID {
				s.page, s.found = link, true
				return action, nil
			}
		}
		link = page.Next
	}
	return ContractAction{}, fmt.Errorf("%w: check its id, and the account's", ErrActionNotFound)
}
