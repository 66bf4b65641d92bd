package list

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// failures are the accounts that could not be listed to their end. Only the text
// of an error is kept, since there can be many, and some contain bodies.
type failures []failure

type failure struct{ accountID, text string }

func (f *failures) add(err *wrapper.AccountError, line int) {
	text := err.Err.Error()
	if line > 0 && errors.Is(err, wrapper.ErrInvalidAccountID) {
		text = fmt.Sprintf("line %d: %s", line, text)
	}
	*f = append(*f, failure{output.Printable(err.AccountID), output.Printable(text)})
}

// print prints them, sorted by account id.
func (f failures) print(out io.Writer) {
	if len(f) == 0 {
		return
	}
	slices.SortFunc(f, func(a, b failure) int { return cmp.Compare(a.accountID, b.accountID) })
	const widest = 40
	width := len("ACCOUNT")
	for _, failure := range f {
		width = min(widest, max(width, output.Width(failure.accountID)))
	}
	fmt.Fprintf(out, "%-*s  ERROR\n", width, "ACCOUNT")
	for _, failure := range f {
		fmt.Fprintf(out, "%-*s  %s\n", width, failure.accountID, failure.text)
	}
}

// err returns the error of a listing of several accounts; nil if none failed.
func (f failures) err(accounts int) error {
	if len(f) == 0 {
		return nil
	}
	return exit.With(exit.Accounts, fmt.Errorf("%d of %s could not be listed to the end, see above",
		len(f), output.Count(accounts, "account")))
}
