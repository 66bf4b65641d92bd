package wrapper

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/talkdesk-express/contractactions/internal/redact"
	"github.com/talkdesk-express/contractactions/internal/transport"
)

// LinkError reports a next link or a redirect that the client refused to follow.
// No request was sent to it.
type LinkError struct {
	// Link is the URL, without user information.
	Link string
	// Reason is why it was refused.
	Reason string
}

// Error returns the link and the reason.
func (e *LinkError) Error() string {
	return fmt.Sprintf("refused to follow the link %.300q: %s", e.Link, e.Reason)
}

// withholdError withholds the text of an error, and of a LinkError only the link.
func withholdError(sent redact.Secrets, err error) error {
	if refused, ok := errors.AsType[*LinkError](err); ok {
		return &LinkError{Link: sent.Withhold(refused.Link), Reason: refused.Reason}
	}
	return sent.WithholdError(err)
}

// maxLink is the size of the longest link, in bytes. Servers accept less.
const maxLink = 64 << 10

// hiddenLink replaces a link of which any part can be a password.
const hiddenLink = "(not shown)"

// origin is the scheme, host and port that a credential belongs to (RFC 6454).
// The credential is sent to no other.
type origin struct{ scheme, host, port string }

func originOf(u *url.URL) origin {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	return origin{scheme: scheme, host: strings.ToLower(u.Hostname()), port: port}
}

// spelling returns one text for all spellings of a URL.
func spelling(u *url.URL) string {
	o := originOf(u)
	return o.scheme + "://" + o.host + ":" + o.port + cmp.Or(u.EscapedPath(), "/") + "?" + u.RawQuery
}

// checkOrigin returns a LinkError unless u is within the origin.
func (o origin) checkOrigin(u *url.URL) error {
	switch {
	case u.Opaque != "" || u.Host == "":
		return &LinkError{Link: hiddenLink, Reason: "it is not the URL of a host"}
	case u.User != nil:
		return &LinkError{Link: withoutUser(u), Reason: "it contains user information"}
	case !isASCII(u.Host):
		// Beyond ASCII, lower case is not the same to everyone: net/http could
		// connect to a different host than the one compared here.
		return &LinkError{Link: withoutUser(u), Reason: "its host is not ASCII"}
	case originOf(u) != o:
		return &LinkError{Link: withoutUser(u), Reason: fmt.Sprintf("it leads away from %s://%s, where the token must stay", o.scheme, net.JoinHostPort(o.host, o.port))}
	}
	return nil
}

// resolve returns the URL of href, found in the page at base, or a LinkError if
// it is outside of the origin.
func (o origin) resolve(base *url.URL, href string) (*url.URL, error) {
	if len(href) > maxLink {
		return nil, &LinkError{Link: hiddenLink, Reason: "it is longer than 64 KiB"}
	}
	target, err := base.Parse(href)
	if err != nil {
		// The parser's error contains the whole link.
		return nil, &LinkError{Link: hiddenLink, Reason: "it is not a URL"}
	}
	target.Fragment, target.RawFragment = "", ""
	if err := o.checkOrigin(target); err != nil {
		return nil, err
	}
	if template.MatchString(href) {
		return nil, &LinkError{Link: withoutUser(target), Reason: "it is a URI template (RFC 6570), whose variables have no values"}
	}
	transport.EncodeURL(target)
	return target, nil
}

// redirects returns a CheckRedirect that refuses redirects out of the origin.
// Without it, http.Client would send the Authorization header to subdomains and
// to other ports.
func (o origin) redirects(callers func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(request *http.Request, via []*http.Request) error {
		if err := o.checkOrigin(request.URL); err != nil {
			return err
		}
		transport.EncodeURL(request.URL)
		// http.Client takes a different spelling of the host for a different host.
		if authorization, sent := via[0].Header["Authorization"]; sent {
			request.Header["Authorization"] = authorization
		}
		if callers != nil {
			return callers(request, via)
		}
		if len(via) >= 10 {
			return &LinkError{Link: withoutUser(request.URL), Reason: "it is the tenth redirect in a row"}
		}
		return nil
	}
}

// template is an expression of RFC 6570, section 2.2.
var template = regexp.MustCompile(`\{[\w+#./;?&%,:*]+\}`)

// parseEndpoint parses the URL of an API or token endpoint that the caller
// configured.
func parseEndpoint(name, raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https") || u.Hostname() == "" {
		// Not shown: any part of it can be a password.
		return nil, errors.New(name + ": it is not an http(s) URL: use the form https://host")
	}
	problem := ""
	switch {
	case !isASCII(u.Host):
		problem = "has a host that is not ASCII: use its xn-- form"
	case u.User != nil:
		problem = "contains user information: remove it"
	case u.Fragment != "" || u.RawQuery != "" || u.ForceQuery:
		problem = "contains a query or a fragment: remove it"
	case strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"<>\\^`{|}", r) }):
		problem = "has a path with a character that RFC 3986 does not allow: percent-encode it"
	default:
		return u, nil
	}
	return nil, fmt.Errorf("%s: %q %s", name, u.Scheme+"://"+u.Host, problem)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// withoutUser formats a URL for a message, without its password.
func withoutUser(u *url.URL) string {
	anonymous := *u
	anonymous.User = nil
	return anonymous.String()
}

// ErrInvalidAccountID reports a string that is not an account id. No request was
// sent.
var ErrInvalidAccountID = errors.New("not an account id")

// unreserved are the characters of RFC 3986 that have no meaning in a path for any
// server or proxy.
var unreserved = regexp.MustCompile(`^[-\w.~]+$`)

// checkAccountID refuses ids that would change the path of the request.
func checkAccountID(id string) error {
	if id == "." || id == ".." || !unreserved.MatchString(id) {
		return fmt.Errorf("%w: use letters, digits, '-', '_', '~' and '.', but not \".\" or \"..\" alone (it looks like 5ea75fe7aa224700012eae40)", ErrInvalidAccountID)
	}
	return nil
}

// isOfAnotherAccount reports whether path is the operation's path, ours, with a
// different account id: in a segment that is the account id, and in no other.
func isOfAnotherAccount(path, ours, accountID string) bool {
	return path != ours && slices.EqualFunc(strings.Split(path, "/"), strings.Split(ours, "/"), func(theirs, own string) bool {
		return theirs == own || own == accountID
	})
}
