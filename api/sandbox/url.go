package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// WithURL sets the URL at which clients reach the server, for example
// https://sandbox.example.test, if it is behind a proxy that ends TLS or in a
// container. The links, the audience that the server expects in client assertions,
// and the fields URL and TokenURL begin with it. Without it, the server goes by
// each request: see [New].
//
// The URL may have a path, if the proxy removes it from requests. WithURL panics
// if [CheckURL] returns an error.
func WithURL(text string) Option {
	parsed, err := parseURL(text)
	if err != nil {
		panic(fmt.Sprintf("sandbox: WithURL(%q): %v", text, err))
	}
	return func(s *settings) { s.url = baseURL(strings.TrimRight(parsed.String(), "/")) }
}

// CheckURL returns an error if a URL is not one for [WithURL]: an absolute URL with
// http or https and a host, and without user information, a query and a fragment.
func CheckURL(text string) error {
	_, err := parseURL(text)
	return err
}

func parseURL(text string) (*url.URL, error) {
	parsed, err := url.Parse(text)
	if err != nil || !isHTTP(parsed.Scheme) || parsed.Hostname() == "" || !isPort(parsed.Port()) ||
		parsed.User != nil || strings.ContainsAny(text, "?#") {
		return nil, errors.New("use an absolute URL without user information, query and fragment, such as https://sandbox.example.test")
	}
	return parsed, nil
}

func isHTTP(scheme string) bool { return scheme == "http" || scheme == "https" }

// isPort accepts the empty text, which is the port of the scheme.
func isPort(text string) bool {
	port, err := strconv.ParseUint(cmp.Or(text, "80"), 10, 16)
	return err == nil && port > 0
}

// baseURL is where clients reach the server, without a slash at its end. It is
// empty if each request decides.
type baseURL string

// of returns the base URL for the client that sent the request.
func (u baseURL) of(r *http.Request) string {
	if u != "" {
		return string(u)
	}
	return RequestOrigin(r)
}

// RequestOrigin returns the scheme, host and port that a request was sent to, for
// example http://127.0.0.1:8080. Headers such as X-Forwarded-Host are ignored,
// because any client can send them.
func RequestOrigin(r *http.Request) string {
	scheme := r.URL.Scheme // of a target in absolute form, or that no http.Server has received
	switch {
	case isHTTP(scheme):
	case r.TLS != nil:
		scheme = "https"
	default:
		scheme = "http"
	}
	return scheme + "://" + cmp.Or(r.Host, r.URL.Host, localAddress(r))
}

// localAddress returns where a request arrived. HTTP/1.0 needs no Host header.
func localAddress(r *http.Request) string {
	if address, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok {
		return address.String()
	}
	return "localhost"
}
