package wrapper

import (
	"errors"
	"net/http"
	"time"
)

// tokenBackoff holds back exchanges that would be refused like the one before, so
// that a thousand callers with the wrong secret do not ask a thousand times.
type tokenBackoff struct {
	policy RetryPolicy
	count  int // in a row
	last   *TokenError
	end    time.Time
}

// record notes how an exchange ended. What the token endpoint refuses stays
// refused for a while, twice as long each time. A pause that it asks for and
// that is too long to wait for is kept. Neither is longer than MaxDelay, since
// somebody may have mended the cause.
func (r *tokenBackoff) record(err error, now time.Time) {
	r.last = nil
	var refused *TokenError
	switch {
	case err == nil:
		r.count = 0
		return
	case !errors.As(err, &refused) || refused.StatusCode < http.StatusBadRequest:
		return
	}
	wait := refused.RetryAfter
	if again, _ := isTransient(refused); again && wait <= r.policy.MaxDelay {
		return
	} else if !again {
		r.count++
		wait = max(wait, r.policy.ceiling(r.count))
	}
	r.last, r.end = refused, now.Add(min(wait, r.policy.MaxDelay))
}

// at returns the refusal that still holds.
func (r *tokenBackoff) at(now time.Time) error {
	if r.last == nil || !now.Before(r.end) {
		return nil
	}
	return r.last
}
