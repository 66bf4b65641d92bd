//go:build peers

package peers

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

const document = "../../openapi.yaml"

// startPrism runs one of Prism's commands on openapi.yaml and returns its URL.
func startPrism(t *testing.T, command string, arguments ...string) (url string) {
	t.Helper()
	arguments = append([]string{command, document, "--port", "0"}, arguments...)
	return startPeer(t, nil, "node_modules/@stoplight/prism-cli/dist/index.js", arguments...)
}

// witness keeps what Prism says of every exchange.
type witness struct {
	prism string // URL; answers from elsewhere are not Prism's

	mutex    sync.Mutex
	verdicts []verdict
}

// verdict is the status of an answer, and what Prism found wrong with the
// answer or with its request: JSON, or empty for nothing.
type verdict struct {
	status     int
	violations string
}

func (w *witness) see(response *http.Response) {
	if !strings.HasPrefix(response.Request.URL.String(), w.prism+"/") {
		return
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.verdicts = append(w.verdicts, verdict{response.StatusCode, response.Header.Get("Sl-Violations")})
}

// violations are all that Prism found.
func (w *witness) violations() string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	var all strings.Builder
	for _, verdict := range w.verdicts {
		all.WriteString(verdict.violations)
	}
	return all.String()
}

func (w *witness) wantNoViolations(t *testing.T) {
	t.Helper()
	if found := w.violations(); found != "" {
		t.Errorf("Prism found %s", found)
	}
}
