package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

const (
	yamlType = "application/yaml"
	jsonType = "application/json"
)

func TestTheDocumentComesAsTheClientLikesIt(t *testing.T) {
	for accept, mediaType := range map[string]string{
		"":                                       yamlType,
		"*/*":                                    yamlType,
		"application/*":                          yamlType,
		"text/*":                                 yamlType,
		yamlType:                                 yamlType,
		"text/yaml":                              yamlType,
		"application/x-yaml;q=0.1":               yamlType,
		jsonType:                                 jsonType,
		"application/json; charset=utf-8; q=0.3": jsonType,
		"APPLICATION/JSON":                       jsonType,
		"application/yaml;q=0.5, application/json":      jsonType,
		"application/json;q=0.5, application/yaml":      yamlType,
		"application/json, application/yaml":            yamlType,
		"application/json, */*;q=0.9":                   jsonType,
		"application/yaml;q=0, */*":                     jsonType,
		"application/json;q=0, application/*":           yamlType,
		"text/html, application/xml;q=0.9, */*;q=0.8":   yamlType,
		"application/openapi+json":                      jsonType,
		"application/vnd.oai.openapi+json":              jsonType,
		"application/openapi+yaml":                      yamlType,
		"application/vnd.oai.openapi":                   yamlType,
		"application/openapi+json, application/json":    jsonType,
		"application/json;q=wrong, application/*;q=0.1": yamlType,
	} {
		t.Run(accept, func(t *testing.T) {
			got := get(t, "/openapi", "Accept", accept)
			wantStatus(t, got, http.StatusOK)
			location := "openapi." + strings.TrimPrefix(mediaType, "application/")
			compare(t, "Content-Type", got.Header().Get("Content-Type"), mediaType)
			compare(t, "Content-Location", got.Header().Get("Content-Location"), location)
			compare(t, "ETag", got.Header().Get("ETag"), get(t, "/"+location).Header().Get("ETag"))
			varies(t, got.Header())
		})
	}
}

func TestSeveralAcceptHeadersAreOne(t *testing.T) {
	got := get(t, "/openapi", "Accept", "text/html", "Accept", jsonType)
	compare(t, "Content-Type", got.Header().Get("Content-Type"), jsonType)
}

func TestTheDocumentDoesNotComeInOtherForms(t *testing.T) {
	for _, accept := range []string{"text/html", "application/yaml;q=0", "*/*;q=0", "nonsense/"} {
		got := get(t, "/openapi", "Accept", accept)
		wantStatus(t, got, http.StatusNotAcceptable)
		compare(t, "body", got.Body.String(), "available: application/yaml, application/json\n")
		compare(t, "Vary", got.Header().Get("Vary"), "Accept")
	}
}

func TestTheIndexIsHTMLForBrowsersOnly(t *testing.T) {
	for accept, mediaType := range map[string]string{
		"":    "text/plain; charset=utf-8",
		"*/*": "text/plain; charset=utf-8",
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "text/html; charset=utf-8",
	} {
		got := get(t, "/", "Accept", accept)
		compare(t, "Content-Type", got.Header().Get("Content-Type"), mediaType)
		varies(t, got.Header())
	}
}

// varies fails the test unless caches are told that answers differ.
func varies(t *testing.T, header http.Header) {
	t.Helper()
	if got := header.Values("Vary"); !slices.Equal(got, []string{"Accept", "Accept-Encoding"}) {
		t.Errorf("Vary is %q", got)
	}
}
