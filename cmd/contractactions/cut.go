package main

import "github.com/talkdesk-express/contractactions/wrapper"

// cutAccounts finds the accounts that --max-pages cuts off. A link to a next
// page is not enough for that: --since ends a list although there is one.
type cutAccounts struct {
	maxPages int            // 0 for no limit
	pages    map[string]int // of the accounts that are being read
}

func newCutAccounts(maxPages int) cutAccounts {
	return cutAccounts{maxPages, make(map[string]int)}
}

// add counts a page, and reports whether it is the last one that is allowed and
// there are more.
func (c cutAccounts) add(page wrapper.AccountPage) bool {
	if c.maxPages == 0 {
		return false
	}
	c.pages[page.AccountID]++
	cut := c.pages[page.AccountID] == c.maxPages && page.Page.Next != ""
	if page.Last {
		delete(c.pages, page.AccountID)
	}
	return cut
}
