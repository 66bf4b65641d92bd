package wrapper

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"golang.org/x/oauth2"
)

// documentedLifetime is the lifetime of a token if the token endpoint reports none
// (source: G).
const documentedLifetime = 10 * time.Minute

// fetchToken obtains a token.
type fetchToken func(context.Context) (*oauth2.Token, error)

// tokenCache stores the current token. All callers share one token request, which
// belongs to none of them, so that a caller that gives up does not affect the
// others.
//
// The cache of golang.org/x/oauth2 does not suffice: it renews a token only after
// it has expired, while callers wait, cannot be told that a token was refused, and
// binds all requests to one context.
type tokenCache struct {
	fetch    fetchToken
	observer observer

	mu      sync.Mutex
	current *cachedToken
	renewAt time.Time     // when to renew current
	pending *tokenRequest // nil if there is none
	backoff tokenBackoff
}

func newTokenCache(fetch fetchToken, policy RetryPolicy, observer observer) *tokenCache {
	return &tokenCache{fetch: fetch, observer: observer, backoff: tokenBackoff{policy: policy}}
}

type cachedToken struct {
	traces traces
	header []string // the value of Authorization
	expiry time.Time
	scope  string // what was granted; empty if unknown
}

func newCachedToken(token *oauth2.Token) *cachedToken {
	expiry := token.Expiry
	if expiry.IsZero() {
		expiry = time.Now().Add(documentedLifetime)
	}
	given := tracesOf(token.AccessToken)
	reported, _ := token.Extra("scope").(string)
	scopes := strings.Fields(reported)
	for i := range scopes {
		scopes[i] = given.withhold(scopes[i], ScopeRead, ScopeWrite, ScopeAccounts)
	}
	return &cachedToken{traces: given, header: []string{"Bearer " + token.AccessToken}, expiry: expiry, scope: strings.Join(scopes, " ")}
}

// tokenRequest is a fetch in progress. The cache's mutex guards waiters and
// abandoned; the other results may be read once done is closed.
type tokenRequest struct {
	done      chan struct{}
	cancel    context.CancelFunc
	waiters   int
	early     bool // started while the current token was valid: no caller waits for it
	abandoned bool // cancelled because the last waiter left

	token    *cachedToken
	err      error
	panicked any // the value of a panic of fetch, for the waiters
}

// get returns a valid token. It waits for a token request only if there is none.
func (c *tokenCache) get(ctx context.Context) (*cachedToken, error) {
	for {
		current, request, err := c.tokenOrRequest(ctx)
		if current != nil || err != nil {
			return current, err
		}
		select {
		case <-request.done:
		case <-ctx.Done():
			c.unsubscribe(request)
			return nil, &TokenError{cause: context.Cause(ctx)}
		}
		switch {
		case request.panicked != nil:
			panic(request.panicked)
		case request.err == nil:
			return request.token, nil
		case !request.abandoned:
			return nil, request.err
		}
		// It was cancelled before this caller joined it: start a new one.
	}
}

// tokenOrRequest returns the current token, or the request to wait for, or the
// reason why no request should be made.
func (c *tokenCache) tokenOrRequest(ctx context.Context) (*cachedToken, *tokenRequest, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if c.current != nil && now.Before(c.current.expiry) {
		if c.pending == nil && !now.Before(c.renewAt) {
			c.begin(ctx, true)
		}
		return c.current, nil, nil
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

// invalidate removes the token that the service refused, unless it was replaced.
func (c *tokenCache) invalidate(refused *cachedToken) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == refused {
		c.current = nil
	}
}

// begin starts a token request. The caller holds the mutex.
func (c *tokenCache) begin(ctx context.Context, early bool) {
	// With the values of the first caller's context, for tracing, but not its end.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	request := &tokenRequest{
		done: make(chan struct{}), cancel: cancel, early: early,
		err: &TokenError{cause: errors.New("the token request ended without a result")},
	}
	c.pending = request
	go func() {
		defer cancel()
		// Waiters need a result even if the caller's token source, transport or
		// observer panics or ends the goroutine.
		defer func() {
			request.panicked = recover()
			c.finish(request)
		}()
		request.token, request.err = c.obtain(ctx)
	}()
}

// obtain fetches a token and reports the result to the observer.
func (c *tokenCache) obtain(ctx context.Context) (*cachedToken, error) {
	fetched, err := c.fetch(ctx)
	event := Event{Operation: OperationToken, Kind: EventTokenKept}
	if err != nil {
		if event.Lifetime = c.remaining(); event.Lifetime > 0 {
			c.observer.observe(ctx, event)
		}
		return nil, err
	}
	token := newCachedToken(fetched)
	event.Kind, event.Lifetime = EventToken, time.Until(token.expiry)
	c.observer.observe(ctx, event)
	if !suffices(token.scope, gen.ListContractActionsScopes()) {
		event.Kind = EventScopeMissing
		c.observer.observe(ctx, event)
	}
	return token, nil
}

// remaining returns the remaining lifetime of the current token.
func (c *tokenCache) remaining() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == nil {
		return 0
	}
	return time.Until(c.current.expiry)
}

func (c *tokenCache) finish(request *tokenRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if request.token != nil {
		lifetime := request.token.expiry.Sub(now)
		c.current, c.renewAt = request.token, now.Add(lifetime-min(time.Minute, lifetime/4))
	} else if c.current != nil {
		c.renewAt = now.Add(c.current.expiry.Sub(now) / 4) // not with every request
	}
	c.backoff.record(request.err, now)
	c.pending = nil
	close(request.done)
}

// unsubscribe removes a waiter. A request without waiters is cancelled, so that an
// abandoned client leaves nothing running. No other request starts before it has
// ended.
func (c *tokenCache) unsubscribe(request *tokenRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	request.waiters--
	if request.waiters == 0 && !request.early {
		request.abandoned = true
		request.cancel()
	}
}

// tokenBackoff delays requests that would be refused like the previous one, so
// that a thousand callers with the wrong secret do not send a thousand requests.
type tokenBackoff struct {
	policy  RetryPolicy
	refused int // in a row
	last    *TokenError
	end     time.Time
}

// record records the result of a request. A refusal is repeated to callers for a
// time that doubles with each refusal; a Retry-After that is too long to wait for,
// for its duration. Neither exceeds MaxDelay, since the cause may be fixed.
func (b *tokenBackoff) record(err error, now time.Time) {
	b.last = nil
	if err == nil {
		b.refused = 0
	}
	refused, ok := errors.AsType[*TokenError](err)
	if !ok || refused.StatusCode < http.StatusBadRequest {
		return
	}
	wait := refused.RetryAfter
	if transient, _ := isTransient(refused); transient && wait <= b.policy.MaxDelay {
		return
	} else if !transient {
		b.refused++
		wait = max(wait, b.policy.ceiling(b.refused))
	}
	b.last, b.end = refused, now.Add(min(wait, b.policy.MaxDelay))
}

// at returns the refusal that is still in effect.
func (b *tokenBackoff) at(now time.Time) error {
	if b.last == nil || !now.Before(b.end) {
		return nil
	}
	return b.last
}
