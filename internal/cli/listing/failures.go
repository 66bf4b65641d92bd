package listing

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Failures are the accounts that could not be listed to their end. Only the text
// of an error is kept, since there can be many, and some contain bodies.
type Failures []failedAccount

type failedAccount struct {
	id, text  string
	transient bool
}

// There can be any number of failures, and the service decides how long a text is:
// the first texts are kept whole, and the beginnings of the others.
const (
	wholeTexts  = 1000
	otherTexts  = 80 // columns
	longestName = 60 // columns of an account id
)

func (f *Failures) add(err *wrapper.AccountError) {
	text := terminal.Printable(err.Err.Error())
	if len(*f) >= wholeTexts {
		text = strings.Clone(terminal.Cut(text, otherTexts))
	}
	id := strings.Clone(terminal.Cut(terminal.Printable(err.AccountID), longestName))
	*f = append(*f, failedAccount{id, text, wrapper.IsTransient(err)})
}

// atLine adds the line of an id that cannot be one; 0 for an argument.
func atLine(err *wrapper.AccountError, line int) *wrapper.AccountError {
	if line == 0 || !errors.Is(err, wrapper.ErrInvalidAccountID) {
		return err
	}
	return &wrapper.AccountError{AccountID: err.AccountID, Err: fmt.Errorf("line %d: %w", line, err.Err)}
}

// print prints them, sorted by account id.
func (f Failures) print(out io.Writer) {
	if len(f) == 0 {
		return
	}
	slices.SortStableFunc(f, func(a, b failedAccount) int { return cmp.Compare(a.id, b.id) })
	width := 0
	for _, account := range f {
		width = max(width, terminal.Width(account.id))
	}
	buffered := bufio.NewWriter(out)
	defer buffered.Flush()
	for _, account := range slices.Insert(slices.Clone(f), 0, failedAccount{id: "ACCOUNT", text: "ERROR"}) {
		padding := strings.Repeat(" ", max(0, width-terminal.Width(account.id)))
		fmt.Fprintf(buffered, "%s%s  %s\n", account.id, padding, account.text)
	}
}

// err returns the error of a listing of several accounts; nil if none failed.
func (f Failures) err(accounts int) error {
	if len(f) == 0 {
		return nil
	}
	text := fmt.Sprintf("%d of %s could not be listed to the end, see above", len(f), terminal.Count(accounts, "account"))
	if slices.ContainsFunc(f, func(account failedAccount) bool { return !account.transient }) {
		return exit.With(exit.Accounts, errors.New(text))
	}
	return exit.With(exit.AccountsTransient, errors.New(text+"; the same command may succeed later"))
}
