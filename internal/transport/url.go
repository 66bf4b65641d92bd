package transport

import (
	"net/http"
	"net/url"
	"regexp"
)

// ReadableRedirects refuses redirects to an invalid URL with the error Invalid.
// http.Client refuses them too, but with an error that contains the whole URL,
// passwords included, and that looks like a failed connection.
type ReadableRedirects struct {
	http.RoundTripper
	Invalid error
}

// RoundTrip sends a request.
func (r ReadableRedirects) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.RoundTripper.RoundTrip(request)
	if err != nil || response == nil || response.StatusCode/100 != 3 {
		return response, err
	}
	if _, err := request.URL.Parse(response.Header.Get("Location")); err != nil {
		if response.Body != nil {
			response.Body.Close()
		}
		return nil, r.Invalid
	}
	return response, nil
}

var (
	// unusual is what notInURL may change: a character that is not allowed, or "%"
	// without two digits.
	unusual = regexp.MustCompile(`[^-\w.~!$&'()*+,;=:@/?%]|%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)`)
	// notInURL is an escape, or what pchar, "/" and "?" of RFC 3986 do not allow.
	notInURL = regexp.MustCompile(`%[0-9A-Fa-f]{2}|[^-\w.~!$&'()*+,;=:@/?]`)
)

// EncodeURL percent-encodes what RFC 3986 does not allow in a path and in a query.
// net/url leaves some of it, and net/http sends that as it is.
func EncodeURL(u *url.URL) {
	escape := func(text string) string {
		if len(text) == 3 && text[0] == '%' {
			return text
		}
		return url.PathEscape(text)
	}
	u.RawPath = u.EscapedPath()
	for _, part := range []*string{&u.RawPath, &u.RawQuery} {
		if unusual.MatchString(*part) { // most links are as they should be, and cost nothing
			*part = notInURL.ReplaceAllStringFunc(*part, escape)
		}
	}
}
