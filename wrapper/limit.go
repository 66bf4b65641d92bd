package wrapper

import (
	"context"

	"golang.org/x/time/rate"
)

// notSent is the error for a request whose turn would come too late.
type notSent struct{ cause error }

func (e notSent) Error() string {
	return "not sent: its turn under the rate limit would come too late: " + e.cause.Error()
}

func (e notSent) Unwrap() error { return e.cause }

// limited makes every attempt wait for its turn.
func limited(limiter *rate.Limiter, next handler) handler {
	return func(c *apiRequest) (*apiResponse, error) {
		ctx := c.request.Context()
		if err := limiter.Wait(ctx); err != nil {
			// The limiter's own error for a turn past the deadline is not a
			// context's error; callers ask for one.
			cause := context.Cause(ctx)
			if cause == nil {
				cause = context.DeadlineExceeded
			}
			return nil, notSent{cause}
		}
		return next(c)
	}
}
