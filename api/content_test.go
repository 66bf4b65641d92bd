package api_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions"
	"github.com/talkdesk-express/contractactions/api"
)

// immutable are paths of content that has entity tags.
var immutable = []string{"/", "/docs", "/docs/swagger-ui-bundle.js", "/docs/start.js", "/openapi-open.json", "/openapi-open.yaml", "/openapi.json", "/openapi.yaml"}

var encodings = []string{"identity", "gzip"}

func TestConditionalRequests(t *testing.T) {
	for _, path := range immutable {
		for _, encoding := range encodings {
			t.Run(encoding+" "+path, func(t *testing.T) {
				tag := get(t, path, "Accept-Encoding", encoding).Header().Get("ETag")
				if !regexp.MustCompile(`^"[\w-]{43}"$`).MatchString(tag) {
					t.Fatalf("ETag is %q", tag)
				}
				got := get(t, path, "Accept-Encoding", encoding, "If-None-Match", `"other", W/`+tag)
				wantStatus(t, got, http.StatusNotModified)
				compare(t, "ETag", got.Header().Get("ETag"), tag)
				if got.Body.Len() > 0 {
					t.Errorf("the body has %d bytes", got.Body.Len())
				}
				wantStatus(t, get(t, path, "Accept-Encoding", encoding, "If-None-Match", `"other"`), http.StatusOK)
				wantStatus(t, get(t, path, "Accept-Encoding", encoding, "If-Match", `"other"`), http.StatusPreconditionFailed)
			})
		}
	}
}

func TestEntityTagsDiffer(t *testing.T) {
	owners := make(map[string]string)
	for _, path := range immutable {
		for _, encoding := range encodings {
			tag := get(t, path, "Accept-Encoding", encoding).Header().Get("ETag")
			if owner, taken := owners[tag]; taken {
				t.Errorf("%s %s has the tag of %s", encoding, path, owner)
			}
			owners[tag] = encoding + " " + path
		}
	}
}

func TestCompressedContentIsTheSame(t *testing.T) {
	for _, path := range immutable {
		plain, compressed := get(t, path), get(t, path, "Accept-Encoding", "gzip")
		if compressed.Body.Len() >= plain.Body.Len() {
			t.Errorf("%s: compressed from %d to %d bytes", path, plain.Body.Len(), compressed.Body.Len())
		}
		if !bytes.Equal(decompressed(t, compressed), plain.Body.Bytes()) {
			t.Errorf("%s: the compressed content differs", path)
		}
	}
}

func decompressed(t *testing.T, got *httptest.ResponseRecorder) []byte {
	t.Helper()
	reader, err := gzip.NewReader(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestHEADHasTheHeadersOfGET(t *testing.T) {
	for _, path := range immutable {
		for _, encoding := range encodings {
			whole := get(t, path, "Accept-Encoding", encoding)
			head := serve(t, api.Handler(), http.MethodHead, path, "Accept-Encoding", encoding)
			wantStatus(t, head, http.StatusOK)
			compare(t, "Content-Length", head.Header().Get("Content-Length"), strconv.Itoa(whole.Body.Len()))
			for _, name := range []string{"Content-Type", "Content-Encoding", "ETag", "Cache-Control"} {
				compare(t, name, head.Header().Get(name), whole.Header().Get(name))
			}
			if head.Body.Len() > 0 {
				t.Errorf("%s: the body has %d bytes", path, head.Body.Len())
			}
		}
	}
}

func TestCachesRevalidate(t *testing.T) {
	for _, path := range immutable {
		compare(t, "Cache-Control", get(t, path).Header().Get("Cache-Control"), "no-cache")
	}
}

// FuzzHeaders shows that whatever clients send, a response has the length that it
// announces, and a whole one is the document.
func FuzzHeaders(f *testing.F) {
	f.Add("gzip", "bytes=0-6,10-19", `"x"`, "", `W/"x"`)
	f.Add("*;q=0.1, identity;q=0", "bytes=-1", "*", `"x", `, "Thu, 10 Mar 2022 16:15:50 GMT")
	f.Add(`br;a=",gzip`, "bytes=5-4,-", "", `*`, "")
	handler := api.Handler()
	f.Fuzz(func(t *testing.T, encoding, ranges, match, noneMatch, ifRange string) {
		got := serve(t, handler, http.MethodGet, "/openapi.yaml", "Accept-Encoding", encoding, "Range", ranges,
			"If-Match", match, "If-None-Match", noneMatch, "If-Range", ifRange)
		if length := got.Header().Get("Content-Length"); length != "" && length != strconv.Itoa(got.Body.Len()) {
			t.Errorf("status %d, Content-Length %s, %d bytes", got.Code, length, got.Body.Len())
		}
		switch got.Code {
		case http.StatusOK:
			body := got.Body.Bytes()
			if got.Header().Get("Content-Encoding") == "gzip" {
				body = decompressed(t, got)
			}
			if !bytes.Equal(body, contractactions.Document()) {
				t.Errorf("%d bytes that are not the document", len(body))
			}
		case http.StatusPartialContent, http.StatusNotModified, http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable:
		default:
			t.Errorf("status %d", got.Code)
		}
	})
}

// FuzzAcceptEncoding builds headers of which it knows what they ask for.
func FuzzAcceptEncoding(f *testing.F) {
	f.Add(uint16(500), uint16(500), " \t", ",")
	f.Add(uint16(0), uint16(2000), "", `x="gzip;q=1,`)
	f.Fuzz(func(t *testing.T, gzip, identity uint16, space, noise string) {
		if strings.Trim(space, " \t") != "" {
			return
		}
		quality := func(thousandths uint16) string {
			return fmt.Sprintf("%s;%sQ=%d.%03d", space, space, thousandths/1000, thousandths%1000)
		}
		gzip, identity = gzip%1001, identity%1001
		header := "br;noise=" + strconv.Quote(noise) + ",," + space + "GZip" + quality(gzip) + "," + space + "identity" + quality(identity)
		want := ""
		if gzip > 0 && gzip >= identity {
			want = "gzip"
		}
		compare(t, header, get(t, "/openapi.yaml", "Accept-Encoding", header).Header().Get("Content-Encoding"), want)
	})
}

func TestPartsOfContent(t *testing.T) {
	got := get(t, "/openapi.yaml", "Range", "bytes=0-6")
	wantStatus(t, got, http.StatusPartialContent)
	compare(t, "body", got.Body.String(), "openapi")
}

func TestCompression(t *testing.T) {
	for accepted, encoding := range map[string]string{
		"":                               "",
		"gzip":                           "gzip",
		"GZIP":                           "gzip",
		"deflate, gzip;q=0.5, br":        "gzip",
		"*":                              "gzip",
		"identity;q=0.5, gzip;q=0.5":     "gzip",
		"gzip;q=0":                       "",
		"gzip;q=0, *":                    "",
		"gzip;q=0.5, identity;q=0.6":     "",
		"br":                             "",
		"gzip;q=much":                    "",
		"gzip;q=2":                       "",
		"gzip;q=1e-3":                    "",
		"gzip;q=NaN":                     "",
		"gzip;q=0.3, gzip;q=0":           "gzip",
		"*;q=0.5, gzip;q=0":              "",
		`br;with=", gzip, "`:             "",
		"identity, gzip;q=1.0, ;, ;q=,,": "gzip",
	} {
		t.Run(accepted, func(t *testing.T) {
			got := get(t, "/openapi.yaml", "Accept-Encoding", accepted)
			wantStatus(t, got, http.StatusOK)
			compare(t, "Content-Encoding", got.Header().Get("Content-Encoding"), encoding)
			compare(t, "Vary", got.Header().Get("Vary"), "Accept-Encoding")
		})
	}
}
