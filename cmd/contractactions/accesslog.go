package main

import (
	"log"
	"net/http"
	"time"
)

// logAccess logs a line for each request. Neither queries nor headers are in
// it: both can carry credentials.
func logAccess(logger *log.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		watched := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(watched, r)
		logger.Printf("%s %s %d %v", printable(r.Method), printable(r.URL.EscapedPath()), watched.status,
			time.Since(started).Round(time.Microsecond))
	})
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
