package transport_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/internal/transport"
)

func TestConnectionsAreKeptForAsManyAsAreInUse(t *testing.T) {
	const workers = 32
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client := &http.Client{Transport: transport.New()}
	defer client.CloseIdleConnections()
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range 20 {
				response, err := client.Get(server.URL)
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
		})
	}
	group.Wait()
	// A worker can be back before its connection is; net/http then opens another.
	if opened.Load() > 3*workers {
		t.Errorf("%d connections for %d workers", opened.Load(), workers)
	}
	if standard := http.DefaultTransport.(*http.Transport); standard.MaxIdleConnsPerHost != 0 || standard.ReadBufferSize != 0 {
		t.Error("http.DefaultTransport was changed")
	}
}

// A server can announce any length.
func TestAnAnnouncedLengthIsNotBelieved(t *testing.T) {
	for _, length := range []int64{-1, 0, 1, 15 << 20, 1 << 62} {
		for limit, want := range map[int64]error{9: nil, 8: transport.ErrTooLarge, math.MaxInt64: nil} {
			var buffer bytes.Buffer
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := transport.ReadBody(&buffer, &http.Response{Body: io.NopCloser(strings.NewReader("nine byte")), ContentLength: length}, limit)
			runtime.ReadMemStats(&after)
			if allocated := after.TotalAlloc - before.TotalAlloc; err != want || buffer.String() != "nine byte"[:min(limit, 9)] || allocated > 4<<20 {
				t.Errorf("%d announced, %d allowed: read %q with %d bytes allocated and the error %v", length, limit, &buffer, allocated, err)
			}
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	date := func(after time.Duration) string { return now.Add(after).Format(http.TimeFormat) }
	for _, test := range []struct {
		name, after string
		date        string // the server's Date
		want        time.Duration
	}{
		{"nothing", "", "", 0},
		{"seconds", "7", "", 7 * time.Second},
		{"seconds with blanks", " 7 ", "", 7 * time.Second},
		{"292 years", "9223372036854775807", "", math.MaxInt64},
		{"more than 64 bits", "99999999999999999999", "", math.MaxInt64},
		{"a date", date(20 * time.Second), "", 20 * time.Second},
		{"a date that has passed", date(-time.Hour), "", 0},
		{"the server's clock is an hour behind", date(10*time.Second - time.Hour), date(-time.Hour), 10 * time.Second},
		{"zero", "0", "", 0},
		{"nonsense", "soon", "", 0},
		{"a negative number", "-5", "", 0},
	} {
		header := http.Header{"Retry-After": {test.after}, "Date": {test.date}}
		if got := transport.RetryAfter(header, now); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

func TestURLsAreEncodedAsRFC3986HasThem(t *testing.T) {
	for given, want := range map[string]string{
		"?cursor=é|":             "/?cursor=%C3%A9%7C",
		"?cursor={\"id\":5}":     "/?cursor=%7B%22id%22:5%7D",
		"?cursor=a b+c%20d":      "/?cursor=a%20b+c%20d",
		"?cursor=100%&x=%zz%4":   "/?cursor=100%25&x=%25zz%254",
		"?cursor=\xff^`<>\\[]\"": "/?cursor=%FF%5E%60%3C%3E%5C%5B%5D%22",
		"?a=-._~!$&'()*+,;=:@/?": "/?a=-._~!$&'()*+,;=:@/?",
		"/é|/[1]/a b":            "/%C3%A9%7C/%5B1%5D/a%20b",
		"/a%2Fb":                 "/a%2Fb",
	} {
		target, err := (&url.URL{Scheme: "https", Host: "example.com", Path: "/"}).Parse(given)
		if err != nil {
			t.Fatal(err)
		}
		if transport.EncodeURL(target); target.RequestURI() != want {
			t.Errorf("%q: got %q, want %q", given, target.RequestURI(), want)
		}
	}
}

func TestARedirectToWhatIsNotAURLIsReadable(t *testing.T) {
	invalid := errors.New("not a URL")
	for location, want := range map[string]error{"http://a:b%zz@c/": invalid, "/b": nil, "": nil} {
		next := roundTripper(func(request *http.Request) (*http.Response, error) {
			return transport.NewResponse(request, http.StatusFound, http.Header{"Location": {location}}, nil), nil
		})
		response, err := transport.ReadableRedirects{RoundTripper: next, Invalid: invalid}.RoundTrip(httptest.NewRequest(http.MethodGet, "http://example.com", nil))
		if err != want || err == nil && response.Status != "302 Found" {
			t.Errorf("%q: got %v and the error %v, want %v", location, response, err, want)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }
