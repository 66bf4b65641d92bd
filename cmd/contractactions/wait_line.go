package main

import (
	"fmt"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// waitLine is what there is to say while a contract action is watched.
type waitLine struct {
	started        time.Time
	status         string // empty until it was seen
	pause, longest time.Duration
	next           time.Time // about when it will be looked at again
}

func newWaitLine(first, longest time.Duration) *waitLine {
	return &waitLine{started: time.Now(), pause: first, longest: longest}
}

// look is told what was seen. The pauses grow as wrapper.PollInterval says.
func (l *waitLine) look(status wrapper.ContractActionStatus, now time.Time) {
	l.status, l.next = cell(string(status)), now.Add(l.pause)
	l.pause = min(l.pause+l.pause/2, l.longest)
}

// at is for example "IN_PROGRESS, 1m12s, next look in about 4s".
func (l *waitLine) at(now time.Time) string {
	elapsed := now.Sub(l.started).Round(time.Second)
	if l.status == "" {
		return fmt.Sprintf("looking for the contract action, %v", elapsed)
	}
	due := "now"
	if left := l.next.Sub(now).Round(time.Second); left > 0 {
		due = fmt.Sprintf("in about %v", left)
	}
	return fmt.Sprintf("%s, %v, next look %s", l.status, elapsed, due)
}
