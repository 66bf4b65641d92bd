package listing

import (
	"errors"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

func TestRemarkTellsWhyTheListIsNotWhole(t *testing.T) {
	for _, test := range []struct {
		ending error
		cut    int
		want   string
	}{
		{nil, 0, ""},
		{nil, 1, "; there are more pages"},
		{errors.New("any"), 1, "; the list broke off"},
		{ErrLimitReached, 1, "; ended by --limit"},
		{exit.ErrInterrupted, 1, "; interrupted"},
	} {
		t.Run(test.want, func(t *testing.T) { clitest.Compare(t, Result{Ending: test.ending, Cut: test.cut}.Remark(), test.want) })
	}
}
