package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api"
)

// references are what HTML links to and loads, and what scripts import.
var references = regexp.MustCompile(`(?:href=|src=|from )"([^"]*)"`)

// Whatever a page refers to has to be there, wherever the handler is mounted.
func TestAllReferencesLeadSomewhere(t *testing.T) {
	handler := belowPrefix(api.Handler(api.WithSandbox(teapot)))
	for _, path := range []string{"/", "/docs", "/docs/start.js", "/docs/panel.js"} {
		body := answer(t, handler, http.MethodGet, prefix+path, "Accept", "text/html, */*;q=0.1").Body.String()
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
	wantStatus(t, answer(t, handler, http.MethodGet, target.Path), http.StatusOK)
}

func TestPagesHaveNoScriptsOrStylesInside(t *testing.T) {
	for _, page := range []string{"/", "/docs"} {
		body := get(t, page, "Accept", "text/html").Body.String()
		if regexp.MustCompile(`<style|style=|<script>|\son\w+=`).MatchString(body) {
			t.Errorf("%s has:\n%s", page, body)
		}
	}
}

func TestPagesSayWhatTheyAre(t *testing.T) {
	for _, page := range []string{"/", "/docs"} {
		body := get(t, page, "Accept", "text/html").Body.String()
		for _, part := range []string{`<html lang="en">`, "<title>Talkdesk Express Contract Actions", "<main", "<h1>"} {
			if !strings.Contains(body, part) {
				t.Errorf("%s lacks %s", page, part)
			}
		}
	}
}
