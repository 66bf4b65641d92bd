package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// Fault changes the response to one request. Its fields can be combined. The zero
// value changes nothing, which lets a request succeed between two faults.
type Fault struct {
	// Status replaces the status of the response, and Body its body. The request
	// is not processed: a token request issues no token, for example. Zero means
	// that the request is processed as usual.
	Status int

	// Header is added to the response and replaces headers of the same name. A nil
	// value removes the header. Content-Length cannot be changed: it is always the
	// length of the body.
	Header http.Header

	// Body replaces the body if it is not empty or Status is not zero. Unless
	// Header sets the Content-Type, it is detected from the body.
	Body string

	// Delay is how long to wait before the request is processed. The wait ends
	// early when the context of the request does.
	Delay time.Duration

	// Drop closes the connection without a response. The request is not processed.
	// Note that Go's http.Transport repeats a GET when this happens on a
	// connection that it has used before. Called without an http.Server,
	// ServeHTTP panics with [http.ErrAbortHandler].
	Drop bool

	// CutAfter, if positive, closes the connection after this number of bytes of
	// the body, although Content-Length announces all of it. It has no effect on a
	// body that is not longer. Called without an http.Server, ServeHTTP panics
	// with [http.ErrAbortHandler].
	CutAfter int

	// Rewrite, if not nil, changes the body of the regular response. The result is
	// not validated against the contract. Rewrite has no effect if Status is not
	// zero or Body is not empty.
	Rewrite func(body []byte) []byte
}

// Fail queues faults for requests for contract actions. Each request takes the
// next fault, in the order of arrival. Requests with a method that is not allowed
// take none.
func (s *Server) Fail(faults ...Fault) { s.actionFaults.enqueue(faults) }

// FailToken queues faults for token requests, as [Server.Fail] does for requests
// for contract actions.
func (s *Server) FailToken(faults ...Fault) { s.tokenFaults.enqueue(faults) }

// ActionRequests returns the number of requests for contract actions so far,
// including failed ones. Requests with a method that is not allowed do not count.
func (s *Server) ActionRequests() int { return s.actionFaults.count() }

// TokenRequests returns the number of token requests so far, including failed
// ones. Requests with a method that is not allowed do not count.
func (s *Server) TokenRequests() int { return s.tokenFaults.count() }

// StatusFault returns a fault with a status, and with the headers and the body that
// usually come with it: an error body with a documented code for 400, 401, 403, 404,
// 429 and 500, HTML for 502, text for 503, and no body for any other status. 429 and
// 503 have a Retry-After of one second.
func StatusFault(status int) Fault {
	fault := Fault{Status: status, Header: make(http.Header)}
	switch status {
	case http.StatusBadRequest:
		fault.Body = invalidParameters().json()
	case http.StatusUnauthorized:
		fault.Header.Set("WWW-Authenticate", bearerChallenge+`, error="invalid_token"`)
		fault.Body = invalidToken("The access token is refused.").json()
	case http.StatusForbidden:
		fault.Body = missingScope("").json()
	case http.StatusNotFound:
		fault.Body = notFound("").json()
	case http.StatusTooManyRequests:
		fault.Header.Set("Retry-After", "1")
		fault.Body = newAPIError(status, codeRateLimited, "The rate limit is exceeded.", "").json()
	case http.StatusInternalServerError:
		fault.Body = newAPIError(status, codeUpstreamError, "The service behind the gateway failed.", "").json()
	case http.StatusBadGateway:
		fault.Body = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
	case http.StatusServiceUnavailable:
		fault.Header.Set("Retry-After", "1")
		fault.Body = "Service Unavailable\n"
	}
	return fault
}

// faultInjector counts the requests to an endpoint and applies the queued faults.
type faultInjector struct {
	next    http.Handler
	latency time.Duration
	random  *failures // if no fault is queued; nil for none

	mutex    sync.Mutex
	faults   []Fault
	requests int
}

func (i *faultInjector) enqueue(faults []Fault) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	for _, fault := range faults {
		fault.Header = fault.Header.Clone()
		i.faults = append(i.faults, fault)
	}
}

func (i *faultInjector) count() int {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	return i.requests
}

// take counts a request and returns its fault, which can be the zero value.
func (i *faultInjector) take() Fault {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.requests++
	if len(i.faults) == 0 {
		return i.random.next()
	}
	fault := i.faults[0]
	i.faults = i.faults[1:]
	return fault
}

func (i *faultInjector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fault := i.take()
	wait(r.Context(), i.latency)
	fault.respond(w, r, i.next)
}

// respond sends the response that the fault asks for.
func (f Fault) respond(w http.ResponseWriter, r *http.Request, next http.Handler) {
	wait(r.Context(), f.Delay)
	if f.Drop {
		panic(http.ErrAbortHandler)
	}
	response := f.apply(next, r)
	if f.CutAfter > 0 && f.CutAfter < response.body.Len() {
		response.abortAfter(w, f.CutAfter)
	}
	response.send(w)
}

func wait(ctx context.Context, delay time.Duration) {
	if delay <= 0 {
		return
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// apply returns the response that the fault asks for. It calls the handler only if
// the regular response is needed.
func (f Fault) apply(next http.Handler, r *http.Request) *bufferedResponse {
	var response *bufferedResponse
	if f.Status != 0 {
		response = newBufferedResponse(f.Status)
	} else {
		response = responseOf(next, r)
	}
	switch {
	case f.Body != "":
		response.header.Set("Content-Type", contentTypeOf([]byte(f.Body)))
		response.replaceBody([]byte(f.Body))
	case f.Status == 0 && f.Rewrite != nil:
		response.replaceBody(f.Rewrite(bytes.Clone(response.body.Bytes())))
	}
	for name, values := range f.Header {
		response.header[http.CanonicalHeaderKey(name)] = values
	}
	return response
}

// contentTypeOf detects JSON, which http.DetectContentType does not.
func contentTypeOf(body []byte) string {
	if json.Valid(body) {
		return "application/json"
	}
	return http.DetectContentType(body)
}

// abortAfter sends the beginning of the response and closes the connection.
func (b *bufferedResponse) abortAfter(w http.ResponseWriter, length int) {
	b.sendHead(w)
	_, _ = w.Write(b.body.Bytes()[:length])
	// The server would discard its buffer together with the connection.
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}
