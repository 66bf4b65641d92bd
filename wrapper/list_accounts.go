package wrapper

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"

	"github.com/talkdesk-express/contractactions/gen"
)

// Types of package gen, so that a program needs one import only.
type (
	// Account is an Express account of the calling organization.
	Account = gen.Account
	// AccountStatus is the state of an account.
	AccountStatus = gen.AccountStatus
)

// Accounts lists the Express accounts of the organization that the credentials
// belong to. The client must be granted [ScopeAccounts]. Each range over the
// sequence starts a new listing.
//
// The listing works as that of [Client.Pages], with the same errors. By default it
// is ordered by ascending id. Of the options, [OrderBy] accepts "id:asc" and
// "id:desc" (source: V); [Filter] and [StopBefore] are errors, and [Concurrency] has
// no effect.
func (c *Client) Accounts(ctx context.Context, options ...ListOption) iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		err := list(ctx, c, accounts, options, func(page page[Account]) bool {
			for _, account := range page.items {
				if !yield(account, nil) {
					return false
				}
			}
			return true
		})
		if err != nil {
			yield(Account{}, fmt.Errorf("list accounts: %w", err))
		}
	}
}

// accounts describes the list of accounts.
var accounts = operation[Account]{
	name:   OperationListAccounts,
	scopes: gen.ListAccountsScopes(),
	order:  Order(gen.AccountOrderIDAscending),
	request: func(base string, p *parameters) (*http.Request, error) {
		if p.Filter != nil {
			return nil, errors.New("the list of accounts has no filter")
		}
		return gen.NewListAccountsRequest(base, &gen.ListAccountsParams{OrderBy: (*gen.AccountOrder)(p.OrderBy), PerPage: p.PerPage})
	},
	decode: gen.ParseAccountPage,
	id:     func(account *Account) string { return account.ID },
}
