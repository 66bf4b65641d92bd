package serve

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

const (
	maxWaitingLines = 1000
	// drainTime is how long the end waits for a reader of the lines.
	drainTime = time.Second
)

// lineLog writes lines in the background, so that no request waits until somebody
// reads them. Lines that find no room are dropped, and a line says how many.
type lineLog struct {
	out  io.Writer
	done chan struct{}

	mutex   sync.Mutex
	lines   chan string
	dropped int
	closed  bool
}

func newLineLog(out io.Writer) *lineLog {
	l := &lineLog{out: out, done: make(chan struct{}), lines: make(chan string, maxWaitingLines)}
	go l.writeLines()
	return l
}

// Write takes a line. It never waits.
func (l *lineLog) Write(line []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.closed {
		return len(line), nil
	}
	select {
	case l.lines <- l.gap() + string(line):
		l.dropped = 0
	default:
		l.dropped++
	}
	return len(line), nil
}

// gap returns the line that stands for those dropped since the last one.
func (l *lineLog) gap() string {
	if l.dropped == 0 {
		return ""
	}
	return fmt.Sprintf("%s dropped: stderr was not read\n", terminal.Count(l.dropped, "line"))
}

func (l *lineLog) writeLines() {
	defer close(l.done)
	for line := range l.lines {
		_, _ = io.WriteString(l.out, line)
	}
	_, _ = io.WriteString(l.out, l.gap()) // nothing changes it after close
}

// close waits until the lines have been written, if somebody reads them.
func (l *lineLog) close() {
	l.mutex.Lock()
	l.closed = true
	close(l.lines)
	l.mutex.Unlock()
	select {
	case <-l.done:
	case <-time.After(drainTime):
	}
}
