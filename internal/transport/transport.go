// Package transport has what net/http and net/url leave to their callers: a transport
// for many requests to one host, bodies of a limited size, URLs that servers accept,
// redirects to what is not a URL, and Retry-After.
package transport

import (
	"net/http"
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
