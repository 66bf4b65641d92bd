package wrapper

import (
	"bytes"
	"net/http"
	"net/url"
	"time"
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
