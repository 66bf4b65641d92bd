package wrapper

import (
	"context"
	"errors"
	"log/slog"
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
	fetch fetchToken
	log   *slog.Logger

	mu       sync.Mutex
	current  *heldToken
	exchange *exchange // nil while none is under way
}

type heldToken struct {
	value           string
	renewAt, expiry time.Time
}

// exchange is one fetch that is under way. waiters and abandoned are guarded
// by the cache's mutex; what came of it may be read once done is closed.
type exchange struct {
	done      chan struct{}
	cancel    context.CancelFunc
	waiters   int
	early     bool // begun while a valid token was there: nobody needs to wait
	abandoned bool // told to end, since nobody waited any more

	token    *heldToken
	err      error
	panicked any // what the fetch panicked with, for those who wait to panic with
}

// get returns a valid token. It waits for an exchange only if there is none.
func (c *tokenCache) get(ctx context.Context) (string, error) {
	for {
		held, joined := c.heldOrExchange(ctx)
		if held != nil {
			return held.value, nil
		}
		select {
		case <-ctx.Done():
			c.leave(joined)
			return "", &TokenError{cause: context.Cause(ctx)}
		case <-joined.done:
		}
		switch {
		case joined.panicked != nil:
			panic(joined.panicked)
		case joined.err == nil:
			return joined.token.value, nil
		case !joined.abandoned:
			return "", joined.err
		}
		// It ended because others had left before we came: again.
	}
}

// heldOrExchange returns the token, or else the exchange to wait for.
func (c *tokenCache) heldOrExchange(ctx context.Context) (*heldToken, *exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if held := c.current; held != nil && now.Before(held.expiry) {
		if c.exchange == nil && !now.Before(held.renewAt) {
			c.begin(ctx, true)
		}
		return held, nil
	}
	if c.exchange == nil {
		c.begin(ctx, false)
	}
	c.exchange.waiters++
	return nil, c.exchange
}

// drop forgets the token that the service refused, unless it has been
// replaced since.
func (c *tokenCache) drop(refused string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && c.current.value == refused {
		c.current = nil
	}
}

// begin starts an exchange. The caller holds the mutex.
func (c *tokenCache) begin(ctx context.Context, early bool) {
	// Tracing values of the first caller's context are welcome, its end is not.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	started := &exchange{done: make(chan struct{}), cancel: cancel, early: early}
	c.exchange = started
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

func (c *tokenCache) finish(ctx context.Context, ended *exchange, token *oauth2.Token, err error) {
	now := time.Now()
	if err != nil {
		ended.err = err
		if left := c.keep(now); left > 0 {
			logTokenKept(ctx, c.log, left)
		}
	} else {
		lifetime := documentedLifetime
		if !token.Expiry.IsZero() {
			lifetime = token.Expiry.Sub(now)
		}
		ended.token = &heldToken{
			value:   token.AccessToken,
			renewAt: now.Add(lifetime - min(time.Minute, lifetime/4)),
			expiry:  now.Add(lifetime),
		}
		logToken(ctx, c.log, lifetime)
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	if ended.token != nil {
		c.current = ended.token
	}
	c.exchange = nil
	close(ended.done)
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
	c.current.renewAt = now.Add(left / 4)
	return left
}

// leave is for a caller that no longer waits. An exchange that nobody waits
// for any more is told to end, so that an abandoned client leaves nothing
// behind. Until it has, nobody begins another.
func (c *tokenCache) leave(left *exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	left.waiters--
	if left.waiters == 0 && !left.early {
		left.abandoned = true
		left.cancel()
	}
}
