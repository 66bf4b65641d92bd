// Package prefetch produces values on a goroutine while others are consumed.
package prefetch

import (
	"context"
	"errors"
	"runtime"
)

// OneAhead runs produce on its own goroutine and passes what it delivers to
// yield, on the caller's: produce continues while yield works, one value ahead.
// The goroutine has ended when OneAhead returns. If yield returns false, the
// context of produce is cancelled.
func OneAhead[T any](ctx context.Context, produce func(ctx context.Context, deliver func(T) bool) error, yield func(T) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	var (
		values   = make(chan T) // unbuffered: a buffer would let produce run two ahead
		left     = make(chan struct{})
		err      = errors.New("the listing's goroutine ended without a result")
		panicked any
	)
	go func() {
		defer close(values)
		// A panic of the caller's transport or sequence belongs to the caller's loop.
		defer func() { panicked = recover() }()
		err = produce(ctx, func(value T) bool {
			select {
			case values <- value:
				runtime.Gosched() // let yield begin before the next value is produced
				return true
			case <-left: // not the end of the context: a value that has arrived is delivered
				return false
			}
		})
	}()
	defer func() {
		cancel()
		close(left)
		for range values { // until the goroutine has ended
		}
	}()

	for value := range values {
		if !yield(value) {
			return nil
		}
	}
	if panicked != nil {
		panic(panicked)
	}
	return err
}
