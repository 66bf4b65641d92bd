package cli

import (
	"fmt"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
)

func TestWrapped(t *testing.T) {
	const text = `A text of some words that
is broken anew.

Table:
  name   a description of it, which
         continues
  a-name-that-is-long
         a description
  # not a table
	a --command that is kept
text after it`
	for width, want := range map[int]string{
		80: `A text of some words that is broken anew.

Table:
  name   a description of it, which continues
  a-name-that-is-long
         a description
  # not a table
  a --command that is kept
text after it
`,
		22: `A text of some words
that is broken anew.

Table:
  name   a description
         of it, which
         continues
  a-name-that-is-long
         a description
  # not a table
  a --command that is kept
text after it
`,
	} {
		t.Run(fmt.Sprintf("%d columns", width), func(t *testing.T) {
			clitest.Compare(t, wrapped(text, width), want)
		})
	}
}
