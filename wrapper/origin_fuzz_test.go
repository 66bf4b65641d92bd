package wrapper_test

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// Whatever a server, or a stored resume point, says that the next page is at:
// no request leaves the origin, and the listing ends.
func FuzzLink(f *testing.F) {
	for _, link := range []string{
		"", "?page=2", "?filter=a b", "?cursor=é|{x}", "é|[]^/?%", "?a=%zz&b=%4", "%2f%2F/..%2f?a=\xff", "?{?page}", "a;b:c@d,e'(*)!$&=+~_.-", "#", "/", "next/", "..", "https://api.example.com:443/next", "HTTPS://API.EXAMPLE.COM/next", "https://api.example.com:/next",
		"https://api.example.com:8443/", "http://api.example.com/", "http://api.example.com:443/", "https://example.com/", "https://api.example.com./",
		"https://user:p-S3cr3t@api.example.com/", "https://user:p-S3cr3t@%zz/", "https:user:p-S3cr3t@api.example.com", "https:///user:p-S3cr3t@api.example.com", "https://api.example.com@example.com/", "https://api.example.com%40example.com/",
		"//example.com/", "///example.com/", `\\example.com\`, `/\example.com`, `https:\\example.com`, `https://api.example.com\@example.com/`,
		"https://example.com\t/", "https:example.com", "https:/example.com", "javascript:alert(1)", "file:///etc/passwd", "data:,x",
		"https://api.example.com:0443/", "https://api.example.com:65979/", "https://[::1]/", "https://[::ffff:7f00:1%25lo]/", "https://2130706433/",
		"https://apı.example.com/", "https://ａpi.example.com/", "https://api。example.com/", "https://api%2eexample.com/", "https://api.example.com%00.example.org/", "https://api.example.com\x00.example.org/",
	} {
		for vehicle := range linkVehicles {
			f.Add(byte(vehicle), link)
		}
	}
	f.Fuzz(func(t *testing.T, vehicle byte, link string) {
		carry := linkVehicles[int(vehicle)%len(linkVehicles)]
		requests := 0
		client := newFuzzedClient(t, func(request *http.Request) (*http.Response, error) {
			checkOrigin(t, request)
			requests++
			return carry.answer(request, requests, link), nil
		})
		var options []wrapper.ListOption
		if carry.from {
			options = append(options, wrapper.From(link))
		}
		_, err := collect(client.Pages(t.Context(), account, options...))
		var refused *wrapper.LinkError
		var unusable *wrapper.Error
		switch {
		case requests > 3:
			t.Errorf("%d requests, want 3 at most", requests)
		case err == nil && requests == 0:
			t.Error("neither a request nor an error")
		case err == nil || errors.As(err, &refused):
		case errors.As(err, &unusable) && unusable.StatusCode == http.StatusFound && link == "": // a redirect to nowhere is none
		default:
			t.Errorf("the error is %v, want none or a LinkError", err)
		}
		if err != nil {
			checkText(t, err)
			if strings.Contains(err.Error(), "p-S3cr3t") && !showsWithoutUser(link, "p-S3cr3t") {
				t.Errorf("a password is in the error %q", err)
			}
		}
	})
}

// showsWithoutUser tells passwords from other parts of an address. Where there
// is no host, nobody knows what is which.
func showsWithoutUser(link, text string) bool {
	u, err := fixture(url.Parse(fuzzedBase)).Parse(link)
	if err != nil || u.Host == "" {
		return false
	}
	u.User = nil
	return strings.Contains(u.String(), text)
}

// linkVehicles are the ways in which a link reaches the client.
var linkVehicles = []struct {
	from   bool
	answer func(request *http.Request, number int, link string) *http.Response
}{
	{answer: func(request *http.Request, number int, link string) *http.Response {
		if number > 2 {
			link = "" // else a relative one would lead ever deeper
		}
		body := fixture(json.Marshal(map[string]any{"_links": map[string]any{"next": map[string]any{"href": link}}}))
		return answered(request, 200, http.Header{}, string(body))
	}},
	{answer: func(request *http.Request, number int, link string) *http.Response {
		if number > 2 {
			return answered(request, 200, http.Header{}, `{"count":0}`)
		}
		return answered(request, http.StatusFound, http.Header{"Location": {link}}, "")
	}},
	{from: true, answer: func(request *http.Request, _ int, _ string) *http.Response {
		return answered(request, 200, http.Header{}, `{"count":0}`)
	}},
}

// originForm is the origin-form of RFC 9112, with the grammar of RFC 3986.
var originForm = regexp.MustCompile(`^(/([-\w.~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*)+(\?([-\w.~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?$`)

// checkOrigin looks at a request as net/http is told to send it, and as it
// would stand on the wire.
func checkOrigin(t *testing.T, request *http.Request) {
	t.Helper()
	host := func(authority string) bool {
		authority = strings.TrimSuffix(authority, ":") // which stands for the default port (RFC 3986, section 3.2.3)
		return strings.EqualFold(authority, "api.example.com") || strings.EqualFold(authority, "api.example.com:443")
	}
	if u := request.URL; u.Scheme != "https" || !host(u.Host) || u.User != nil || u.Opaque != "" {
		t.Errorf("a request went to %q", u)
	}
	var wire bytes.Buffer
	if err := request.Clone(request.Context()).Write(&wire); err != nil {
		t.Errorf("the request cannot be sent: %v", err)
	}
	received, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		t.Errorf("the request cannot be read: %v", err)
		return
	}
	if !originForm.MatchString(received.RequestURI) {
		t.Errorf("the request target %q is not one of RFC 3986", received.RequestURI)
	}
	// A server finds in it what the client was told: the same path and parameters.
	if u := received.URL; u.Path != cmp.Or(request.URL.Path, "/") || u.Query().Encode() != request.URL.Query().Encode() {
		t.Errorf("the request target %q is read as %q and %v, not %q and %v", received.RequestURI, u.Path, u.Query(), request.URL.Path, request.URL.Query())
	}
	if !host(received.Host) || !strings.HasPrefix(received.RequestURI, "/") {
		t.Errorf("the request says %q to %q", received.RequestURI, received.Host)
	}
	if referer, err := url.Parse(request.Header.Get("Referer")); err != nil || referer.User != nil {
		t.Errorf("the Referer is %q", referer)
	}
}
