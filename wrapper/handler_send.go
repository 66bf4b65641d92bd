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

const (
	// maxErrorBody limits the body of a response that is not a success.
	maxErrorBody = 1 << 20
	// maxDecoded limits the body of an error and of the token endpoint's responses where
	// it is decoded: the result can take forty times its size.
	maxDecoded = 64 << 10
)

// sending is the last handler: it makes one attempt and reads the complete
// response, so that an incomplete body counts as a failed attempt.
func sending(s *settings, home origin) handler {
	client := *s.httpClient
	client.Transport = readableRedirects{s.transport}
	client.CheckRedirect = home.redirects(s.httpClient.CheckRedirect)
	return func(r *apiRequest) (*apiResponse, error) {
		r.attempts++
		started := time.Now()
		response, err := attempt(r, &client, s, home)
		if s.observer.log != nil || s.observer.hook != nil {
			event := r.event(EventRequest, response, err)
			event.Duration = time.Since(started)
			s.observer.observe(r.request.Context(), event)
		}
		return response, err
	}
}

func attempt(r *apiRequest, client *http.Client, s *settings, home origin) (*apiResponse, error) {
	if err := home.checkOrigin(r.request.URL); err != nil {
		return nil, err
	}
	ctx, cancel := s.attemptContext(r.request.Context())
	defer cancel()
	// A copy: some transports change the request.
	request, target := r.request.WithContext(ctx), *r.request.URL
	request.URL, request.Header = &target, maps.Clone(s.header)
	maps.Copy(request.Header, r.request.Header)
	request.Header["Authorization"] = r.token.header
	received, err := client.Do(request)
	if err != nil {
		return nil, sendError(ctx, err, received, r, s.retry.AttemptTimeout)
	}
	defer received.Body.Close()
	response := &apiResponse{url: request.URL, status: received.StatusCode, header: received.Header, sent: r.sent}
	if received.Request != nil {
		response.url = received.Request.URL
	}
	if received.StatusCode < 200 || received.StatusCode > 299 {
		// The status matters more than an incomplete body.
		response.body, _ = io.ReadAll(io.LimitReader(received.Body, maxErrorBody))
		return nil, statusError(response)
	}
	response.buffer = buffers.Get().(*bytes.Buffer)
	err = readBody(response.buffer, received, s.maxBody)
	response.body = response.buffer.Bytes()
	if errors.Is(err, errTooLarge) {
		return nil, responseError(response, fmt.Sprintf("the body is larger than the %d bytes that are allowed", s.maxBody), err)
	}
	if err == nil && isCutShort(received, response.body) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		failed := responseError(response, "the body is incomplete", err)
		failed.interrupted = true
		return nil, failed
	}
	return response, nil
}

// attemptContext limits an attempt. Its end closes the connections that nobody
// uses if the time ran out: whatever has silenced one may have silenced all, and
// the repetition would take the next of them.
func (s *settings) attemptContext(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, s.retry.AttemptTimeout)
	return ctx, func() {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			s.httpClient.CloseIdleConnections()
		}
		cancel()
	}
}

// isCutShort reports whether the body is the beginning of a JSON document, where
// only the end of the connection marks its end: net/http takes an incomplete body
// for a complete one then.
func isCutShort(response *http.Response, body []byte) bool {
	if !response.Close || response.ContentLength >= 0 || len(response.TransferEncoding) > 0 || response.Uncompressed {
		return false
	}
	err := json.NewDecoder(bytes.NewReader(body)).Decode(new(json.RawMessage))
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// sendError returns the error for a request without a response, or for a redirect
// that was not followed: then http.Client returns a response and an error.
func sendError(attempt context.Context, err error, received *http.Response, r *apiRequest, timeout time.Duration) error {
	if _, isLink := errors.AsType[*LinkError](err); isLink {
		return withholdError(r.sent, err)
	}
	// The outer error only adds the method and the URL.
	if outer, ok := err.(*url.Error); ok {
		err = outer.Err
	}
	if received != nil {
		return responseError(&apiResponse{status: received.StatusCode, header: received.Header, sent: r.sent}, "the redirect was not followed", err)
	}
	problem := "no response from " + r.request.URL.Host
	if attempt.Err() != nil && r.request.Context().Err() == nil {
		problem += fmt.Sprintf(" within %v", timeout)
	}
	return &Error{problem: problem, cause: withholdError(r.sent, err)}
}

// buffers are reused once the body in them is decoded.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const (
	// maxAnnounced limits the memory that is allocated for a body before it
	// arrives: Content-Length can be wrong.
	maxAnnounced = 512 << 10
	// maxKept is the size of the largest buffer that is reused.
	maxKept = 1 << 20
)

// errTooLarge is the cause of the error for a body over its limit.
var errTooLarge = errors.New("body too large")

// readBody reads a body into an empty buffer, up to the limit.
func readBody(buffer *bytes.Buffer, response *http.Response, limit int64) error {
	limit = min(limit, math.MaxInt64-1)
	if length := min(response.ContentLength, limit, maxAnnounced); length > 0 {
		buffer.Grow(int(length) + bytes.MinRead) // ReadFrom needs room to find the end
	}
	_, err := buffer.ReadFrom(io.LimitReader(response.Body, limit+1))
	if int64(buffer.Len()) > limit {
		buffer.Truncate(int(limit))
		return errTooLarge
	}
	return err
}

// release allows the body's buffer to be reused; the body is invalid after it.
// Without release, the garbage collector frees the buffer.
func (r *apiResponse) release() {
	if r.buffer != nil && r.buffer.Cap() <= maxKept {
		r.buffer.Reset()
		buffers.Put(r.buffer)
	}
	r.buffer, r.body = nil, nil
}

// sharedTransport is the transport of all clients that were given no http.Client,
// so that a program that creates many clients does not collect idle connections.
var sharedTransport = sync.OnceValue(newTransport)

// newTransport returns http.DefaultTransport with changes for requests to one host.
// RetryPolicy.AttemptTimeout limits what has no timeout there.
func newTransport() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport // the program has replaced it
	}
	transport := standard.Clone()
	// By default only two connections to a host are kept, and a program with more
	// concurrent requests dials again and again.
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 1024
	// A page arrives in a few reads.
	transport.ReadBufferSize = 16 << 10
	// Go allows 10 MiB, whose fields would need several times as much memory.
	transport.MaxResponseHeaderBytes = 256 << 10
	// In HTTP/2, all requests share one connection. If it goes silent, a ping that is
	// not answered ends it; the repetition of each request makes a new one.
	if transport.HTTP2 == nil {
		transport.HTTP2 = &http.HTTP2Config{SendPingTimeout: 5 * time.Second, PingTimeout: 5 * time.Second}
	}
	return transport
}
