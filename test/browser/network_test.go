//go:build browser

package browser_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// netLog is the log that Chromium writes of all that it does in the network.
type netLog struct {
	Constants struct {
		LogEventTypes map[string]int
	}
	Events []struct {
		Type   int
		Params struct {
			// URL is empty where the event is the end of a request.
			URL string
			// Initiator is the origin of the page that asked for the request,
			// or noOrigin if the browser did: because somebody opened a page,
			// or for its own purposes.
			Initiator string
		}
	}
}

const noOrigin = "not an origin"

// checkNetwork fails if a page has asked for anything of another origin than
// its own, or if a page has asked for nothing at all.
func checkNetwork(t *testing.T, file string, origins ...string) {
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var log netLog
	if err := json.Unmarshal(content, &log); err != nil {
		t.Fatal(err)
	}
	requests := make(map[string]int)
	for _, event := range log.Events {
		url, initiator := event.Params.URL, event.Params.Initiator
		if event.Type != log.Constants.LogEventTypes["URL_REQUEST_START_JOB"] || url == "" || initiator == noOrigin {
			continue
		}
		requests[initiator]++
		if !slices.Contains(origins, initiator) || !strings.HasPrefix(url, initiator+"/") {
			t.Errorf("%s asked for %s", initiator, url)
		}
	}
	for _, origin := range origins {
		if requests[origin] == 0 {
			t.Errorf("the log knows of no request of %s", origin)
		}
	}
}
