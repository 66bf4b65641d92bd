package wrapper

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
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

// AccountError reports what ended the list of one of several accounts. The
// others go on.
type AccountError struct {
	AccountID string
	Err       error // without the account
}

// Error names the account and says what ended its list.
func (e *AccountError) Error() string {
	return fmt.Sprintf("list contract actions of account %.80q: %v", e.AccountID, e.Err)
}

// Unwrap returns Err.
func (e *AccountError) Unwrap() error { return e.Err }

// PagesOf lists the contract actions of any number of Express accounts page by
// page, a few accounts at a time, see [Concurrency].
//
// The pages of one account come in the service's order, and Page.Last reports
// its last one. Between accounts there is no order: pages come as they arrive.
//
// Unlike with one account, an error does not end the sequence. What ends the
// list of one account is an [*AccountError] in its place, whose AccountID and
// Err say which and why, and the other accounts go on. Any other error comes
// last: the context ended before all accounts had been begun, or an option
// makes no sense here.
//
// accountIDs is ranged over on a goroutine of its own, as far ahead as there
// is concurrency. No more than one page for each account under way is in
// memory. Leaving the loop ends all requests, and waits until accountIDs has
// returned.
func (c *Client) PagesOf(ctx context.Context, accountIDs iter.Seq[string], options ...ListOption) iter.Seq2[AccountPage, error] {
	return func(yield func(AccountPage, error) bool) {
		if err := c.listAccounts(ctx, accountIDs, options, yield); err != nil {
			yield(AccountPage{}, fmt.Errorf("list contract actions of several accounts: %w", err))
		}
	}
}

// ActionsOf lists the contract actions of any number of Express accounts one by
// one. It is [Client.PagesOf] without the pages: the actions of one account
// come in the service's order, those of different accounts interleaved, and an
// [*AccountError] does not end the sequence.
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

func (c *Client) listAccounts(ctx context.Context, accountIDs iter.Seq[string], options []ListOption, yield func(AccountPage, error) bool) error {
	chosen, err := newListOptions(options)
	switch {
	case err != nil:
		return err
	case chosen.from != "":
		return errors.New("From is the link of one account: use Pages or Actions")
	}
	ctx, cancel := context.WithCancel(ctx)
	all := accounts{
		client: c,
		// Each page is handed over before the next is asked for. Where there is
		// one account the next page is fetched ahead; here other accounts are.
		options: append(slices.Clip(options), NoPrefetch()),
		slots:   make(chan struct{}, chosen.concurrency),
		pages:   make(chan accountResult),
		left:    make(chan struct{}),
	}
	all.goroutines.Go(func() { all.begin(ctx, accountIDs) })
	defer all.goroutines.Wait()
	defer close(all.left)
	defer cancel()

	for result := range all.pages {
		if result.panicked != nil {
			panic(result.panicked)
		}
		if !yield(result.page, result.err) {
			return nil
		}
	}
	if all.cut {
		return fmt.Errorf("not every account was begun: %w", context.Cause(ctx))
	}
	return nil
}

// accounts is a listing of several, each on a goroutine of its own.
type accounts struct {
	client     *Client
	options    []ListOption
	slots      chan struct{}      // taken by accounts under way
	pages      chan accountResult // closed after the last account
	left       chan struct{}      // closed when the caller has left the loop
	cut        bool               // the context ended before the last account was begun; valid when pages is closed
	goroutines sync.WaitGroup
}

// accountResult is what an account's goroutine hands to the caller's.
type accountResult struct {
	page     AccountPage
	err      error
	panicked any
}

// begin lists one account after the other as slots become free.
func (a *accounts) begin(ctx context.Context, accountIDs iter.Seq[string]) {
	var begun sync.WaitGroup
	defer close(a.pages)
	defer begun.Wait()
	defer a.carryPanic()
	for accountID := range accountIDs {
		select {
		case a.slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			a.cut = true
			return
		}
		begun.Go(func() {
			defer func() { <-a.slots }()
			defer a.carryPanic()
			a.list(ctx, accountID)
		})
	}
}

func (a *accounts) list(ctx context.Context, accountID string) {
	err := a.client.deliver(ctx, accountID, a.options, func(page *Page) bool {
		return a.hand(accountResult{page: AccountPage{accountID, page}})
	})
	if err != nil {
		a.hand(accountResult{err: &AccountError{accountID, err}})
	}
}

// hand passes a result on, unless nobody is there any more.
func (a *accounts) hand(result accountResult) bool {
	select {
	case a.pages <- result:
		return true
	case <-a.left:
		return false
	}
}

// carryPanic hands over a panic of the caller's sequence or transport, which
// is the caller's to recover.
func (a *accounts) carryPanic() {
	if panicked := recover(); panicked != nil {
		a.hand(accountResult{panicked: panicked})
	}
}
