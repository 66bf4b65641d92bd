package wrapper

import (
	"context"
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

// exchange is one fetch that is under way. Its fields other than done are
// guarded by the cache's mutex; token and err may be read once done is closed.
type exchange struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiters int
	early   bool // begun while a valid token was there: nobody needs to wait
	token   *heldToken
	err     error
}

// get returns a valid token. It waits for an exchange only if there is none.
func (c *tokenCache) get(ctx context.Context) (string, error) {
	c.mu.Lock()
	now := time.Now()
	if held := c.current; held != nil && now.Before(held.expiry) {
		if c.exchange == nil && !now.Before(held.renewAt) {
			c.begin(ctx, true)
		}
		c.mu.Unlock()
		return held.value, nil
	}
	if c.exchange == nil {
		c.begin(ctx, false)
	}
	joined := c.exchange
	joined.waiters++
	c.mu.Unlock()

	select {
	case <-joined.done:
		if joined.err != nil {
			return "", joined.err
		}
		return joined.token.value, nil
	case <-ctx.Done():
		c.leave(joined)
		return "", &TokenError{cause: context.Cause(ctx)}
	}
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
		token, err := c.fetch(ctx)
		c.finish(ctx, started, token, err)
	}()
}

func (c *tokenCache) finish(ctx context.Context, ended *exchange, token *oauth2.Token, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(ended.done)
	if c.exchange == ended {
		c.exchange = nil
	}
	now := time.Now()
	if err != nil {
		ended.err = err
		if held := c.current; held != nil && now.Before(held.expiry) {
			// Try again, but not on every call.
			held.renewAt = now.Add(held.expiry.Sub(now) / 4)
			logTokenKept(ctx, c.log, held.expiry.Sub(now))
		}
		return
	}
	lifetime := documentedLifetime
	if !token.Expiry.IsZero() {
		lifetime = token.Expiry.Sub(now)
	}
	ended.token = &heldToken{
		value:   token.AccessToken,
		renewAt: now.Add(lifetime - min(time.Minute, lifetime/4)),
		expiry:  now.Add(lifetime),
	}
	c.current = ended.token
	logToken(ctx, c.log, lifetime)
}

// leave is for a caller that no longer waits. An exchange that nobody waits
// for any more is ended, so that an abandoned client leaves nothing behind.
func (c *tokenCache) leave(left *exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	left.waiters--
	if left.waiters > 0 || left.early {
		return
	}
	left.cancel()
	if c.exchange == left {
		c.exchange = nil
	}
}
