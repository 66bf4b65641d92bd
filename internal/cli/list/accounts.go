package list

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
)

// accounts are the ids of the accounts to list: arguments, the lines of an input,
// or all that the service has. Duplicates are listed once.
type accounts struct {
	arguments []string
	input     io.Reader        // nil for the arguments
	service   idSource         // nil without --all-accounts
	into      *checkpoint.File // nil without --into

	mutex   sync.Mutex
	lines   map[string]int // the line of each id that has been read
	skipped int            // how many were done
	failure error          // of the input; valid when the sequence has ended
}

// idSource yields ids of accounts, and an error that ends them.
type idSource func(context.Context) iter.Seq2[string, error]

func newAccounts(arguments []string, input io.Reader, into *checkpoint.File) *accounts {
	if !slices.Equal(arguments, []string{"-"}) {
		input = nil
	}
	return &accounts{arguments: arguments, input: input, into: into, lines: make(map[string]int)}
}

// several reports whether there can be more than one account.
func (a *accounts) several() bool { return a.areRead() || len(a.arguments) > 1 }

// areRead reports whether the ids are read while accounts are listed.
func (a *accounts) areRead() bool { return a.input != nil || a.service != nil }

// known returns the number of accounts that are left to list; 0 if it is unknown
// until all ids have been read.
func (a *accounts) known() int {
	if a.areRead() {
		return 0
	}
	left := slices.DeleteFunc(slices.Sorted(slices.Values(a.arguments)), a.isDone)
	return len(slices.Compact(left))
}

// line returns the line that an id was read from; 0 for an argument.
func (a *accounts) line(id string) int {
	if a.input == nil {
		return 0
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.lines[id]
}

// done returns how many accounts were skipped because they were done before.
func (a *accounts) done() int {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.skipped
}

// ids returns the accounts that are left to list. The sequence ends early if the
// context does, even while it waits for input.
func (a *accounts) ids(ctx context.Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		number := 0
		for id, err := range a.all(ctx) {
			if err != nil {
				a.failure = a.explain(err, number+1)
				return
			}
			number++
			if a.service == nil { // ids of the service are what they are
				if id = trimmed(id); id == "" {
					continue
				}
			}
			if a.isNew(id, number) && !yield(id) {
				return
			}
		}
	}
}

// explain returns the error that ended the ids before the one with a number.
func (a *accounts) explain(err error, number int) error {
	switch {
	case a.service != nil:
		return fmt.Errorf("accounts that were not received are not listed: %w", err)
	case errors.Is(err, bufio.ErrTooLong):
		err = errors.New("the line is too long for an account id")
	}
	return fmt.Errorf("account ids on standard input, line %d: %w", number, err)
}

// since returns the accounts of ids with the time of each.
func (a *accounts) since(ctx context.Context, of func(id string) time.Time) iter.Seq2[string, time.Time] {
	return func(yield func(string, time.Time) bool) {
		for id := range a.ids(ctx) {
			if !yield(id, of(id)) {
				return
			}
		}
	}
}

// again returns the accounts that ids has returned, once more.
func (a *accounts) again() *accounts {
	if a.input == nil {
		next := newAccounts(a.arguments, nil, a.into)
		next.service = a.service
		return next
	}
	byLine := func(x, y string) int { return a.lines[x] - a.lines[y] }
	return newAccounts(slices.SortedFunc(maps.Keys(a.lines), byLine), nil, a.into)
}

func (a *accounts) all(ctx context.Context) iter.Seq2[string, error] {
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

// trimmed returns the id on a line; empty if there is none.
func trimmed(line string) string {
	id := strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")) // the byte order mark of Windows
	if strings.HasPrefix(id, "#") {
		return ""
	}
	return id
}

// isNew records an id, and reports whether it is neither a duplicate nor done.
func (a *accounts) isNew(id string, line int) bool {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if _, seen := a.lines[id]; seen {
		return false
	}
	a.lines[id] = line
	if a.isDone(id) {
		a.skipped++
		return false
	}
	return true
}

// isDone reports whether an earlier run has written an account to the file of
// --into.
func (a *accounts) isDone(id string) bool {
	_, done := a.into.Value(id)
	return done
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
