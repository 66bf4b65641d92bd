package wrapper

import (
	"context"
	"fmt"

	"golang.org/x/time/rate"
)

// limited makes every attempt wait for its turn.
func limited(limiter *rate.Limiter, next handler) handler {
	return func(c *call) (*answer, error) {
		ctx := c.request.Context()
		if err := limiter.Wait(ctx); err != nil {
			// The limiter's own error for a turn past the deadline is not a
			// context's error; callers ask for one.
			cause := context.Cause(ctx)
			if cause == nil {
				cause = context.DeadlineExceeded
			}
			return nil, fmt.Errorf("not sent: its turn under the rate limit would come too late: %w", cause)
		}
		return next(c)
	}
}
