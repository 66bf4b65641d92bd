package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"testing"

	"github.com/talkdesk-express/contractactions/api"
)

// unchanging are paths of content that has entity tags.
var unchanging = []string{"/", "/docs", "/docs/swagger-ui-bundle.js", "/docs/start.js", "/openapi", "/openapi.json", "/openapi.yaml"}

var encodings = []string{"identity", "gzip"}

func TestEntityTagsAreStrongAndSaveTheTransfer(t *testing.T) {
	for _, path := range unchanging {
		for _, encoding := range encodings {
			t.Run(encoding+" "+path, func(t *testing.T) {
				tag := get(t, path, "Accept-Encoding", encoding).Header().Get("ETag")
				if !regexp.MustCompile(`^"[\w-]{43}"$`).MatchString(tag) {
					t.Fatalf("ETag is %q", tag)
				}
				got := get(t, path, "Accept-Encoding", encoding, "If-None-Match", `"another", W/`+tag)
				wantStatus(t, got, http.StatusNotModified)
				compare(t, "ETag", got.Header().Get("ETag"), tag)
				if got.Body.Len() > 0 {
					t.Errorf("the body has %d bytes", got.Body.Len())
				}
				wantStatus(t, get(t, path, "Accept-Encoding", encoding, "If-None-Match", `"another"`), http.StatusOK)
				wantStatus(t, get(t, path, "Accept-Encoding", encoding, "If-Match", `"another"`), http.StatusPreconditionFailed)
			})
		}
	}
}

func TestEntityTagsTellContentsAndEncodingsApart(t *testing.T) {
	owners := make(map[string]string)
	for _, path := range unchanging {
		if path == "/openapi" {
			continue // the same as openapi.yaml
		}
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
	for _, path := range unchanging {
		plain, compressed := get(t, path), get(t, path, "Accept-Encoding", "gzip")
		if compressed.Body.Len() >= plain.Body.Len() {
			t.Errorf("%s: compressed from %d to %d bytes", path, plain.Body.Len(), compressed.Body.Len())
		}
		if !bytes.Equal(decompressed(t, compressed), plain.Body.Bytes()) {
			t.Errorf("%s: compressed content is another", path)
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

func TestHEADTellsTheSameWithoutABody(t *testing.T) {
	for _, path := range unchanging {
		for _, encoding := range encodings {
			whole := get(t, path, "Accept-Encoding", encoding)
			head := answer(t, api.Handler(), http.MethodHead, path, "Accept-Encoding", encoding)
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

func TestCachesAskBeforeTheyUseContent(t *testing.T) {
	for _, path := range unchanging {
		compare(t, "Cache-Control", get(t, path).Header().Get("Cache-Control"), "no-cache")
	}
}

func TestPartsOfContent(t *testing.T) {
	got := get(t, "/openapi.yaml", "Range", "bytes=0-6")
	wantStatus(t, got, http.StatusPartialContent)
	compare(t, "body", got.Body.String(), "openapi")
}
