package sandbox

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// answer is an http.ResponseWriter that keeps what is written, so that it can
// be checked or spoilt before it leaves.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

// answerOf runs the handler and keeps its answer.
func answerOf(handler http.Handler, r *http.Request) *answer {
	a := &answer{status: http.StatusOK, header: make(http.Header)}
	handler.ServeHTTP(a, r)
	return a
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(data []byte) (int, error) { return a.body.Write(data) }

func (a *answer) replaceBody(body []byte) {
	a.body.Reset()
	_, _ = a.body.Write(body)
}

// sendHead sends everything but the body, and promises all of it.
func (a *answer) sendHead(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.Itoa(a.body.Len()))
	w.WriteHeader(a.status)
}

func (a *answer) send(w http.ResponseWriter) {
	a.sendHead(w)
	// A client that has gone away is no concern of the sandbox's.
	_, _ = w.Write(a.body.Bytes())
}

// sendJSON answers with the value as JSON. The value must be one that
// encoding/json cannot fail on.
func sendJSON(w http.ResponseWriter, status int, value any) {
	body, _ := json.Marshal(value)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
