package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Bounds of the memory for recorded requests.
const (
	maxRecordedRequests = 10_000
	maxRecordedBytes    = 32 << 20
	maxRecordedText     = 8 << 10 // bytes of each text of a request
)

// Request is a request that the server has received, recorded in bounded memory:
// each text is cut after 8 KiB. It contains the credentials that the client
// sent, which are of no value outside of the sandbox.
type Request struct {
	Method   string
	Path     string      // decoded, without the query
	RawQuery string      // as received
	Header   http.Header // as received

	// Form is the body of a request to the token endpoint, of which at most 64 KiB
	// are recorded. It is nil for other requests and for bodies that are not forms.
	Form url.Values

	// Status is the status of the response. It is 0 if the request has not been
	// answered.
	Status int
}

// Requests returns the requests that the server has received, in the order of
// their arrival: the latest 10,000, or fewer if these take more than 32 MiB. A
// request of usual length takes about 2 KiB. The result is a copy that the caller
// may change.
func (s *Server) Requests() []Request {
	s.recorder.mutex.Lock()
	defer s.recorder.mutex.Unlock()
	requests := make([]Request, len(s.recorder.requests))
	for i, recorded := range s.recorder.requests {
		requests[i] = recorded.Request
		requests[i].Header = recorded.Header.Clone()
		requests[i].Form = url.Values(http.Header(recorded.Form).Clone())
	}
	return requests
}

type recorder struct {
	mutex    sync.Mutex
	count    int // of requests received
	size     int // of the requests below, in bytes
	requests []*recordedRequest
}

type recordedRequest struct {
	Request
	number int
	size   int
}

// record records a request. The form is that of a token request.
func (c *recorder) record(r *http.Request, form url.Values) *recordedRequest {
	recorded := &recordedRequest{Request: Request{
		Method:   cut(r.Method),
		Path:     cut(r.URL.Path),
		RawQuery: cut(r.URL.RawQuery),
		Header:   cutValues(r.Header),
		Form:     cutValues(form),
	}}
	recorded.size = sizeOf(recorded.Request)

	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.count++
	recorded.number = c.count
	c.size += recorded.size
	c.requests = append(c.requests, recorded)
	for len(c.requests) > maxRecordedRequests || c.size > maxRecordedBytes {
		c.size -= c.requests[0].size
		c.requests = slices.Delete(c.requests, 0, 1) // which clears the end, unlike slicing
	}
	return recorded
}

func (c *recorder) setStatus(recorded *recordedRequest, status int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	recorded.Status = status
}

// cut copies the beginning of a text. Without the copy, the record of a short
// path would keep the whole request line in memory.
func cut(text string) string {
	return strings.Clone(text[:min(len(text), maxRecordedText)])
}

func cutValues[M ~map[string][]string](values M) M {
	if values == nil {
		return nil
	}
	copied := make(M, len(values))
	for name, texts := range values {
		name = cut(name)
		for _, text := range texts {
			copied[name] = append(copied[name], cut(text))
		}
	}
	return copied
}

// sizeOf estimates the memory of a recorded request from above.
func sizeOf(r Request) int {
	// Of the request itself, of each name in a map, and of each text.
	const perRequest, perName, perText = 512, 128, 64
	size := perRequest + len(r.Method) + len(r.Path) + len(r.RawQuery)
	for _, values := range []map[string][]string{r.Header, r.Form} {
		for name, texts := range values {
			size += perName + len(name)
			for _, text := range texts {
				size += perText + len(text)
			}
		}
	}
	return size
}

func (r *recordedRequest) id() string { return fmt.Sprintf("sandbox-%06d", r.number) }

// statusWriter records the status of a response.
type statusWriter struct {
	http.ResponseWriter
	recorder *recorder
	recorded *recordedRequest
}

func (w *statusWriter) WriteHeader(status int) {
	w.recorder.setStatus(w.recorded, status)
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find the writer that can flush.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// readForm reads the form of a token request, and restores the body so that it
// can be read again.
func readForm(r *http.Request) url.Values {
	if r.Body == nil { // as in a request that no server has received
		r.Body = http.NoBody
	}
	beginning, _ := io.ReadAll(io.LimitReader(r.Body, maxFormSize))
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(beginning), r.Body), r.Body}

	if !isForm(r) {
		return nil
	}
	form, _ := url.ParseQuery(string(beginning)) // without the malformed parameters
	return form
}
