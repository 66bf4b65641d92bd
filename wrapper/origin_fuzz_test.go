package wrapper_test

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// Whatever a server, or a stored resume point, says that the next page is at:
// no request leaves the origin, and the listing ends.
func FuzzLink(f *testing.F) {
	columns := slices.DeleteFunc(linkColumns(), func(column linkColumn) bool { return column.token })
	for _, link := range slices.Concat(addressesAroundAName.same, addressesAroundAName.other, []string{
		"", "?page=2", "?filter=a b", "#", "/", "next/", "..", "https://[::1]/", "https://[::ffff:7f00:1%25lo]/", "https://2130706433/",
		"https://user:p-S3cr3t@%zz/", "https:user:p-S3cr3t@api.example.com", "https:///user:p-S3cr3t@api.example.com", "https://api.example.com\x00.example.org/",
	}) {
		for column := range columns {
			f.Add(byte(column), link)
		}
	}
	f.Fuzz(func(t *testing.T, number byte, link string) {
		column := columns[int(number)%len(columns)]
		requests := 0
		client := newFuzzedClient(t, func(request *http.Request) (*http.Response, error) {
			checkOrigin(t, request)
			if requests++; column.from || requests > 2 { // else a relative link would lead ever deeper
				return answered(request, 200, http.Header{}, `{"count":0}`), nil
			}
			recorder := httptest.NewRecorder()
			column.respond(recorder, link)
			return recorder.Result(), nil
		})
		var options []wrapper.ListOption
		if column.from {
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
		case errors.As(err, &unusable) && unusable.StatusCode/100 == 3 && link == "": // a redirect to nowhere is none
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
	if !host(received.Host) || !strings.HasPrefix(received.RequestURI, "/") {
		t.Errorf("the request says %q to %q", received.RequestURI, received.Host)
	}
	if referer, err := url.Parse(request.Header.Get("Referer")); err != nil || referer.User != nil {
		t.Errorf("the Referer is %q", referer)
	}
}
