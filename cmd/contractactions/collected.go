package main

import (
	"maps"
	"slices"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// collected holds what is selected of an account until the account has been
// read, and passes it on in a fixed order. Whether the service honours a filter
// or an order then changes how much is read, but not what is printed.
type collected struct {
	delivery
	keys names
	held map[string]*collectedAccount
}

// collectedAccount is an account that is being read.
type collectedAccount struct {
	page    wrapper.AccountPage // the latest one, passed on with the records
	records []record
}

// Orders of what is selected: the first is that of an account's history, the
// second starts with what --since is about.
var (
	inOrderOfCreation = names{"created_at", "id"}
	latestUpdateFirst = names{"-updated_at", "id"}
)

func collect(next delivery, filter filter) *collected {
	keys := inOrderOfCreation
	if !filter.since.IsZero() {
		keys = latestUpdateFirst
	}
	return &collected{next, keys, make(map[string]*collectedAccount)}
}

func (c *collected) page(page wrapper.AccountPage, records []record) error {
	account := c.held[page.AccountID]
	if account == nil {
		account = new(collectedAccount)
		c.held[page.AccountID] = account
	} else if err := c.delivery.page(account.page, nil); err != nil {
		return err
	}
	account.page, account.records = page, append(account.records, records...)
	if !page.Page.Last {
		return nil
	}
	return c.release(page.AccountID)
}

func (c *collected) release(accountID string) error {
	account := c.held[accountID]
	if account == nil {
		return nil
	}
	delete(c.held, accountID)
	sortRecords(account.records, c.keys)
	return c.delivery.page(account.page, account.records)
}

func (c *collected) failed(accountID string) error {
	if err := c.release(accountID); err != nil {
		return err
	}
	return c.delivery.failed(accountID)
}

func (c *collected) finish() error {
	for _, accountID := range slices.Sorted(maps.Keys(c.held)) {
		if err := c.release(accountID); err != nil {
			return err
		}
	}
	return c.delivery.finish()
}
