package wrapper

import (
	"net/http"
	"sync"
)

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
