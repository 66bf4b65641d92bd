package wrapper

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// LinkError reports a next link or a redirect that was refused. Nothing was
// sent to it.
type LinkError struct {
	// Link is where it led, without user information.
	Link string
	// Reason says why it was refused.
	Reason string
}

// Error describes the link and the reason.
func (e *LinkError) Error() string {
	return fmt.Sprintf("refused to follow the link %.300q: %s", e.Link, e.Reason)
}

// origin is the scheme, host and port that a credential belongs to
// (RFC 6454). Credentials are sent nowhere else.
type origin struct{ scheme, host, port string }

func originOf(u *url.URL) origin {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	return origin{scheme: scheme, host: strings.ToLower(u.Hostname()), port: port}
}

// checkOrigin returns a LinkError unless u lies within the origin.
func (o origin) checkOrigin(u *url.URL) error {
	switch {
	case u.Opaque == "" && u.Host != "" && u.User != nil:
		return &LinkError{Link: withoutUser(u), Reason: "it carries user information"}
	case u.Opaque != "" || u.Host == "":
		// There is no telling which part of it is a password.
		return &LinkError{Link: "(not shown)", Reason: "it is not an address of a host"}
	case !isASCII(u.Host):
		// Lower case is not the same to everybody beyond ASCII: net/http could
		// end up at another host than the one compared here.
		return &LinkError{Link: withoutUser(u), Reason: "its host is not in ASCII"}
	case originOf(u) != o:
		return &LinkError{Link: withoutUser(u), Reason: fmt.Sprintf("it leads away from %s, and the token must not", o)}
	}
	return nil
}

func (o origin) String() string {
	return o.scheme + "://" + net.JoinHostPort(o.host, o.port)
}

// resolve returns the address that href, found in the page at base, stands
// for, or a LinkError if it lies outside of the origin.
func (o origin) resolve(base *url.URL, href string) (*url.URL, error) {
	target, err := base.Parse(href)
	if err != nil {
		// The parser's error repeats the whole link, user information included.
		return nil, &LinkError{Link: "(not shown)", Reason: "it is not a URL"}
	}
	target.Fragment, target.RawFragment = "", ""
	escapeSpaces(target)
	return target, o.checkOrigin(target)
}

// redirects is a CheckRedirect for http.Client: within the origin as usual,
// out of it never. Go's client would carry the Authorization header along to
// subdomains and to other ports.
func (o origin) redirects(theirs func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(request *http.Request, via []*http.Request) error {
		if err := o.checkOrigin(request.URL); err != nil {
			return err
		}
		escapeSpaces(request.URL)
		// http.Client takes another spelling of the host for another host.
		if authorization, sent := via[0].Header["Authorization"]; sent {
			request.Header["Authorization"] = authorization
		}
		if theirs != nil {
			return theirs(request, via)
		}
		if len(via) >= 10 {
			return &LinkError{Link: withoutUser(request.URL), Reason: "it is the tenth redirect in a row"}
		}
		return nil
	}
}

// parseEndpoint checks the address of an API or token endpoint that the
// caller gave. Plain http is for tests on the same machine: anywhere else a
// credential would travel in the clear.
func parseEndpoint(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("it is not a URL: give one like https://host")
	}
	scheme := strings.ToLower(u.Scheme)
	if scheme != "http" && scheme != "https" || u.Hostname() == "" {
		// Not shown: there is no telling which part of it is a password.
		return nil, errors.New("it is not an http(s) URL: give one like https://host")
	}
	switch host := u.Scheme + "://" + u.Host; {
	case !isASCII(u.Host):
		return nil, fmt.Errorf("the host of %q is not in ASCII: give it in its xn-- form", host)
	case u.User != nil:
		return nil, fmt.Errorf("%q carries user information: remove it", host)
	case u.Fragment != "" || u.RawQuery != "" || u.ForceQuery:
		return nil, fmt.Errorf("%q carries a query or a fragment: remove it", host)
	case scheme == "http" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("%q is plain http, which would send credentials in the clear: use https", host)
	}
	return u, nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// withoutUser prints a URL for a message. Passwords have been seen in them.
func withoutUser(u *url.URL) string {
	if u.User == nil {
		return u.String()
	}
	anonymous := *u
	anonymous.User = nil
	return anonymous.String()
}

// readableRedirects refuses redirects to what is not a URL. http.Client would,
// too, with an error that repeats the whole of it, passwords included, and that
// looks like no answer at all.
type readableRedirects struct{ next http.RoundTripper }

func (r readableRedirects) RoundTrip(request *http.Request) (*http.Response, error) {
	next := r.next
	if next == nil {
		next = http.DefaultTransport
	}
	response, err := next.RoundTrip(request)
	if err != nil || response == nil {
		return response, err
	}
	switch response.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		if _, err := request.URL.Parse(response.Header.Get("Location")); err != nil {
			if response.Body != nil {
				response.Body.Close()
			}
			return nil, &LinkError{Link: "(not shown)", Reason: "it is not a URL"}
		}
	}
	return response, nil
}

// escapeSpaces in the query: net/url and net/http would leave them as they are,
// and a request line ends at the second.
func escapeSpaces(u *url.URL) { u.RawQuery = strings.ReplaceAll(u.RawQuery, " ", "%20") }

// ErrInvalidAccountID reports an account id that cannot be one. Nothing was sent.
var ErrInvalidAccountID = errors.New("not an account id")

// checkAccountID refuses ids that would change the path they are put into.
func checkAccountID(id string) error {
	reason := ""
	switch {
	case id == "":
		reason = "it is empty"
	case id == "." || id == "..":
		reason = "it would change the path"
	}
	for _, c := range []byte(id) {
		// RFC 3986, unreserved characters: the only ones that mean nothing in
		// a path to any server or proxy on the way.
		if !isLetterOrDigit(c) && c != '-' && c != '.' && c != '_' && c != '~' {
			reason = "only letters, digits, '-', '.', '_' and '~' are allowed in it"
		}
	}
	if reason != "" {
		return fmt.Errorf("%w: %s (they look like 5ea75fe7aa224700012eae40)", ErrInvalidAccountID, reason)
	}
	return nil
}

// isOfAnotherAccount reports whether the path is that of the operation, but for
// another account than the one of ours.
func isOfAnotherAccount(path, ours, accountID string) bool {
	before, after, _ := strings.Cut(ours, accountID)
	other, ok := strings.CutPrefix(path, before)
	if ok {
		other, ok = strings.CutSuffix(other, after)
	}
	return ok && other != accountID
}
