package wrapper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/talkdesk-express/contractactions/internal/prefetch"
)

// AccountPage is one page of the list of one of several accounts.
type AccountPage struct {
	AccountID string
	Page      *Page
}

// AccountAction is a contract action and the Express account it belongs to.
type AccountAction struct {
	AccountID string
	Action    ContractAction
}

// AccountError is an error that concerns one account. Of several accounts, the
// others continue.
type AccountError struct {
	AccountID string
	Err       error // without the account
}

// Error names the account, and has the text of Err.
func (e *AccountError) Error() string {
	return fmt.Sprintf("account %.80q: %v", e.AccountID, e.Err)
}

// Unwrap returns Err.
func (e *AccountError) Unwrap() error { return e.Err }

// PagesOf lists the contract actions of several Express accounts page by page,
// a number of accounts concurrently, see [Concurrency].
//
// The pages of one account arrive in order, and Page.Last marks the last one.
// The pages of different accounts are interleaved as they arrive.
//
// An error does not end the sequence: an [*AccountError] stands in the place of
// the account that failed, and the other accounts continue. Any other error is
// the last element: an option is invalid, or not all accounts were started, because
// the context ended or because the service refused six access tokens in a row
// ([ErrUnauthorized]).
//
// accountIDs runs on its own goroutine, at most the concurrency ahead. At most
// one page of each account being read is held in memory. Leaving the loop
// cancels all requests and waits until accountIDs has returned.
func (c *Client) PagesOf(ctx context.Context, accountIDs iter.Seq[string], options ...ListOption) iter.Seq2[AccountPage, error] {
	if accountIDs == nil {
		return c.ChangesOf(ctx, nil, options...)
	}
	return c.ChangesOf(ctx, func(yield func(string, time.Time) bool) {
		accountIDs(func(accountID string) bool { return yield(accountID, time.Time{}) })
	}, options...)
}

// ChangesOf lists the contract actions of several Express accounts that were updated
// at or after a time, which is that of each account. It is [Client.PagesOf] with
// [StopBefore] for each: pages are delivered whole, so some may have older contract
// actions. A zero time lists the account without StopBefore; to list it all, the
// latest update first, use time.Unix(0, 0).
func (c *Client) ChangesOf(ctx context.Context, since iter.Seq2[string, time.Time], options ...ListOption) iter.Seq2[AccountPage, error] {
	return func(yield func(AccountPage, error) bool) {
		if err := c.deliverSeveral(ctx, since, options, yield); err != nil {
			yield(AccountPage{}, fmt.Errorf("list contract actions of several accounts: %w", err))
		}
	}
}

// ActionsOf lists the contract actions of several Express accounts one by one.
// It is [Client.PagesOf] without the pages: those of one account arrive in order,
// those of different accounts interleaved.
func (c *Client) ActionsOf(ctx context.Context, accountIDs iter.Seq[string], options ...ListOption) iter.Seq2[AccountAction, error] {
	return func(yield func(AccountAction, error) bool) {
		for page, err := range c.PagesOf(ctx, accountIDs, options...) {
			if err != nil {
				if !yield(AccountAction{}, err) {
					return
				}
				continue
			}
			for _, action := range page.Page.Actions {
				if !yield(AccountAction{page.AccountID, action}, nil) {
					return
				}
			}
		}
	}
}

func (c *Client) deliverSeveral(ctx context.Context, accounts iter.Seq2[string, time.Time], options []ListOption, yield func(AccountPage, error) bool) error {
	chosen, err := newListOptions(options, CreatedAtAscending)
	switch {
	case err != nil:
		return err
	case accounts == nil:
		return errors.New("the sequence of account ids is nil")
	case chosen.from != "":
		return errors.New("From is the link of one account: use Pages or Actions")
	}
	// Each page is delivered before the next is requested. Where there is one
	// account, the next page is prefetched; here, other accounts are read.
	options = append(slices.Clip(options), NoPrefetch())
	produce := func(ctx context.Context, deliver func(accountResult) bool) error {
		return c.listConcurrently(ctx, accounts, chosen.concurrency, options, deliver)
	}
	return prefetch.OneAhead(ctx, produce, func(result accountResult) bool {
		if result.panicked != nil {
			panic(result.panicked)
		}
		return yield(result.page, result.err)
	})
}

// accountResult is what the goroutine of an account delivers.
type accountResult struct {
	page     AccountPage
	err      error
	panicked any // of the caller's transport: theirs to recover
}

// listConcurrently starts one account after the other as slots become free, and
// returns when all have ended. The time of an account is that of [StopBefore]; zero
// for none.
func (c *Client) listConcurrently(ctx context.Context, accounts iter.Seq2[string, time.Time], concurrency int, options []ListOption, deliver func(accountResult) bool) error {
	slots := make(chan struct{}, concurrency)
	var started sync.WaitGroup
	defer started.Wait()
	for accountID, since := range accounts {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
		}
		if err := cmp.Or(context.Cause(ctx), c.tokens.acceptance()); err != nil {
			return fmt.Errorf("not every account was started: %w", err)
		}
		options := options
		if !since.IsZero() {
			options = append(slices.Clip(options), StopBefore(since))
		}
		started.Go(func() {
			defer func() { <-slots }()
			err := errors.New("the account's goroutine ended without a result")
			defer func() {
				if panicked := recover(); panicked != nil {
					deliver(accountResult{panicked: panicked})
				} else if err != nil {
					deliver(accountResult{err: fmt.Errorf("list contract actions of %w", &AccountError{accountID, err})})
				}
			}()
			err = c.deliver(ctx, accountID, options, func(page *Page) bool {
				return deliver(accountResult{page: AccountPage{accountID, page}})
			})
		})
	}
	return nil
}
