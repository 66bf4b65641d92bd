package wrapper

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// documentedLifetime is how long a token lives if the token endpoint does not
// say (source: the vendor's authentication guide).
const documentedLifetime = 10 * time.Minute

// fetchToken exchanges credentials for a token.
type fetchToken func(context.Context) (*oauth2.Token, error)

// tokenCache holds the current token. However many callers ask for one, at
// most one exchange is under way; it belongs to none of them, so that a
// caller that gives up fails nobody else.
//
// golang.org/x/oauth2 has a cache too, but it renews only after expiry, while
// everybody waits, cannot be told that a token was refused, and binds all
// exchanges to one context.
type tokenCache struct {
	fetch    fetchToken
	observer observer

	mu      sync.Mutex
	current *cachedToken
	renewAt time.Time     // when to renew current
	pending *tokenRequest // nil while none is under way
	backoff tokenBackoff
}

func newTokenCache(fetch fetchToken, policy RetryPolicy, observer observer) *tokenCache {
	return &tokenCache{fetch: fetch, observer: observer, backoff: tokenBackoff{policy: policy}}
}

type cachedToken struct {
	value  string
	traces traces
	header []string // Authorization, as requests carry it
	expiry time.Time
	scope  string // what was granted; empty if the token endpoint did not say
}

// canList reports whether the token's scope allows listing, as far as is known.
func (t *cachedToken) canList() bool { return allowsListing(t.scope) }

// tokenRequest is one fetch that is under way. Its waiters and abandoned are guarded
// by the cache's mutex; its outcome may be read once done is closed.
type tokenRequest struct {
	done      chan struct{}
	cancel    context.CancelFunc
	waiters   int
	early     bool // begun while a valid token was there: nobody needs to wait
	abandoned bool // told to end, since nobody waited any more

	token    *cachedToken
	err      error
	panicked any // what the fetch panicked with, for those who wait to panic with
}

// get returns a valid token. It waits for an exchange only if there is none.
func (c *tokenCache) get(ctx context.Context) (*cachedToken, error) {
	for {
		held, joined, err := c.heldOrExchange(ctx)
		if held != nil || err != nil {
			return held, err
		}
		select {
		case <-joined.done:
		case <-ctx.Done():
			c.unsubscribe(joined)
			return nil, &TokenError{cause: context.Cause(ctx)}
		}
		switch {
		case joined.panicked != nil:
			panic(joined.panicked)
		case joined.err == nil:
			return joined.token, nil
		case !joined.abandoned:
			return nil, joined.err
		}
		// It ended because others had left before we came: again.
	}
}

// heldOrExchange returns the token, or else the exchange to wait for, or else
// why there is no sense in one.
func (c *tokenCache) heldOrExchange(ctx context.Context) (*cachedToken, *tokenRequest, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if held := c.current; held != nil && now.Before(held.expiry) {
		if c.pending == nil && !now.Before(c.renewAt) {
			c.begin(ctx, true)
		}
		return held, nil, nil
	}
	if c.pending == nil {
		if err := c.backoff.at(now); err != nil {
			return nil, nil, err
		}
		c.begin(ctx, false)
	}
	c.pending.waiters++
	return nil, c.pending, nil
}

// invalidate forgets the token that the service refused, unless it has been
// replaced since.
func (c *tokenCache) invalidate(refused *cachedToken) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == refused {
		c.current = nil
	}
}

// begin starts an exchange. The caller holds the mutex.
func (c *tokenCache) begin(ctx context.Context, early bool) {
	// Tracing values of the first caller's context are welcome, its end is not.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	started := &tokenRequest{done: make(chan struct{}), cancel: cancel, early: early}
	c.pending = started
	go func() {
		defer cancel()
		// Also if the caller's token source or transport panics, or ends the
		// goroutine, somebody waits for an answer.
		var token *oauth2.Token
		err := error(&TokenError{cause: errors.New("the exchange ended without a result")})
		defer func() {
			started.panicked = recover()
			c.finish(ctx, started, token, err)
		}()
		token, err = c.fetch(ctx)
	}()
}

func (c *tokenCache) finish(ctx context.Context, ended *tokenRequest, token *oauth2.Token, err error) {
	now := time.Now()
	if err != nil {
		ended.err = err
		if left := c.keep(now); left > 0 {
			c.observer.observe(ctx, EventTokenKept, func() Event { return Event{Operation: OperationToken, Lifetime: left} })
		}
	} else {
		ended.token = c.store(ctx, token, now)
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	if ended.token != nil {
		lifetime := ended.token.expiry.Sub(now)
		c.current, c.renewAt = ended.token, now.Add(lifetime-min(time.Minute, lifetime/4))
	}
	c.backoff.record(err, now)
	c.pending = nil
	close(ended.done)
}

// store makes of a token what the cache keeps, and reports it.
func (c *tokenCache) store(ctx context.Context, token *oauth2.Token, now time.Time) *cachedToken {
	lifetime := documentedLifetime
	if !token.Expiry.IsZero() {
		lifetime = token.Expiry.Sub(now)
	}
	scope, _ := token.Extra("scope").(string)
	given := tracesOf(token.AccessToken)
	held := &cachedToken{
		value:  token.AccessToken,
		traces: given,
		header: []string{"Bearer " + token.AccessToken},
		expiry: now.Add(lifetime),
		scope:  withholdScopes(scope, given),
	}
	describe := func() Event { return Event{Operation: OperationToken, Lifetime: lifetime} }
	c.observer.observe(ctx, EventToken, describe)
	if !held.canList() {
		c.observer.observe(ctx, EventScopeMissing, describe)
	}
	return held
}

// keep puts the next try at renewal off, so that not every call makes one. It
// returns how long the present token is still valid.
func (c *tokenCache) keep(now time.Time) (left time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == nil {
		return 0
	}
	left = c.current.expiry.Sub(now)
	c.renewAt = now.Add(left / 4)
	return left
}

// unsubscribe is for a caller that no longer waits. An exchange that nobody waits
// for any more is told to end, so that an abandoned client leaves nothing
// behind. Until it has, nobody begins another.
func (c *tokenCache) unsubscribe(left *tokenRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	left.waiters--
	if left.waiters == 0 && !left.early {
		left.abandoned = true
		left.cancel()
	}
}

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
