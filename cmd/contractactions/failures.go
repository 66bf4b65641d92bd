package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// failures are the accounts that could not be listed to their end. Of their
// errors only the text is kept: there can be many, and bodies are in some.
type failures []failure

type failure struct{ accountID, text string }

func (f *failures) add(err *wrapper.AccountError, line int) {
	text := err.Error()
	if inner := errors.Unwrap(err.Err); inner != nil {
		text = inner.Error() // without the account, which has a column of its own
	}
	if line > 0 && errors.Is(err, wrapper.ErrInvalidAccountID) {
		text = fmt.Sprintf("line %d: %s", line, text)
	}
	*f = append(*f, failure{printable(err.AccountID), printable(text)})
}

// print lists them, in the order of their ids.
func (f failures) print(out io.Writer) {
	if len(f) == 0 {
		return
	}
	slices.SortFunc(f, func(a, b failure) int { return cmp.Compare(a.accountID, b.accountID) })
	const widest = 40
	width := len("ACCOUNT")
	for _, failure := range f {
		width = min(widest, max(width, displayWidth(failure.accountID)))
	}
	fmt.Fprintf(out, "%-*s  ERROR\n", width, "ACCOUNT")
	for _, failure := range f {
		fmt.Fprintf(out, "%-*s  %s\n", width, failure.accountID, failure.text)
	}
}

// accountsError reports that some of several accounts failed.
type accountsError struct{ failed, all int }

func (e accountsError) Error() string {
	return fmt.Sprintf("%d of %s could not be listed to the end, see above", e.failed, counted(e.all, "account"))
}
