package wrapper

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RetryPolicy says how often and how patiently a request is repeated. Only
// what is safe is: GET and HEAD, and the request for a token. Repeated are the
// statuses 408, 429, 500, 502, 503 and 504, connections that fail, and bodies
// that break off. A zero field stands for its default.
//
// The wait before the n-th repetition is random between zero and
// BaseDelay*2^(n-1), at most MaxDelay (exponential backoff with full jitter).
// If the service asked for a longer wait (Retry-After, in seconds or as a
// date), that is what it gets. A wait that would pass the context's deadline,
// or that the service asks for beyond MaxDelay, is not begun: the error comes
// at once, with its RetryAfter. Callers share the request for a token, which
// belongs to none of them: each waits for it until its own context ends.
//
// Below all this, net/http by itself repeats a GET when a connection that it
// had kept open turns out to be closed. Nothing here counts or limits that.
type RetryPolicy struct {
	// Attempts is the number of requests, the first included. Default 4; 1
	// never repeats. If a 401 uses up the last one, there is one more.
	Attempts int
	// BaseDelay is the bound of the first wait. Default 500 ms.
	BaseDelay time.Duration
	// MaxDelay is the longest wait. Default 30 s.
	MaxDelay time.Duration
	// AttemptTimeout bounds each attempt, from dialling to the last byte of
	// the body. Default 1 minute.
	AttemptTimeout time.Duration
}

// NoRetry is a [RetryPolicy] that sends every request once; once more after a
// 401, with a new token.
func NoRetry() RetryPolicy { return RetryPolicy{Attempts: 1} }

func (p RetryPolicy) withDefaults() (RetryPolicy, error) {
	if p.Attempts < 0 || p.BaseDelay < 0 || p.MaxDelay < 0 || p.AttemptTimeout < 0 {
		return p, errors.New("no field of a RetryPolicy may be negative")
	}
	if p.Attempts == 0 {
		p.Attempts = 4
	}
	if p.BaseDelay == 0 {
		p.BaseDelay = 500 * time.Millisecond
	}
	if p.MaxDelay == 0 {
		p.MaxDelay = 30 * time.Second
	}
	if p.AttemptTimeout == 0 {
		p.AttemptTimeout = time.Minute
	}
	return p, nil
}

// retry calls attempt until it succeeds, fails in a way that repeating does not
// help, or the attempts or the context end. onRetry is told of each failure that
// is repeated, and how long that waits.
func retry[T any](ctx context.Context, policy RetryPolicy, onRetry func(error, time.Duration), attempt func() (T, error)) (T, error) {
	var last error
	for made := 1; ; made++ {
		result, err := attempt()
		if err == nil {
			return result, nil
		}
		if last != nil && errors.As(err, new(notSent)) {
			return result, fmt.Errorf("%w; the attempt before: %w", err, last)
		}
		wait, again := policy.nextWait(ctx, err, made)
		if !again {
			return result, err
		}
		onRetry(err, wait)
		if cause := sleep(ctx, wait); cause != nil {
			return result, fmt.Errorf("%w while waiting to repeat after: %w", cause, err)
		}
		last = err
	}
}

// nextWait decides whether to repeat what has failed, and how long to wait
// before.
func (p RetryPolicy) nextWait(ctx context.Context, err error, made int) (wait time.Duration, again bool) {
	again, asked := isTransient(err)
	if !again || made >= p.Attempts || asked > p.MaxDelay || ctx.Err() != nil {
		return 0, false
	}
	wait = max(asked, p.backoff(made))
	deadline, ok := ctx.Deadline()
	return wait, !ok || time.Until(deadline) > wait
}

// sleep returns the context's cause if that ends before the wait.
func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// backoff is a random wait after the given number of attempts.
func (p RetryPolicy) backoff(made int) time.Duration { return rand.N(p.ceiling(made)) }

// ceiling is BaseDelay, doubled for each attempt but the first, up to MaxDelay.
func (p RetryPolicy) ceiling(made int) time.Duration {
	if doublings := made - 1; doublings < 62 && p.BaseDelay <= p.MaxDelay>>doublings {
		return p.BaseDelay << doublings
	}
	return p.MaxDelay
}

// isTransient reports whether repeating may help, and how long the server asked
// to wait first.
func isTransient(err error) (again bool, wait time.Duration) {
	status, wait, ok := answered(err)
	if !ok {
		return false, 0
	}
	switch status {
	case 0:
		return connectionMayRecover(err), 0
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true, wait
	}
	var failure *Error
	return errors.As(err, &failure) && failure.interrupted, 0
}

// answered returns what an error knows of the answer: its status, 0 if none
// came, and how long to wait. It is not ok for errors that are not about a
// request.
func answered(err error) (status int, wait time.Duration, ok bool) {
	var token *TokenError
	var api *Error
	switch {
	case errors.As(err, &token):
		return token.StatusCode, token.RetryAfter, true
	case errors.As(err, &api):
		return api.StatusCode, api.RetryAfter, true
	}
	return 0, 0, false
}

// connectionMayRecover tells the failures of a moment from those that will be
// the same next time.
func connectionMayRecover(err error) bool {
	var link *LinkError
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, errTooLarge), errors.As(err, &link), errors.As(err, &certificate):
		return false
	case errors.As(err, &name):
		return !name.IsNotFound
	}
	return true
}

// retrying repeats calls that are safe to repeat.
func retrying(policy RetryPolicy, observer observer, next handler) handler {
	return func(c *apiRequest) (*apiResponse, error) {
		ctx, policy := c.request.Context(), policy
		policy.Attempts = max(1, policy.Attempts-c.attempts) // a renewed token gives no new ones
		if !c.repeatable() {
			policy.Attempts = 1
		}
		onRetry := func(err error, wait time.Duration) {
			observer.observe(ctx, EventRetry, func() Event {
				event := c.event(nil, err)
				event.Wait = wait
				return event
			})
		}
		result, err := retry(ctx, policy, onRetry, func() (*apiResponse, error) { return next(c) })
		var failure *Error
		if err != nil && errors.As(err, &failure) {
			failure.Attempts, failure.Elapsed = c.attempts, c.elapsed()
		}
		return result, err
	}
}

// retryAfter reads a Retry-After header (RFC 9110, section 10.2.3): seconds,
// or a date, which is taken relative to the server's own clock where it told.
// It returns 0 if there is none that makes sense.
func retryAfter(header http.Header, now time.Time) time.Duration {
	const longest time.Duration = math.MaxInt64
	value := strings.TrimSpace(header.Get("Retry-After"))
	seconds, err := strconv.ParseUint(value, 10, 64)
	switch {
	case seconds > uint64(longest/time.Second): // what does not fit is out of range, too
		return longest
	case err == nil:
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if sent, err := http.ParseTime(header.Get("Date")); err == nil {
		now = sent
	}
	return max(0, date.Sub(now))
}

// IsTransient reports whether what failed may succeed when it is tried again
// later: the service was busy or had an error, or no whole response arrived. It
// is what the client itself repeats by, see [RetryPolicy].
func IsTransient(err error) bool {
	transient, _ := isTransient(err)
	return transient
}
