package soak

import (
	"fmt"
	"slices"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

// sizes are how many contract actions the accounts have, around the borders of
// pages of 50 and 250.
var sizes = []int{0, 1, 49, 50, 51, 99, 100, 101, 249, 250, 251, 425, 1000}

func accountOf(size int) string { return fmt.Sprintf("account-%d", size) }

// actionsOf makes what is in an account. The sandbox's own ids are the same in
// all accounts; these are not, so that nothing can pass for another account's.
func actionsOf(size int) []gen.ContractAction {
	account := accountOf(size)
	actions := sandbox.New(sandbox.WithGeneratedAccount(account, size)).Actions(account)
	slices.Reverse(actions) // oldest first, as they are listed
	for i := range actions {
		actions[i].ID = fmt.Sprintf("%s-%d", account, i+1)
	}
	return actions
}

// accounts are the sandbox's.
func accounts() []sandbox.Option {
	var options []sandbox.Option
	for _, size := range sizes {
		options = append(options, sandbox.WithAccount(accountOf(size), actionsOf(size)...))
	}
	return options
}

// contents are the ids in every account, oldest first.
func contents() map[string][]string {
	contents := map[string][]string{}
	for _, size := range sizes {
		for _, action := range actionsOf(size) {
			contents[accountOf(size)] = append(contents[accountOf(size)], action.ID)
		}
	}
	return contents
}

// Otherwise what came once for each of two accounts could pass for twice one's.
func TestNoIDIsInTwoAccounts(t *testing.T) {
	owners := map[string]string{}
	for account, ids := range contents() {
		for _, id := range ids {
			if owner, taken := owners[id]; taken {
				t.Errorf("%s is in %s and in %s", id, owner, account)
			}
			owners[id] = account
		}
	}
	for _, size := range sizes {
		if got := len(contents()[accountOf(size)]); got != size {
			t.Errorf("%s has %d contract actions", accountOf(size), got)
		}
	}
}
