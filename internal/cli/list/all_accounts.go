package list

import (
	"context"
	"iter"

	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// allAccounts yields the ids of the organization's accounts with these statuses,
// while the list of accounts is read.
func allAccounts(loaded *config.Config, client *wrapper.Client, statuses flagvalue.StringList) idSource {
	return func(ctx context.Context) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for account, err := range loaded.Accounts(ctx, client) {
				if (err != nil || config.HasStatus(account, statuses)) && !yield(account.ID, err) {
					return
				}
			}
		}
	}
}
