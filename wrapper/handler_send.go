package wrapper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/talkdesk-express/contractactions/internal/transport"
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
	client.Transport = s.transport
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
	response.buffer = transport.Buffer()
	err = transport.ReadBody(response.buffer, received, s.maxBody)
	response.body = response.buffer.Bytes()
	if errors.Is(err, transport.ErrTooLarge) {
		return nil, responseError(response, fmt.Sprintf("the body is larger than the %d bytes that are allowed", s.maxBody), err)
	}
	if err == nil && transport.IsCutShort(received, response.body) {
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
