package main

import (
	"context"
	"sync"
	"sync/atomic"
)

// readerOfMany reads the lists of many accounts into a consumer, as many at a
// time as there are workers.
type readerOfMany func(ctx context.Context, lists []listing, workers int, into *consumer) error

// whole reads the lists and fails unless all of want has come.
func (read readerOfMany) whole(ctx context.Context, lists []listing, workers int, want received) error {
	var into consumer
	if err := read(ctx, lists, workers, &into); err != nil {
		return err
	}
	return into.verify(want)
}

// contents is what must arrive of several lists at base.
func contents(lists []listing, base string) (all received) {
	for _, list := range lists {
		all.add(list.content(base))
	}
	return all
}

// many opens the client for many lists.
func (c client) many(base string) (readerOfMany, error) {
	if c.openMany != nil {
		return c.openMany(base)
	}
	read, err := c.open(base)
	return byWorkers(read), err
}

// byWorkers is how one reads many lists with a client that has nothing for it.
// Each worker has a consumer of its own, and they add up what came.
func byWorkers(read reader) readerOfMany {
	return func(ctx context.Context, lists []listing, workers int, into *consumer) error {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		var (
			next  atomic.Int64
			mu    sync.Mutex
			group sync.WaitGroup
		)
		for range workers {
			group.Go(func() {
				var mine consumer
				for i := next.Add(1) - 1; int(i) < len(lists) && ctx.Err() == nil; i = next.Add(1) - 1 {
					if err := read(ctx, lists[i], &mine); err != nil {
						cancel(err)
					}
				}
				mu.Lock()
				defer mu.Unlock()
				into.add(mine.received)
			})
		}
		group.Wait()
		return context.Cause(ctx)
	}
}
