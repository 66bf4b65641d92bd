package transport

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// NewResponse returns the response with these parts to a request.
func NewResponse(request *http.Request, status int, header http.Header, body []byte) *http.Response {
	return &http.Response{
		Status:        StatusLine(status),
		StatusCode:    status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       request,
	}
}

// StatusLine returns a status and its name, if it has one; of 0, an empty text.
func StatusLine(status int) string {
	if status == 0 {
		return ""
	}
	return strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
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
