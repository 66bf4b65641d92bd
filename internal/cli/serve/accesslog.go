package serve

import (
	"log"
	"net/http"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// logAccess logs a line for each request, without queries and headers, which can
// contain credentials.
func logAccess(logger *log.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		recorder := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(recorder, r)
		logger.Printf("%s %s %d %v", logged(r.Method), logged(r.URL.EscapedPath()), recorder.status,
			time.Since(started).Round(time.Microsecond))
	})
}

// maxLogged is in bytes. The path of a list takes about 70.
const maxLogged = 256

// logged returns the beginning of a text, which has no limit of its own.
func logged(text string) string {
	if len(text) > maxLogged {
		text = text[:maxLogged] + "…"
	}
	return terminal.Printable(text)
}

// statusWriter records the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap supports http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
