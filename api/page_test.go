package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api"
)

// references matches what HTML links to and loads and what scripts import.
var references = regexp.MustCompile(`(?:href=|src=|from )"([^"]*)"`)

// Everything that a page refers to must exist, wherever the handler is mounted.
func TestReferencesExist(t *testing.T) {
	handler := belowPrefix(api.Handler(api.WithSandbox(teapot)))
	for _, path := range []string{"/", "/docs", "/docs/start.js", "/docs/panel.js"} {
		body := serve(t, handler, http.MethodGet, prefix+path, "Accept", "text/html, */*;q=0.1").Body.String()
		found := references.FindAllStringSubmatch(body, -1)
		if len(found) == 0 {
			t.Errorf("%s refers to nothing", path)
		}
		for _, reference := range found {
			follow(t, handler, prefix+path, reference[1])
		}
	}
}

func follow(t *testing.T, handler http.Handler, from, reference string) {
	t.Helper()
	link, err := url.Parse(reference)
	if err != nil {
		t.Fatal(err)
	}
	if link.Scheme == "data" {
		return
	}
	if link.IsAbs() || link.Host != "" || strings.HasPrefix(link.Path, "/") {
		t.Fatalf("%s refers to %s, which is not relative", from, reference)
	}
	target := (&url.URL{Path: from}).ResolveReference(link)
	wantStatus(t, serve(t, handler, http.MethodGet, target.Path), http.StatusOK)
}

func TestPagesHaveNoInlineScriptsOrStyles(t *testing.T) {
	for _, page := range []string{"/", "/docs"} {
		body := get(t, page, "Accept", "text/html").Body.String()
		if regexp.MustCompile(`<style|style=|<script>|\son\w+=`).MatchString(body) {
			t.Errorf("%s has:\n%s", page, body)
		}
	}
}

func TestPagesHaveLanguageTitleAndHeading(t *testing.T) {
	for _, page := range []string{"/", "/docs"} {
		body := get(t, page, "Accept", "text/html").Body.String()
		for _, part := range []string{`<html lang="en">`, "<title>Talkdesk Express Contract Actions", "<main", "<h1>"} {
			if !strings.Contains(body, part) {
				t.Errorf("%s lacks %s", page, part)
			}
		}
	}
}

func TestIndexIsHTMLForBrowsersOnly(t *testing.T) {
	const text, html = "text/plain; charset=utf-8", "text/html; charset=utf-8"
	for accept, mediaType := range map[string]string{
		"":                                text,
		"*/*":                             text,
		"text/*":                          text,
		"text/plain, text/html;q=0.5":     text,
		"text/html;q=0, */*":              text,
		"text/html;q=0.5, */*":            text,
		"text/html;q=0.5, text/*;q=0.6":   text,
		"text/html;q=7":                   text,
		"*/*;q=0.1, text/html":            html,
		`text/html;with="a, b\", c"`:      html,
		"text/plain;q=0.5, text/html":     html,
		"TEXT/HTML;charset=utf-8;q=0.001": html,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": html,
	} {
		got := get(t, "/", "Accept", accept)
		compare(t, accept, got.Header().Get("Content-Type"), mediaType)
		if vary := got.Header().Values("Vary"); !slices.Equal(vary, []string{"Accept", "Accept-Encoding"}) {
			t.Errorf("Vary = %q", vary)
		}
	}
}

func TestPagesShowWhetherASandboxIsAttached(t *testing.T) {
	for path, words := range map[string]string{"/": "A sandbox of the service", "/docs": "data-sandbox"} {
		for _, mediaType := range []string{"text/plain, */*;q=0.1", "text/html, */*;q=0.1"} {
			if got := get(t, path, "Accept", mediaType); strings.Contains(got.Body.String(), words) {
				t.Errorf("without a sandbox %s contains\n%s", path, got.Body)
			}
			got := serve(t, api.Handler(api.WithSandbox(teapot)), http.MethodGet, path, "Accept", mediaType)
			if !strings.Contains(got.Body.String(), words) {
				t.Errorf("with a sandbox %s contains\n%s", path, got.Body)
			}
		}
	}
}
