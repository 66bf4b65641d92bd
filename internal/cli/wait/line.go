package wait

import (
	"fmt"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// line is the text that is shown during a wait.
type line struct {
	started        time.Time
	status         string // empty until it was seen
	pause, longest time.Duration
	next           time.Time // of the next poll, about
}

func newLine(first, longest time.Duration) *line {
	return &line{started: time.Now(), pause: first, longest: longest}
}

// polled sets the status that was seen. The pauses grow like those of
// wrapper.PollInterval.
func (l *line) polled(status wrapper.ContractActionStatus, now time.Time) {
	l.status, l.next = output.Cell(string(status)), now.Add(l.pause)
	l.pause = min(l.pause+l.pause/2, l.longest)
}

// at is for example "IN_PROGRESS, 1m12s, next poll in about 4s".
func (l *line) at(now time.Time) string {
	elapsed := now.Sub(l.started).Round(time.Second)
	if l.status == "" {
		return fmt.Sprintf("looking for the contract action, %v", elapsed)
	}
	due := "now"
	if left := l.next.Sub(now).Round(time.Second); left > 0 {
		due = fmt.Sprintf("in about %v", left)
	}
	return fmt.Sprintf("%s, %v, next poll %s", l.status, elapsed, due)
}
