package wrapper

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/redact"
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
	policy   RetryPolicy // bounds the backoff

	mu      sync.Mutex
	current *cachedToken
	pending *tokenRequest // nil if there is none
	backoff tokenBackoff
	refused int // tokens that the service refused in a row
	escaped any // the value of a panic while no caller waited, for the next one
}

type cachedToken struct {
	secrets redact.Secrets
	header  []string // the value of Authorization
	expiry  time.Time
	scope   string // what was granted; empty if unknown

	// Guarded by the cache's mutex:
	renewAt time.Time // when to replace it in the background
	refused bool
}

func newCachedToken(token *oauth2.Token) *cachedToken {
	now, expiry := time.Now(), token.Expiry
	if expiry.IsZero() {
		expiry = now.Add(documentedLifetime)
	}
	given := redact.Of(token.AccessToken)
	reported, _ := token.Extra("scope").(string)
	scopes := strings.Fields(reported)
	for i := range scopes {
		scopes[i] = given.Withhold(scopes[i], ScopeRead, ScopeWrite, ScopeAccounts)
	}
	return &cachedToken{
		secrets: given, header: []string{"Bearer " + token.AccessToken}, scope: strings.Join(scopes, " "),
		expiry: expiry, renewAt: expiry.Add(-min(time.Minute, expiry.Sub(now)/4)),
	}
}

// tokenRequest is a fetch in progress, and what its observers do afterwards. The
// cache's mutex guards waiters and abandoned; the other results may be read once done
// is closed.
type tokenRequest struct {
	done      chan struct{}
	cancel    context.CancelFunc
	waiters   int
	abandoned bool // cancelled because the last waiter left

	token    *cachedToken
	err      error
	panicked any // the value of a panic of fetch or an observer
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
		case request.err == nil || !request.abandoned:
			return request.token, request.err
		}
		// It was cancelled before this caller joined it: start a new one.
	}
}

// tokenOrRequest returns the current token, or the request to wait for, or the
// reason why no request should be made.
func (c *tokenCache) tokenOrRequest(ctx context.Context) (*cachedToken, *tokenRequest, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if escaped := c.escaped; escaped != nil {
		c.escaped = nil
		panic(escaped)
	}
	now := time.Now()
	if c.current != nil && now.Before(c.current.expiry) {
		if c.pending == nil && !now.Before(c.current.renewAt) {
			c.begin(ctx)
		}
		return c.current, nil, nil
	}
	if c.pending == nil {
		if refused := c.backoff.last; refused != nil && now.Before(c.backoff.end) {
			return nil, nil, refused
		}
		c.begin(ctx)
	}
	c.pending.waiters++
	return nil, c.pending, nil
}

// isRefused reports whether err is the service's refusal of a token. The token is
// removed then, unless it was replaced.
func (c *tokenCache) isRefused(token *cachedToken, err error) bool {
	failed, ok := errors.AsType[*Error](err)
	if err != nil && (!ok || failed.StatusCode == 0) {
		return false // there was no response
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil || failed.StatusCode != http.StatusUnauthorized || failed.Code == CodeNoPermission {
		c.refused = 0
		return false
	}
	if !token.refused {
		token.refused = true
		c.refused++
	}
	if c.current == token {
		c.current = nil
	}
	return true
}

// acceptance returns an error once the service has refused six tokens in a row, two
// for each of three requests: no other request will succeed.
func (c *tokenCache) acceptance() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refused < 6 {
		return nil
	}
	return fmt.Errorf("%w: the service refused %d access tokens in a row; check that the credentials, or the token source, belong to this region", ErrUnauthorized, c.refused)
}

// begin starts a token request. The caller holds the mutex.
func (c *tokenCache) begin(ctx context.Context) {
	// With the values of the first caller's context, for tracing, but not its end.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	request := &tokenRequest{
		done: make(chan struct{}), cancel: cancel,
		err: &TokenError{cause: errors.New("the token request ended without a result")},
	}
	c.pending = request
	go func() {
		defer cancel()
		// Waiters need a result even if the caller's token source, transport or
		// observer panics or ends the goroutine.
		defer func() { c.release(request, recover()) }()
		c.obtain(ctx, request)
		c.report(ctx, request)
	}()
}

// obtain fetches a token and stores it.
func (c *tokenCache) obtain(ctx context.Context, request *tokenRequest) {
	defer func() { // also if fetch panics
		c.mu.Lock()
		defer c.mu.Unlock()
		now := time.Now()
		if request.err == nil {
			c.current = request.token
		} else if c.current != nil {
			request.token = c.current
			c.current.renewAt = now.Add(c.current.expiry.Sub(now) / 4) // not with every request
		}
		c.backoff.record(request.err, c.policy, now)
		c.pending = nil
	}()
	fetched, err := c.fetch(ctx)
	if request.err = err; err == nil {
		request.token = newCachedToken(fetched)
	}
}

// report reports the result of a request to the observer: a new token, or one that
// is kept because the request failed.
func (c *tokenCache) report(ctx context.Context, request *tokenRequest) {
	if request.token == nil {
		return
	}
	event := Event{Operation: OperationToken, Kind: EventToken, Lifetime: time.Until(request.token.expiry)}
	if request.err != nil {
		event.Kind = EventTokenKept
	}
	if request.err == nil || event.Lifetime > 0 {
		c.observer.observe(ctx, event)
	}
	if request.err == nil && !suffices(request.token.scope, gen.ListContractActionsScopes()) {
		event.Kind = EventScopeMissing
		c.observer.observe(ctx, event)
	}
}

// release passes the result, and the value of a panic, to the waiters.
func (c *tokenCache) release(request *tokenRequest, panicked any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if request.panicked = panicked; request.waiters == 0 && panicked != nil {
		c.escaped = panicked
	}
	close(request.done)
}

// unsubscribe removes a waiter. A request that the last waiter left is cancelled, so
// that an abandoned client leaves nothing running. No other request starts before it
// has ended.
func (c *tokenCache) unsubscribe(request *tokenRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if request.waiters--; request.waiters == 0 {
		request.abandoned = true
		request.cancel()
	}
}

// tokenBackoff delays requests that would be refused like the previous one, so
// that a thousand callers with the wrong secret do not send a thousand requests.
type tokenBackoff struct {
	refused int         // in a row
	last    *TokenError // nil: none is in effect
	end     time.Time   // of its effect
}

// record records the result of a request. A refusal is repeated to callers for a
// time that doubles with each refusal; a Retry-After that is too long to wait for,
// for its duration. Neither exceeds MaxDelay, since the cause may be fixed.
func (b *tokenBackoff) record(err error, policy RetryPolicy, now time.Time) {
	b.last = nil
	if err == nil {
		b.refused = 0
	}
	refused, ok := errors.AsType[*TokenError](err)
	if !ok || refused.StatusCode < http.StatusBadRequest {
		return
	}
	wait := refused.RetryAfter
	if !IsTransient(refused) {
		b.refused++
		wait = max(wait, policy.ceiling(b.refused))
	} else if wait <= policy.MaxDelay {
		return
	}
	b.last, b.end = refused, now.Add(min(wait, policy.MaxDelay))
}
