package list

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// failures are the accounts that could not be listed to their end. Only the text
// of an error is kept, since there can be many, and some contain bodies.
type failures []failure

type failure struct{ accountID, text string }

// There can be any number of failures, and the service decides how long a text is:
// the first texts are kept whole, and the beginnings of the others.
const (
	wholeTexts  = 1000
	otherTexts  = 80 // columns
	longestName = 60 // columns of an account id
)

func (f *failures) add(err *wrapper.AccountError, line int) {
	text := err.Err.Error()
	if line > 0 && errors.Is(err, wrapper.ErrInvalidAccountID) {
		text = fmt.Sprintf("line %d: %s", line, text)
	}
	text = output.Printable(text)
	if len(*f) >= wholeTexts {
		text = strings.Clone(output.Cut(text, otherTexts))
	}
	*f = append(*f, failure{strings.Clone(output.Cut(output.Printable(err.AccountID), longestName)), text})
}

// print prints them, sorted by account id.
func (f failures) print(out io.Writer) {
	if len(f) == 0 {
		return
	}
	slices.SortStableFunc(f, func(a, b failure) int { return cmp.Compare(a.accountID, b.accountID) })
	width := 0
	for _, failure := range f {
		width = max(width, output.Width(failure.accountID))
	}
	buffered := bufio.NewWriter(out)
	defer buffered.Flush()
	for _, failure := range slices.Insert(slices.Clone(f), 0, failure{"ACCOUNT", "ERROR"}) {
		padding := strings.Repeat(" ", max(0, width-output.Width(failure.accountID)))
		fmt.Fprintf(buffered, "%s%s  %s\n", failure.accountID, padding, failure.text)
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
