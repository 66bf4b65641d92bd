package soak

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// figures count what the callers and the client did.
type figures struct {
	mutex  sync.Mutex
	counts map[string]int
	ends   map[string]int // of listings and their resumptions, by the reason
	events map[string]int // of the client, by operation and kind
}

func newFigures() *figures {
	return &figures{counts: map[string]int{}, ends: map[string]int{}, events: map[string]int{}}
}

func (f *figures) add(name string, n int) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.counts[name] += n
}

func (f *figures) ended(reason string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.ends[reason]++
}

// observe is for wrapper.WithObserver.
func (f *figures) observe(_ context.Context, event wrapper.Event) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.events[event.Operation+": "+string(event.Kind)]++
}

// footprint is what this process takes at a moment.
type footprint struct {
	goroutines int
	heap       uint64 // bytes, after garbage collection
}

func measure() footprint {
	// What finalizers and pools hold goes with the second collection.
	runtime.GC()
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return footprint{goroutines: runtime.NumGoroutine(), heap: memory.HeapAlloc}
}

// watchGoroutines returns a function that ends the watch, and returns the
// largest number seen.
func watchGoroutines() (stop func() int) {
	done, largest := make(chan struct{}), make(chan int)
	go func() {
		peak := 0
		ticks := time.NewTicker(20 * time.Millisecond)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				peak = max(peak, runtime.NumGoroutine())
			case <-done:
				largest <- peak
				return
			}
		}
	}()
	return func() int { close(done); return <-largest }
}

// table prints figures in columns.
type table struct {
	text   strings.Builder
	writer *tabwriter.Writer
}

func newTable() *table {
	t := new(table)
	t.writer = tabwriter.NewWriter(&t.text, 0, 0, 2, ' ', 0)
	return t
}

func (t *table) row(name string, values ...any) {
	fmt.Fprintf(t.writer, "%s\t%s\n", name, strings.TrimSuffix(fmt.Sprintln(values...), "\n"))
}

func (t *table) rows(title string, counts map[string]int) {
	t.row(title + ":")
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		t.row("  "+name, counts[name])
	}
}

func (t *table) String() string {
	t.writer.Flush()
	return t.text.String()
}

func TestFiguresArePrintedInColumns(t *testing.T) {
	figures := newFigures()
	figures.add("pages", 2)
	figures.add("pages", 3)
	figures.add("contract actions", 7)
	table := newTable()
	table.row("duration", time.Second)
	table.rows("callers", figures.counts)
	const want = "duration            1s\ncallers:            \n  contract actions  7\n  pages             5\n"
	if got := table.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
