package wrapper

import (
	"context"
	"errors"
)

// oneAhead calls fetch on a goroutine of its own, so that the next page is
// fetched while yield works on the one before. The goroutine has ended when
// oneAhead returns: if yield has enough, fetch's context ends.
//
// One goroutine fetches all pages. One for each of them would have to be
// started, and its stack to grow, on the way to every page.
func oneAhead(ctx context.Context, fetch func(context.Context, func(*Page) bool) error, yield func(*Page) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	var (
		pages    = make(chan *Page) // without room, or there would be two ahead
		left     = make(chan struct{})
		err      = errors.New("fetching the next page ended without a result")
		panicked any
	)
	go func() {
		defer close(pages)
		// If the caller's transport panics or ends the goroutine, the caller's
		// loop is where it shows.
		defer func() { panicked = recover() }()
		err = fetch(ctx, func(page *Page) bool {
			select {
			case pages <- page:
				return true
			case <-left: // and not the end of the context: a page that is there is delivered
				return false
			}
		})
	}()
	defer func() {
		cancel()
		close(left)
		for range pages { // until the goroutine has ended
		}
	}()

	for page := range pages {
		if !yield(page) {
			return nil
		}
	}
	if panicked != nil {
		panic(panicked)
	}
	return err
}
