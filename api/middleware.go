package api

import (
	"net/http"
	"strings"
)

const readMethods = "GET, HEAD, OPTIONS"

// readOnly passes GET and HEAD on, answers OPTIONS, and rejects other methods.
func readOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			next.ServeHTTP(w, r)
		case http.MethodOptions:
			w.Header().Set("Allow", readMethods)
			w.WriteHeader(http.StatusNoContent)
		default:
			w.Header().Set("Allow", readMethods)
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		}
	})
}

// allowAllOrigins lets pages of every origin read and revalidate responses
// (CORS). Nothing here needs a credential.
func allowAllOrigins(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("Access-Control-Expose-Headers", "ETag")
		if r.Method == http.MethodOptions {
			header.Set("Access-Control-Allow-Methods", readMethods)
			header.Set("Access-Control-Allow-Headers", "If-None-Match, If-Range, Range")
			header.Set("Access-Control-Max-Age", "86400")
		}
		next.ServeHTTP(w, r)
	})
}

// contentSecurityPolicy lets pages load what they need from their own origin
// and nothing else. Swagger UI has its icons in data URLs.
var contentSecurityPolicy = strings.Join([]string{
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data:",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
}, "; ")

// withSecurityHeaders adds the headers that make browsers restrict what a
// response can do.
func withSecurityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", contentSecurityPolicy)
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}
