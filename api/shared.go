package api

import "net/http"

// shared lets pages of all origins read the answers, and revalidate what they
// have read before (CORS). There is nothing here that needs a credential.
func shared(next http.Handler) http.Handler {
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
