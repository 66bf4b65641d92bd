package wrapper

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/talkdesk-express/contractactions/internal/redact"
	"golang.org/x/time/rate"
)

// handler sends a request to the API and returns the response if it is a
// success. A handler may change the request and pass it to the next handler.
type handler func(*apiRequest) (*apiResponse, error)

// newHandler returns the handlers that every request to the API goes through:
//
//	pages -> authenticate -> retry -> limit -> send
//
// A listing (list.go) or the generated client makes the requests. The order
// matters: authenticate is outside of retry, so that waiting for a token uses up
// no attempt; limit is inside of retry, so that every attempt counts.
func newHandler(s *settings, home origin, tokens *tokenCache) handler {
	next := sending(s, home)
	if s.limiter != nil {
		next = limiting(s.limiter, next)
	}
	next = retrying(s.retry, s.observer, next)
	return authenticating(tokens, next)
}

// apiRequest is a request on its way through the handlers.
type apiRequest struct {
	request   *http.Request
	once      bool // sending it twice could do harm
	operation string
	accountID string     // empty if unknown
	scopes    [][]string // the alternatives that the contract has for the operation
	started   time.Time
	attempts  int            // counted by sending
	token     *cachedToken   // set by authenticating
	sent      redact.Secrets // of every token that the request was sent with
}

// failed records in an Error how many attempts the request took, and how long.
func (r *apiRequest) failed(err error) error {
	if failed, ok := errors.AsType[*Error](err); ok {
		failed.Attempts, failed.Elapsed = r.attempts, time.Since(r.started)
	}
	return err
}

// apiResponse is a success (2xx) whose body was read completely. Any other
// response is an error.
type apiResponse struct {
	url    *url.URL // of the page, after redirects
	status int
	header http.Header
	body   []byte
	raw    []byte         // a copy of the body, if the listing keeps it
	buffer *bytes.Buffer  // contains the body of a success
	sent   redact.Secrets // of the tokens that the request was sent with
}

// authenticating adds a token to every request. On a 401 it obtains a new token
// and sends the request once more: tokens expire after ten minutes, and a 401 at
// any time means that a new one is needed (source: G). The exception is a 401
// whose code says that the caller has no permission (source: V).
func authenticating(tokens *tokenCache, next handler) handler {
	return func(r *apiRequest) (*apiResponse, error) {
		for again := false; ; again = true {
			token, err := tokens.get(r.request.Context())
			if err != nil {
				return nil, err
			}
			response, err := token.sendWith(r, next)
			if refused := tokens.isRefused(token, err); !refused || again || r.once {
				return response, err
			}
		}
	}
}

// sendWith sends the request with the token. It records in a 403 which scopes the
// request needs, and the token's if it can be the cause.
func (t *cachedToken) sendWith(r *apiRequest, next handler) (*apiResponse, error) {
	r.token, r.sent = t, append(slices.Clip(t.secrets), r.sent...)
	response, err := next(r)
	if refused, ok := errors.AsType[*Error](err); ok && refused.StatusCode == http.StatusForbidden {
		refused.needed = r.scopes
		if !suffices(t.scope, r.scopes) {
			refused.granted = t.scope
		}
	}
	return response, err
}

var errNoTurn = errors.New("its turn under the rate limit would come after the deadline")

// limiting makes every attempt wait for its turn.
func limiting(limiter *rate.Limiter, next handler) handler {
	return func(r *apiRequest) (*apiResponse, error) {
		ctx := r.request.Context()
		if err := limiter.Wait(ctx); err != nil {
			// The limiter's error for a turn after the deadline is not a
			// context's error; callers check for one.
			return nil, fmt.Errorf("not sent: %w: %w", errNoTurn, cmp.Or(context.Cause(ctx), context.DeadlineExceeded))
		}
		return next(r)
	}
}
