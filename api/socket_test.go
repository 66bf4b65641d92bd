package api_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/api"
)

// connection is a connection on which a test writes requests as bytes. A
// recorder in its place would not see a response whose length is wrong.
type connection struct {
	net.Conn
	reader *bufio.Reader
}

func dial(t *testing.T, handler http.Handler) *connection {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(time.Minute)) // a response that is too short must not hang the test
	return &connection{conn, bufio.NewReader(conn)}
}

// send sends a request with these header lines and reads the response to its end.
func (c *connection) send(t *testing.T, method, path string, lines ...string) (*http.Response, []byte) {
	t.Helper()
	request := method + " " + path + " HTTP/1.1\r\nHost: api.example.test\r\n"
	for _, line := range lines {
		request += line + "\r\n"
	}
	if _, err := io.WriteString(c, request+"\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(c.reader, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("status %d, Content-Length %d: after %d bytes: %v", response.StatusCode, response.ContentLength, len(body), err)
	}
	return response, body
}

// condition is a list of header lines, in which TAG stands for the entity tag of
// the representation, and the statuses of responses to GET and HEAD.
type condition struct {
	lines     []string
	get, head int
}

const anyDate = "Thu, 10 Mar 2022 16:15:50 GMT"

var conditions = []condition{
	{nil, 200, 200},
	{[]string{`If-Match: TAG`}, 200, 200},
	{[]string{`If-Match: *`}, 200, 200},
	{[]string{`If-Match: "x", TAG`}, 200, 200},
	{[]string{`If-Match: "x"`, `If-Match: TAG`}, 200, 200},
	{[]string{`If-Match: "x"`}, 412, 412},
	{[]string{`If-Match: W/TAG`}, 412, 412},
	{[]string{`If-Match: x`}, 412, 412},
	{[]string{`If-Match: "x"`, `Range: bytes=0-6`}, 412, 412},
	{[]string{`If-None-Match: TAG`}, 304, 304},
	{[]string{`If-None-Match: W/TAG`}, 304, 304},
	{[]string{`If-None-Match: *`}, 304, 304},
	{[]string{`If-None-Match: "x"`, `If-None-Match: TAG`}, 304, 304},
	{[]string{`If-None-Match: "x"`}, 200, 200},
	{[]string{`If-None-Match: TAG`, `Range: bytes=0-6`}, 304, 304},
	{[]string{`If-Match: TAG`, `If-None-Match: TAG`}, 304, 304},
	// Nothing here has a date of modification, so dates decide nothing.
	{[]string{`If-Modified-Since: ` + anyDate}, 200, 200},
	{[]string{`If-Unmodified-Since: ` + anyDate}, 200, 200},
	{[]string{`Range: bytes=0-6`, `If-Range: ` + anyDate}, 200, 200},
	{[]string{`Range: bytes=0-6`}, 206, 200},
	{[]string{`Range: bytes=-7`}, 206, 200},
	{[]string{`Range: bytes=7-`}, 206, 200},
	{[]string{`Range: bytes=0-6`, `If-Range: TAG`}, 206, 200},
	{[]string{`Range: bytes=0-6`, `If-Range: "x"`}, 200, 200},
	{[]string{`Range: bytes=0-6`, `If-Range: W/TAG`}, 200, 200},
	{[]string{`Range: bytes=99999999-`}, 416, 200},
	{[]string{`Range: bytes=x`}, 416, 200},
	{[]string{`Range: lines=1-2`}, 200, 200}, // an unknown unit
}

func TestEveryResponseEndsWhereItSays(t *testing.T) {
	connection := dial(t, api.Handler())
	for _, accepted := range []string{"", "identity", "gzip", "*", "br", "gzip;q=0", "gzip, identity;q=0"} {
		for _, condition := range conditions {
			for method, status := range map[string]int{http.MethodGet: condition.get, http.MethodHead: condition.head} {
				t.Run(strings.Join(append([]string{method, accepted}, condition.lines...), " "), func(t *testing.T) {
					coding := "Accept-Encoding: " + accepted
					whole, representation := connection.send(t, http.MethodGet, "/openapi.yaml", coding)
					lines := []string{coding}
					for _, line := range condition.lines {
						lines = append(lines, strings.ReplaceAll(line, "TAG", whole.Header.Get("ETag")))
					}
					got, body := connection.send(t, method, "/openapi.yaml", lines...)
					if got.StatusCode != status {
						t.Errorf("status %d, want %d", got.StatusCode, status)
					}
					checkBody(t, method, got, body, whole.Header.Get("Content-Encoding"), representation)

					// What follows on the same connection is the next response.
					if next, text := connection.send(t, http.MethodGet, "/healthz"); next.StatusCode != http.StatusOK || string(text) != "ok\n" {
						t.Errorf("the next response is %d %q", next.StatusCode, text)
					}
				})
			}
		}
	}
}

// checkBody compares a body with the whole representation.
func checkBody(t *testing.T, method string, got *http.Response, body []byte, coding string, representation []byte) {
	t.Helper()
	want := representation
	switch got.StatusCode {
	case http.StatusPartialContent:
		var first, last, size int
		if _, err := fmt.Sscanf(got.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &size); err != nil || size != len(representation) {
			t.Fatalf("Content-Range is %q: %v", got.Header.Get("Content-Range"), err)
		}
		want = representation[first : last+1]
	case http.StatusOK:
	default:
		coding = "" // an error, or nothing, is not compressed
	}
	compare(t, "Content-Encoding", got.Header.Get("Content-Encoding"), coding)
	if got.StatusCode == http.StatusOK && got.ContentLength != int64(len(representation)) {
		t.Errorf("Content-Length is %d, want %d", got.ContentLength, len(representation))
	}
	if method == http.MethodGet && got.StatusCode < 300 && !bytes.Equal(body, want) {
		t.Errorf("the body has %d bytes, want %d others", len(body), len(want))
	}
}

// Several parts have no content coding as a whole, and of compressed content they
// would be of no use.
func TestSeveralRanges(t *testing.T) {
	connection := dial(t, api.Handler())
	const several = "Range: bytes=0-6,10-19"
	document := contractactions.Document()

	got, body := connection.send(t, http.MethodGet, "/openapi.yaml", several)
	if got.StatusCode != http.StatusPartialContent {
		t.Fatal(got.Status)
	}
	_, parameters, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
	for _, want := range []string{string(document[:7]), string(document[10:20])} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil || string(text) != want {
			t.Errorf("part %q, want %q (%v)", text, want, err)
		}
	}

	got, body = connection.send(t, http.MethodGet, "/openapi.yaml", several, "Accept-Encoding: gzip")
	if got.StatusCode != http.StatusOK || got.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("%s, Content-Encoding %q", got.Status, got.Header.Get("Content-Encoding"))
	}
	reader, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(reader); err != nil || !bytes.Equal(text, document) {
		t.Errorf("%d bytes, want the document (%v)", len(text), err)
	}
}

func TestTargetInAbsoluteForm(t *testing.T) {
	connection := dial(t, api.Handler())
	for _, target := range []string{"http://api.example.test", "http://api.example.test/", "HTTP://elsewhere.test/healthz?x"} {
		if got, _ := connection.send(t, http.MethodGet, target); got.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", target, got.Status)
		}
	}
}
