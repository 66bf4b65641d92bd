package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// redacted stands where a credential was.
const redacted = "[redacted]"

// maxRecordedRequests bounds the memory of a server that runs for long.
const maxRecordedRequests = 10_000

// Request is one request that the server received. It contains no credential.
type Request struct {
	Method   string
	Path     string // decoded, without the query
	RawQuery string // as received, except for credentials

	// Header is what was received. Of an Authorization header only the scheme
	// is kept, as in "Bearer [redacted]".
	Header http.Header

	// Form is the body of a request to the token endpoint, nil for all other
	// requests and for bodies that are no form. The values of client_secret and
	// client_assertion are "[redacted]".
	Form url.Values

	// Status is what was answered; 0 if nothing was, or not yet.
	Status int
}

// Requests returns everything that the server has received so far, in the
// order of arrival; of a very long history, the latest 10000 requests. The
// result is the caller's own.
func (s *Server) Requests() []Request {
	s.recorder.mutex.Lock()
	defer s.recorder.mutex.Unlock()
	requests := make([]Request, len(s.recorder.requests))
	for i, recorded := range s.recorder.requests {
		requests[i] = *recorded
		requests[i].Header = recorded.Header.Clone()
		requests[i].Form = cloneValues(recorded.Form)
	}
	return requests
}

type recorder struct {
	mutex    sync.Mutex
	count    int
	requests []*Request
}

// received is a request that is being answered.
type received struct {
	recorder *recorder
	recorded *Request
	number   int
	request  *http.Request // to be answered in place of the original
}

// receive records a request.
func (c *recorder) receive(r *http.Request) *received {
	recorded := &Request{
		Method:   r.Method,
		Path:     r.URL.Path,
		RawQuery: redactQuery(r.URL.RawQuery),
		Header:   redactHeader(r.Header),
	}
	request := r.WithContext(r.Context())
	if r.URL.Path == TokenPath {
		recorded.Form, request.Body = readForm(r)
	}

	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.count++
	c.requests = append(c.requests, recorded)
	if len(c.requests) > maxRecordedRequests {
		c.requests = c.requests[1:]
	}
	return &received{recorder: c, recorded: recorded, number: c.count, request: request}
}

func (r *received) id() string { return fmt.Sprintf("sandbox-%06d", r.number) }

// watch returns a ResponseWriter that records the status.
func (r *received) watch(w http.ResponseWriter) http.ResponseWriter {
	return &watchedWriter{ResponseWriter: w, received: r}
}

type watchedWriter struct {
	http.ResponseWriter
	received *received
}

func (w *watchedWriter) WriteHeader(status int) {
	w.received.recorder.mutex.Lock()
	w.received.recorded.Status = status
	w.received.recorder.mutex.Unlock()
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find the writer that can flush.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// readForm reads a form for the record and returns a body from which it can be
// read again.
func readForm(r *http.Request) (url.Values, io.ReadCloser) {
	if r.Body == nil { // as in a request that did not come from a connection
		return nil, http.NoBody
	}
	beginning, _ := io.ReadAll(io.LimitReader(r.Body, maxFormSize))
	body := struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(beginning), r.Body), r.Body}

	if !isForm(r) {
		return nil, body
	}
	// Of a form that is partly malformed, the rest is still worth recording.
	form, _ := url.ParseQuery(string(beginning))
	redactValues(form)
	return form, body
}

func isForm(r *http.Request) bool {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && mediaType == "application/x-www-form-urlencoded"
}

// isCredential tells which parameters must not be recorded, wherever a client
// may have put them by mistake.
func isCredential(parameter string) bool {
	switch strings.ToLower(parameter) {
	case "client_secret", "client_assertion", "access_token", "refresh_token", "password":
		return true
	}
	return false
}

func redactValues(values url.Values) {
	for name := range values {
		if isCredential(name) {
			values[name] = []string{redacted}
		}
	}
}

// redactQuery leaves everything but credentials as it was received.
func redactQuery(query string) string {
	parameters := strings.Split(query, "&")
	for i, parameter := range parameters {
		escaped, _, _ := strings.Cut(parameter, "=")
		name, err := url.QueryUnescape(escaped)
		if err != nil || isCredential(name) {
			parameters[i] = escaped + "=" + redacted
		}
	}
	return strings.Join(parameters, "&")
}

func redactHeader(header http.Header) http.Header {
	safe := header.Clone()
	for _, name := range []string{"Authorization", "Proxy-Authorization", "Cookie"} {
		for i, value := range safe[name] {
			safe[name][i] = redactAuthorization(value)
		}
	}
	return safe
}

// redactAuthorization keeps the scheme, if it is one: where the scheme is
// missing, the first word is the credential.
func redactAuthorization(value string) string {
	scheme, _, _ := strings.Cut(value, " ")
	if strings.EqualFold(scheme, "Basic") || strings.EqualFold(scheme, "Bearer") {
		return scheme + " " + redacted
	}
	return redacted
}

func cloneValues(values url.Values) url.Values {
	return url.Values(http.Header(values).Clone())
}
