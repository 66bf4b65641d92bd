package wrapper_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// What the fuzz targets have in common. The service is a function, without a
// socket: that makes thousands of listings in a second.

const fuzzedBase = "https://api.example.com"

// newFuzzedClient returns a client of a service that is a function. It repeats
// nothing, so that one listing is one answer.
func newFuzzedClient(t testing.TB, service roundTripper) *wrapper.Client {
	return newClientOf(t, fuzzedBase, wrapper.WithHTTPClient(&http.Client{Transport: service}), wrapper.WithRetry(wrapper.NoRetry()))
}

// answered is an answer to a request as net/http hands it on. The header is not
// brought into form: some servers do not, either.
func answered(request *http.Request, status int, header http.Header, body string) *http.Response {
	return &http.Response{
		StatusCode:    status,
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       request,
	}
}

// checkText holds for the text of every error, whatever the server sent: it is
// fit for a line of a log or of a terminal.
func checkText(t *testing.T, err error) {
	t.Helper()
	const longest = 8 << 10
	text := err.Error()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("the error is not printable: %.300q", text)
	}
	if len(text) > longest {
		t.Errorf("the error has %d bytes, want at most %d: %.300q", len(text), longest, text)
	}
	if strings.Contains(text, ownToken) {
		t.Errorf("the token is in %.300q", text)
	}
}
