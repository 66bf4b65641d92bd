package sandbox

import (
	"net/http"
	"path"
	"slices"
	"strings"
)

// newRoutes returns a handler for the token endpoint and the paths of the contract.
// Other paths are answered with 404.
func (s *Server) newRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(TokenPath, onlyMethods([]string{http.MethodPost}, s.tokenFaults))
	// A path template of OpenAPI is also a pattern of ServeMux.
	for template, methods := range s.contract.methods() {
		mux.Handle(template, onlyMethods(methods, s.actionFaults))
	}
	mux.HandleFunc("/", sendUnknownPath)
	return rejectUncleanPaths(mux)
}

// onlyMethods passes requests with one of the methods on.
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

// rejectUncleanPaths responds with 404 to paths such as /a//b and /a/../b, which
// ServeMux would redirect: a test should see that its client composes such a path.
func rejectUncleanPaths(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path.Clean(r.URL.Path) != r.URL.Path {
			sendUnknownPath(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func sendUnknownPath(w http.ResponseWriter, _ *http.Request) {
	notFound("There is no resource at this path.").send(w)
}
