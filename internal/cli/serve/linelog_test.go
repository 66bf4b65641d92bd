package serve

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pausedWriter writes nothing until it is read again.
type pausedWriter struct {
	written strings.Builder
	resumed chan struct{}
}

func (w *pausedWriter) Write(data []byte) (int, error) {
	<-w.resumed
	return w.written.Write(data)
}

func TestLinesThatNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &pausedWriter{resumed: make(chan struct{})}
		log := newLineLog(out)
		fmt.Fprintln(log, "first")
		synctest.Wait() // until it is being written
		for i := range maxWaitingLines + 2 {
			fmt.Fprintln(log, i)
		}
		close(out.resumed)
		synctest.Wait()
		fmt.Fprintln(log, "last")
		log.close()
		fmt.Fprintln(log, "after the end")

		lines := strings.Split(out.written.String(), "\n")
		if first, second := lines[0], lines[1]; first != "first" || second != "0" {
			t.Errorf("begins with %q, %q", first, second)
		}
		if end := strings.Join(lines[maxWaitingLines:], "\n"); end != "999\n2 lines dropped: stderr was not read\nlast\n" {
			t.Errorf("ends with %q", end)
		}
	})
}

func TestLinesDroppedAtTheEndAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &pausedWriter{resumed: make(chan struct{})}
		log := newLineLog(out)
		fmt.Fprintln(log, "line")
		synctest.Wait() // until it is being written
		for range maxWaitingLines + 1 {
			fmt.Fprintln(log, "line")
		}
		time.AfterFunc(drainTime/2, func() { close(out.resumed) })
		log.close()
		if !strings.HasSuffix(out.written.String(), "line\n1 line dropped: stderr was not read\n") {
			t.Errorf("ends with %q", out.written.String())
		}
	})
}

func TestTheEndDoesNotWaitForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader, writer := io.Pipe()
		log := newLineLog(writer)
		fmt.Fprintln(log, "line")
		started := time.Now()
		log.close()
		if waited := time.Since(started); waited != drainTime {
			t.Errorf("waited %s", waited)
		}
		reader.Close() // ends the goroutine
	})
}
