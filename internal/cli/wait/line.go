package wait

import (
	"fmt"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// line is the text that is shown during a wait.
type line struct {
	started        time.Time
	wanted, ended  int             // contract actions
	status         string          // the latest that was seen; empty until one was
	polled         map[string]bool // ids that the latest poll found
	pause, longest time.Duration
	next           time.Time // of the next poll, about
}

func newLine(wanted int, first, longest time.Duration) *line {
	return &line{started: time.Now(), wanted: wanted, polled: make(map[string]bool), pause: first, longest: longest}
}

// saw sets the status that a poll found. The pauses between polls grow like those
// of wrapper.PollInterval.
func (l *line) saw(action wrapper.ContractAction, now time.Time) {
	l.status = terminal.Cell(string(action.Status))
	if len(l.polled) == 0 || l.polled[action.ID] { // the first of a poll
		clear(l.polled)
		l.next = now.Add(l.pause)
		l.pause = min(l.pause+l.pause/2, l.longest)
	}
	l.polled[action.ID] = true
}

// at is for example "IN_PROGRESS, 1m12s, next poll in about 4s", or for several
// "2 of 5 contract actions COMPLETED or FAILED, 1m12s, next poll in about 4s".
func (l *line) at(now time.Time) string {
	elapsed := now.Sub(l.started).Round(time.Second)
	switch {
	case l.status == "" && l.wanted > 1:
		return fmt.Sprintf("looking for %d contract actions, %v", l.wanted, elapsed)
	case l.status == "":
		return fmt.Sprintf("looking for the contract action, %v", elapsed)
	}
	due := "now"
	if left := l.next.Sub(now).Round(time.Second); left > 0 {
		due = fmt.Sprintf("in about %v", left)
	}
	progress := l.status
	if l.wanted > 1 {
		progress = fmt.Sprintf("%d of %d contract actions COMPLETED or FAILED", l.ended, l.wanted)
	}
	return fmt.Sprintf("%s, %v, next poll %s", progress, elapsed, due)
}
