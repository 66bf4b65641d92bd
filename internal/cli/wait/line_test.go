package wait

import (
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestLine(t *testing.T) {
	line := newLine(2*time.Second, 4*time.Second)
	after := func(seconds int) time.Time { return line.started.Add(time.Duration(seconds) * time.Second) }

	for _, moment := range []struct {
		second int
		seen   wrapper.ContractActionStatus // empty if there was no poll then
		want   string
	}{
		{1, "", "looking for the contract action, 1s"},
		{3, wrapper.StatusCreated, "CREATED, 3s, next poll in about 2s"},
		{5, wrapper.StatusInProgress, "IN_PROGRESS, 5s, next poll in about 3s"},
		{6, "", "IN_PROGRESS, 6s, next poll in about 2s"},
		{72, "\x1b[2J", `\x1b[2J, 1m12s, next poll in about 4s`},
		{77, "", `\x1b[2J, 1m17s, next poll now`},
	} {
		if moment.seen != "" {
			line.polled(moment.seen, after(moment.second))
		}
		if got := line.at(after(moment.second)); got != moment.want {
			t.Errorf("after %ds the line is %q, want %q", moment.second, got, moment.want)
		}
	}
}
