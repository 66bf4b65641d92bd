package listing

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
)

// Accounts are the ids of the accounts to list: arguments, the lines of an input,
// or all that the service has. Duplicates are listed once.
type Accounts struct {
	arguments []string
	input     io.Reader        // nil for the arguments
	service   idSource         // nil without --all-accounts
	into      *checkpoint.File // nil without --into

	mutex   sync.Mutex
	lines   map[string]int // the line of each id that has been read
	skipped int            // how many were done
	failure error          // of the input; valid when the sequence has ended
}

// NewAccounts returns the accounts that the arguments name, of which - stands for
// those in the input.
func NewAccounts(arguments []string, input io.Reader) *Accounts {
	if !slices.Equal(arguments, []string{"-"}) {
		input = nil
	}
	return &Accounts{arguments: arguments, input: input, lines: make(map[string]int)}
}

// Several reports whether there can be more than one account.
func (a *Accounts) Several() bool { return a.areRead() || len(a.arguments) > 1 }

// areRead reports whether the ids are read while accounts are listed.
func (a *Accounts) areRead() bool { return a.input != nil || a.service != nil }

// known returns the number of accounts that are left to list; 0 if it is unknown
// until all ids have been read.
func (a *Accounts) known() int {
	if a.areRead() {
		return 0
	}
	left := slices.DeleteFunc(slices.Sorted(slices.Values(a.arguments)), a.isDone)
	return len(slices.Compact(left))
}

// line returns the line that an id was read from; 0 for an argument.
func (a *Accounts) line(id string) int {
	if a.input == nil {
		return 0
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.lines[id]
}

// Done returns how many accounts were skipped because they were done before.
func (a *Accounts) Done() int {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.skipped
}

// ids returns the accounts that are left to list. The sequence ends early if the
// context does, even while it waits for input.
func (a *Accounts) ids(ctx context.Context) iter.Seq[string] {
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
func (a *Accounts) explain(err error, number int) error {
	switch {
	case a.service != nil:
		return fmt.Errorf("accounts that were not received are not listed: %w", err)
	case errors.Is(err, bufio.ErrTooLong):
		err = errors.New("the line is too long for an account id")
	}
	return fmt.Errorf("account ids on standard input, line %d: %w", number, err)
}

// since returns the accounts of ids with the time of each.
func (a *Accounts) since(ctx context.Context, of func(id string) time.Time) iter.Seq2[string, time.Time] {
	return func(yield func(string, time.Time) bool) {
		for id := range a.ids(ctx) {
			if !yield(id, of(id)) {
				return
			}
		}
	}
}

// ReadAll reads the ids of an input, if there is one, which has to be complete
// before it can be used again.
func (a *Accounts) ReadAll(ctx context.Context) error {
	if a.input != nil {
		for range a.ids(ctx) {
		}
	}
	return a.failure
}

// SkipDone omits the accounts that an earlier run has written to the file of --into.
func (a *Accounts) SkipDone(into *checkpoint.File) { a.into = into }

// Again returns the accounts that were read, once more.
func (a *Accounts) Again() *Accounts {
	if a.input == nil {
		return &Accounts{arguments: a.arguments, service: a.service, into: a.into, lines: make(map[string]int)}
	}
	byLine := func(x, y string) int { return a.lines[x] - a.lines[y] }
	return &Accounts{arguments: slices.SortedFunc(maps.Keys(a.lines), byLine), into: a.into, lines: make(map[string]int)}
}

// isNew records an id, and reports whether it is neither a duplicate nor done.
func (a *Accounts) isNew(id string, line int) bool {
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
func (a *Accounts) isDone(id string) bool {
	_, done := a.into.Value(id)
	return done
}
