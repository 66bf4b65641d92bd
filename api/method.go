package api

import "net/http"

const readMethods = "GET, HEAD, OPTIONS"

// readOnly passes on requests that read, answers those that ask what is
// possible, and refuses the others.
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
