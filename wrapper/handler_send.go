package wrapper

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Longest body that is kept of an answer that is not a success, and longest
// that a token answer may have.
const maxErrorBody = 1 << 20

// send is the end of the chain: it makes one attempt and reads the whole
// answer, so that a body cut short counts as a failed attempt.
func send(client *http.Client, home origin, timeout time.Duration, maxBody int64, observer observer) handler {
	pinned := *client
	pinned.Transport = readableRedirects{client.Transport}
	pinned.CheckRedirect = home.redirects(client.CheckRedirect)

	attempt := func(c *apiRequest) (*apiResponse, error) {
		if err := home.checkOrigin(c.request.URL); err != nil {
			return nil, err
		}
		ctx, cancel := context.WithTimeout(c.request.Context(), timeout)
		defer cancel()
		// Transports have been seen to change what they are given.
		request, target := c.request.WithContext(ctx), *c.request.URL
		request.URL, request.Header = &target, make(http.Header, len(c.request.Header)+1)
		maps.Copy(request.Header, c.request.Header)
		request.Header["Authorization"] = c.token.header
		response, err := pinned.Do(request)
		if err != nil {
			return nil, sendError(ctx, err, response, c, timeout)
		}
		defer response.Body.Close()
		result := &apiResponse{url: request.URL, status: response.StatusCode, header: response.Header, sent: c.sent}
		if response.Request != nil {
			result.url = response.Request.URL
		}
		if response.StatusCode < 200 || response.StatusCode > 299 {
			// Whatever can be read of it: the status is known already.
			result.body, _ = io.ReadAll(io.LimitReader(response.Body, maxErrorBody))
			return nil, refusal(result)
		}
		result.buffer = buffers.Get().(*bytes.Buffer)
		err = readBody(result.buffer, response, maxBody)
		result.body = result.buffer.Bytes()
		if errors.Is(err, errTooLarge) {
			return nil, unusable(result, fmt.Sprintf("the body is larger than the %d bytes that are allowed", maxBody), err)
		}
		if err == nil && endsWithConnection(response) && isCutShort(result.body) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			failure := unusable(result, "the body broke off", err)
			failure.interrupted = true
			return nil, failure
		}
		return result, nil
	}

	return func(c *apiRequest) (*apiResponse, error) {
		c.attempts++
		started := time.Now()
		result, err := attempt(c)
		observer.observe(c.request.Context(), EventRequest, func() Event {
			event := c.event(result, err)
			event.Duration = time.Since(started)
			return event
		})
		return result, err
	}
}

// endsWithConnection reports whether nothing but the end of the connection says
// where the body ends, so that net/http takes whatever came for all of it.
func endsWithConnection(response *http.Response) bool {
	return response.Close && response.ContentLength < 0 && len(response.TransferEncoding) == 0 && !response.Uncompressed
}

// isCutShort reports whether the body is the beginning of some JSON.
func isCutShort(body []byte) bool {
	err := json.NewDecoder(bytes.NewReader(body)).Decode(new(json.RawMessage))
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// sendError is the error for a request that brought no answer, or a redirect
// that was not followed: then there is a response beside the error.
func sendError(attempt context.Context, err error, response *http.Response, c *apiRequest, timeout time.Duration) error {
	var link *LinkError
	if errors.As(err, &link) {
		return &LinkError{Link: c.sent.withhold(link.Link), Reason: link.Reason}
	}
	// The outer error only repeats the method and the URL.
	if outer, ok := err.(*url.Error); ok {
		err = outer.Err
	}
	cause := c.sent.withholdError(err)
	if response != nil {
		result := &apiResponse{status: response.StatusCode, header: response.Header, sent: c.sent}
		return unusable(result, "the redirect was not followed", cause)
	}
	problem := "no answer from " + c.request.URL.Host
	if attempt.Err() != nil && c.request.Context().Err() == nil {
		problem += fmt.Sprintf(" within %v", timeout)
	}
	return unanswered(problem, cause)
}

// buffers are those of bodies that have been decoded, for the next ones.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const (
	// Most room that is made for a body before any of it has come: the length
	// that a server announces need not be true.
	maxAnnounced = 512 << 10
	// Largest buffer that is kept for later.
	maxKept = 1 << 20
)

// errTooLarge is the cause of the error about a body over its limit.
var errTooLarge = errors.New("body too large")

// readBody reads a body into an empty buffer. It stops at the limit.
func readBody(buffer *bytes.Buffer, response *http.Response, limit int64) error {
	limit = min(limit, math.MaxInt64-1)
	if length := min(response.ContentLength, limit, maxAnnounced); length > 0 {
		buffer.Grow(int(length) + bytes.MinRead) // what is left over tells ReadFrom that it has all
	}
	_, err := buffer.ReadFrom(io.LimitReader(response.Body, limit+1))
	if int64(buffer.Len()) > limit {
		buffer.Truncate(int(limit))
		return errTooLarge
	}
	return err
}

// release lets the body's buffer be used again, and the body no more. Without
// it, nothing but the buffer is lost.
func (a *apiResponse) release() {
	if a.buffer != nil && a.buffer.Cap() <= maxKept {
		a.buffer.Reset()
		buffers.Put(a.buffer)
	}
	a.buffer, a.body = nil, nil
}

// sharedTransport is what clients send through that are given no http.Client:
// one for all of them, so that a program that makes many clients does not
// collect idle connections.
var sharedTransport = sync.OnceValue(newTransport)

// newTransport is http.DefaultTransport, which brings HTTP/2, compression,
// proxies and timeouts for dialling and TLS, but for the two things that slow
// a client of one host down. RetryPolicy.AttemptTimeout bounds the rest.
func newTransport() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport // the program has put one of its own there
	}
	transport := standard.Clone()
	// As many connections as have been in use at a time stay open, be they for
	// one host. By default two do, and all others are dialled again and again.
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 1024
	// A page arrives in a few reads.
	transport.ReadBufferSize = 16 << 10
	return transport
}
