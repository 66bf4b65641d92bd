package main

import (
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestWaitLine(t *testing.T) {
	line := newWaitLine(2*time.Second, 4*time.Second)
	after := func(seconds int) time.Time { return line.started.Add(time.Duration(seconds) * time.Second) }

	compare(t, line.at(after(1)), "looking for the contract action, 1s")
	line.look(wrapper.StatusCreated, after(3))
	compare(t, line.at(after(3)), "CREATED, 3s, next look in about 2s")
	line.look(wrapper.StatusInProgress, after(5))
	compare(t, line.at(after(6)), "IN_PROGRESS, 6s, next look in about 2s")
	line.look("\x1b[2J", after(72))
	compare(t, line.at(after(72)), `\x1b[2J, 1m12s, next look in about 4s`)
	compare(t, line.at(after(77)), `\x1b[2J, 1m17s, next look now`)
}
