package wrapper

import (
	"context"
	"errors"
)

// oneAhead runs produce on a goroutine of its own, so that the next value is
// made while yield works on the one before. The goroutine has ended when
// oneAhead returns: if yield has enough, produce's context ends.
//
// One goroutine makes all the values. One for each of them would have to be
// started, and its stack to grow, on the way to every page.
func oneAhead[T any](ctx context.Context, produce func(context.Context, func(T) bool) error, yield func(T) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	var (
		values   = make(chan T) // without room, or there would be two ahead
		left     = make(chan struct{})
		err      = errors.New("fetching the next page ended without a result")
		panicked any
	)
	go func() {
		defer close(values)
		// If the caller's transport panics or ends the goroutine, the caller's
		// loop is where it shows.
		defer func() { panicked = recover() }()
		err = produce(ctx, func(value T) bool {
			select {
			case values <- value:
				return true
			case <-left: // and not the end of the context: a value that is there is delivered
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
