package sandbox

import (
	"net/http"
	"path"
	"slices"
	"strings"
)

// newRoutes sends requests for the paths of the contract and for the token
// endpoint where they belong, and refuses all others.
func (s *Server) newRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(TokenPath, onlyMethods([]string{http.MethodPost}, s.tokens))
	// A path template of OpenAPI is a pattern for ServeMux as it stands.
	for template, methods := range s.contract.methods() {
		mux.Handle(template, onlyMethods(methods, s.actions))
	}
	mux.HandleFunc("/", sendUnknownPath)
	return refuseUncleanPaths(mux)
}

// onlyMethods passes on requests that use one of the methods.
func onlyMethods(methods []string, next http.Handler) http.Handler {
	allow := strings.Join(methods, ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.Contains(methods, r.Method) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Allow", allow)
		newAPIError(http.StatusMethodNotAllowed, codeMethodNotAllowed, "The method is not allowed.",
			"Allowed here: "+allow+".").send(w)
	})
}

// refuseUncleanPaths keeps requests such as /a//b or /a/../b from ServeMux,
// which would redirect them: a client that composes such a path has a fault
// that its test should see.
func refuseUncleanPaths(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path.Clean(r.URL.Path) != r.URL.Path {
			sendUnknownPath(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func sendUnknownPath(w http.ResponseWriter, _ *http.Request) {
	notFound("There is nothing at this path.").send(w)
}

// origin is the scheme and the authority under which the client sees the
// server.
func origin(r *http.Request) string {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	switch {
	case r.URL.Scheme != "": // a request in absolute form, or not from a connection
		return r.URL.Scheme + "://" + host
	case r.TLS != nil:
		return "https://" + host
	default:
		return "http://" + host
	}
}
