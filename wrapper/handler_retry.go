package wrapper

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/talkdesk-express/contractactions/internal/transport"
)

// RetryPolicy controls retries and backoff. Only idempotent requests are retried:
// GET and HEAD, and the request for a token. They are retried after the statuses
// 408, 429, 500, 502, 503 and 504, a failed connection, and an incomplete body. A
// zero field selects its default.
//
// The wait before the n-th retry is random between zero and BaseDelay*2^(n-1),
// and at most MaxDelay (exponential backoff with full jitter). If the service
// requests a longer wait with Retry-After, in seconds or as a date, that is the
// wait. The error is returned immediately if the wait would end after the
// context's deadline, or if the service requests more than MaxDelay.
//
// All callers share one request for a token, which no caller's context ends: each
// waits for it until its own context ends.
//
// Independently of the policy, net/http repeats a GET if a kept-alive connection
// turns out to be closed. Such requests are neither counted nor limited.
type RetryPolicy struct {
	// Attempts is the maximum number of requests, including the first. The
	// default is 4; 1 disables retries. A 401 to the last attempt allows one more.
	Attempts int
	// BaseDelay is the upper bound of the first wait. The default is 500 ms.
	BaseDelay time.Duration
	// MaxDelay is the upper bound of every wait. The default is 30 s.
	MaxDelay time.Duration
	// AttemptTimeout limits each attempt, from dialing to the last byte of the
	// body. The default is 1 minute.
	AttemptTimeout time.Duration
}

// NoRetry returns a [RetryPolicy] that sends every request once, or twice after
// a 401: the second time with a new token.
func NoRetry() RetryPolicy { return RetryPolicy{Attempts: 1} }

func (p RetryPolicy) withDefaults() RetryPolicy {
	return RetryPolicy{
		Attempts:       cmp.Or(p.Attempts, 4),
		BaseDelay:      cmp.Or(p.BaseDelay, 500*time.Millisecond),
		MaxDelay:       cmp.Or(p.MaxDelay, 30*time.Second),
		AttemptTimeout: cmp.Or(p.AttemptTimeout, time.Minute),
	}
}

// retry calls attempt until it succeeds, fails permanently, or the attempts or
// the context end. It calls onRetry before each wait.
func retry[T any](ctx context.Context, policy RetryPolicy, onRetry func(error, time.Duration), attempt func() (T, error)) (T, error) {
	var last error
	for made := 1; ; made++ {
		result, err := attempt()
		if err == nil {
			return result, nil
		}
		if last != nil && errors.Is(err, errNoTurn) {
			return result, fmt.Errorf("%w; the previous attempt: %w", err, last)
		}
		wait, ok := policy.nextWait(ctx, err, made)
		if !ok {
			return result, err
		}
		onRetry(err, wait)
		if cause := sleep(ctx, wait); cause != nil {
			return result, fmt.Errorf("%w while waiting to retry after: %w", cause, err)
		}
		last = err
	}
}

// nextWait returns how long to wait before the next attempt. It is not ok if
// there should be none.
func (p RetryPolicy) nextWait(ctx context.Context, err error, made int) (wait time.Duration, ok bool) {
	transient, requested := isTransient(err)
	if !transient || made >= p.Attempts || requested > p.MaxDelay || ctx.Err() != nil {
		return 0, false
	}
	wait = max(requested, rand.N(p.ceiling(made)))
	deadline, hasDeadline := ctx.Deadline()
	return wait, !hasDeadline || time.Until(deadline) > wait
}

// sleep returns the context's cause if the context ends before the wait.
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

// ceiling is BaseDelay, doubled for each attempt but the first, up to MaxDelay.
func (p RetryPolicy) ceiling(made int) time.Duration {
	if doublings := made - 1; doublings < 62 && p.BaseDelay <= p.MaxDelay>>doublings {
		return p.BaseDelay << doublings
	}
	return p.MaxDelay
}

// IsTransient reports whether err is a failure that may not occur again later: the
// service was busy or had an error, or no complete response arrived. The client
// retries exactly these failures, see [RetryPolicy].
func IsTransient(err error) bool {
	transient, _ := isTransient(err)
	return transient
}

// isTransient implements IsTransient, and returns how long the service asked to
// wait.
func isTransient(err error) (transient bool, wait time.Duration) {
	status, interrupted := 0, false
	if token, ok := errors.AsType[*TokenError](err); ok {
		status, wait = token.StatusCode, token.RetryAfter
	} else if api, ok := errors.AsType[*Error](err); ok {
		status, wait, interrupted = api.StatusCode, api.RetryAfter, api.interrupted
	} else {
		return false, 0
	}
	switch status {
	case 0:
		return connectionMayRecover(err), 0
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true, wait
	}
	return interrupted, 0
}

// connectionMayRecover reports whether a request without a response may get one
// later.
func connectionMayRecover(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, transport.ErrTooLarge) {
		return false
	}
	_, isLink := errors.AsType[*LinkError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	name, isName := errors.AsType[*net.DNSError](err)
	return !isLink && !isCertificate && !(isName && name.IsNotFound)
}

// retrying retries requests that can be sent twice without harm.
func retrying(policy RetryPolicy, observer observer, next handler) handler {
	return func(r *apiRequest) (*apiResponse, error) {
		ctx, policy := r.request.Context(), policy
		policy.Attempts = max(1, policy.Attempts-r.attempts) // a new token allows no further ones
		if r.once {
			policy.Attempts = 1
		}
		onRetry := func(err error, wait time.Duration) {
			event := r.event(EventRetry, nil, err)
			event.Wait = wait
			observer.observe(ctx, event)
		}
		response, err := retry(ctx, policy, onRetry, func() (*apiResponse, error) { return next(r) })
		return response, r.failed(err)
	}
}
