//go:build !race

// The race detector allocates, too.

package main

import (
	"context"
	"testing"
)

// These are counts and not times, so that they hold on any machine.

func TestAllocationsPerPage(t *testing.T) {
	at := open(t, plainHTTP1)
	conditions := conditions{pages: 200, size: 50}
	base := at.base(conditions)
	run := readWhole(must(ours(nameOurs, at).open(base)), base, conditions.list(1), 0, 1)
	must(run(context.Background())) // gets the token and dials
	took := must(run(context.Background()))
	if perPage := float64(took.allocations) / float64(conditions.pages); perPage > mostAllocations {
		t.Errorf("%.0f allocations per page, want at most %d", perPage, mostAllocations)
	}
}

// On a quiet machine it is one connection per worker. But net/http gives one up
// if the goroutine that wrote the request does not get to say so within 50 ms,
// which happens to any client where the processor is in great demand. Without
// connections that are kept, it is several times as many.
func TestConnectionsAreKept(t *testing.T) {
	const workers = 64
	at := open(t, tlsHTTP1)
	conditions := conditions{pages: 3, size: 50, together: workers}
	base := at.base(conditions)
	lists := conditions.lists(6 * workers)
	want := contents(lists, base)
	run := cold(at, ours(nameOurs, at).many, base, func(ctx context.Context, read readerOfMany) (measurement, error) {
		return measurement{}, read.whole(ctx, lists, workers, want)
	})
	if took := must(run(context.Background())); took.dials > 2*workers {
		t.Errorf("%d connections were dialled for %d workers", took.dials, workers)
	}
}
