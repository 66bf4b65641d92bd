// Package transport has what net/http leaves to its callers: a transport for many
// requests to one host, bodies of a limited size, and Retry-After.
package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Shared returns the transport of all clients that were given no http.Client, so
// that a program that creates many clients does not collect idle connections.
var Shared = sync.OnceValue(New)

// New returns http.DefaultTransport with changes for requests to one host.
// The client limits each attempt, so no timeout is needed here.
func New() http.RoundTripper {
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

// maxAnnounced limits the memory that is allocated for a body before it
// arrives: Content-Length can be wrong.
const maxAnnounced = 512 << 10

// ErrTooLarge is the cause of the error for a body over its limit.
var ErrTooLarge = errors.New("body too large")

// ReadBody reads a body into an empty buffer, up to the limit.
func ReadBody(buffer *bytes.Buffer, response *http.Response, limit int64) error {
	limit = min(limit, math.MaxInt64-1)
	if length := min(response.ContentLength, limit, maxAnnounced); length > 0 {
		buffer.Grow(int(length) + bytes.MinRead) // ReadFrom needs room to find the end
	}
	_, err := buffer.ReadFrom(io.LimitReader(response.Body, limit+1))
	if int64(buffer.Len()) > limit {
		buffer.Truncate(int(limit))
		return ErrTooLarge
	}
	return err
}

// IsCutShort reports whether the body is the beginning of a JSON document, where
// only the end of the connection marks its end: net/http takes an incomplete body
// for a complete one then.
func IsCutShort(response *http.Response, body []byte) bool {
	if !response.Close || response.ContentLength >= 0 || len(response.TransferEncoding) > 0 || response.Uncompressed {
		return false
	}
	err := json.NewDecoder(bytes.NewReader(body)).Decode(new(json.RawMessage))
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// RetryAfter parses a Retry-After header (RFC 9110, section 10.2.3): seconds, or
// a date, which is relative to the server's Date if there is one. It returns 0 if
// there is no valid value.
func RetryAfter(header http.Header, now time.Time) time.Duration {
	const longest time.Duration = math.MaxInt64
	value := strings.TrimSpace(header.Get("Retry-After"))
	seconds, err := strconv.ParseUint(value, 10, 64)
	switch {
	case seconds > uint64(longest/time.Second): // ParseUint returns the maximum for larger numbers
		return longest
	case err == nil:
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if sent, err := http.ParseTime(header.Get("Date")); err == nil {
		now = sent
	}
	return max(0, date.Sub(now))
}
