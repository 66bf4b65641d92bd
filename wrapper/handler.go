package wrapper

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/time/rate"
)

// The client is a chain of handlers, one concern each, one file each:
//
//	pages -> authenticate -> retry -> limit -> send
//
// Each takes a call, may change it, and hands it to the next.
type handler func(*apiRequest) (*apiResponse, error)

// apiRequest is one request on its way down the chain.
type apiRequest struct {
	request   *http.Request
	operation string
	accountID string // empty if unknown
	started   time.Time
	attempts  int          // counted by send
	token     *cachedToken // set by authenticate
	sent      traces       // of all tokens that were
}

func newAPIRequest(request *http.Request, operation, accountID string) *apiRequest {
	return &apiRequest{request: request, operation: operation, accountID: accountID, started: time.Now()}
}

func (c *apiRequest) elapsed() time.Duration { return time.Since(c.started) }

// apiResponse is a success (2xx) whose body has arrived whole. Everything else
// comes back up the chain as an error.
type apiResponse struct {
	url    *url.URL // of the page: where redirects have led
	status int
	header http.Header
	body   []byte
	buffer *bytes.Buffer // holds the body of a success
	sent   traces        // of the tokens that the call was authenticated with
}

// repeatable reports whether sending the request twice does no harm.
func (c *apiRequest) repeatable() bool {
	return c.request.Method == http.MethodGet || c.request.Method == http.MethodHead
}

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
