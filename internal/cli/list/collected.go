package list

import (
	"maps"
	"slices"

	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/selection"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// collected buffers the selected contract actions of an account until the account
// has been read, and passes them on in a fixed order. Whether the service supports
// a filter or an order then changes how much is read, but not what is printed.
type collected struct {
	sink
	keys     flagvalue.StringList
	accounts map[string]*collectedAccount
}

// collectedAccount is an account that is being read.
type collectedAccount struct {
	page    wrapper.AccountPage // the latest one, passed on with the records
	records []output.Record
}

// The orders of a selection: an account's history, or with --since the latest
// updates first.
var (
	inOrderOfCreation = flagvalue.StringList{"created_at", "id"}
	latestUpdateFirst = flagvalue.StringList{"-updated_at", "id"}
)

func collect(next sink, filter selection.Filter) *collected {
	keys := inOrderOfCreation
	if !filter.Since.IsZero() {
		keys = latestUpdateFirst
	}
	return &collected{next, keys, make(map[string]*collectedAccount)}
}

func (c *collected) Page(page wrapper.AccountPage, records []output.Record) error {
	account := c.accounts[page.AccountID]
	if account == nil {
		account = new(collectedAccount)
		c.accounts[page.AccountID] = account
	} else if err := c.sink.Page(account.page, nil); err != nil {
		return err
	}
	account.page, account.records = page, append(account.records, records...)
	if !page.Page.Last {
		return nil
	}
	return c.release(page.AccountID)
}

func (c *collected) release(accountID string) error {
	account := c.accounts[accountID]
	if account == nil {
		return nil
	}
	delete(c.accounts, accountID)
	selection.Sort(account.records, c.keys)
	return c.sink.Page(account.page, account.records)
}

func (c *collected) Failed(accountID string) error {
	if err := c.release(accountID); err != nil {
		return err
	}
	return c.sink.Failed(accountID)
}

func (c *collected) finish() error {
	for _, accountID := range slices.Sorted(maps.Keys(c.accounts)) {
		if err := c.release(accountID); err != nil {
			return err
		}
	}
	return c.sink.finish()
}
