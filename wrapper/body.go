package wrapper

import (
	"bytes"
	"errors"
	"io"
	"math"
	"net/http"
	"sync"
)

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
