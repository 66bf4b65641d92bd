package listing

import (
	"bufio"
	"context"
	"io"
	"iter"
	"strings"

	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// idSource yields ids of accounts, and an error that ends them.
type idSource func(context.Context) iter.Seq2[string, error]

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

// all returns the ids from their source.
func (a *Accounts) all(ctx context.Context) iter.Seq2[string, error] {
	switch {
	case a.service != nil:
		return a.service(ctx)
	case a.input != nil:
		return linesOf(ctx, a.input)
	}
	return func(yield func(string, error) bool) {
		for _, id := range a.arguments {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// linesOf reads lines until the context ends. A read cannot be cancelled, so its
// goroutine is then abandoned.
func linesOf(ctx context.Context, input io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		lines, failed := make(chan string), make(chan error, 1)
		go func() {
			scanner := bufio.NewScanner(input)
			for scanner.Scan() {
				select {
				case lines <- scanner.Text():
				case <-ctx.Done():
					return
				}
			}
			failed <- scanner.Err()
			close(lines)
		}()
		for {
			select {
			case <-ctx.Done():
				yield("", context.Cause(ctx))
				return
			case line, more := <-lines:
				if !more {
					if err := <-failed; err != nil {
						yield("", err)
					}
					return
				}
				if !yield(line, nil) {
					return
				}
			}
		}
	}
}

// trimmed returns the id on a line; empty if there is none.
func trimmed(line string) string {
	id := strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")) // the byte order mark of Windows
	if strings.HasPrefix(id, "#") {
		return ""
	}
	return id
}
