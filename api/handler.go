package api

import (
	"cmp"
	"maps"
	"net/http"
)

// Option configures [Handler].
type Option func(*settings)

type settings struct {
	sandbox http.Handler
}

// WithSandbox attaches a service against which the documentation page tries
// requests, usually a [github.com/talkdesk-express/contractactions/api/sandbox.Server].
// It receives every request for a path that is not one of the handler's own, and
// must serve the paths of the document: those of its operations and that of the
// token endpoint. Nil means no sandbox, which is the default.
//
// The links in the responses of a sandbox.Server start at the root of the host.
// To follow them from one page of a list to the next, mount the handler at the
// root as well, or give the sandbox the URL of the prefix
// ([github.com/talkdesk-express/contractactions/api/sandbox.WithURL]).
//
// The addresses in /sandbox.yaml and /sandbox.json begin with that URL, if the
// service is a *sandbox.Server that has one. Otherwise they begin with the scheme,
// host and prefix to which the request for the document was sent.
func WithSandbox(service http.Handler) Option {
	return func(s *settings) { s.sandbox = service }
}

// Handler returns a handler for the paths listed in the documentation of this
// package. It is safe for concurrent use.
//
// To serve it below a prefix of another mux, remove the prefix with
// [http.StripPrefix], without the slash at its end. All links between the pages
// are relative.
func Handler(options ...Option) http.Handler {
	var chosen settings
	for _, option := range options {
		option(&chosen)
	}
	routes := router{other: chosen.sandbox, own: map[string]http.Handler{
		"/":        indexPage(chosen),
		"/healthz": http.HandlerFunc(serveHealth),
		"/docs":    documentationPage(chosen),
		"/docs/":   relativeRedirect("../docs"),
	}}
	maps.Copy(routes.own, assets())
	maps.Copy(routes.own, documents(chosen.sandbox))
	for path, handler := range routes.own {
		routes.own[path] = withSecurityHeaders(allowAllOrigins(readOnly(handler)))
	}
	if routes.other == nil {
		routes.other = withSecurityHeaders(http.NotFoundHandler())
	}
	return routes
}

// router finds handlers by their exact path. An http.ServeMux would redirect
// paths such as /express//accounts, which the sandbox must see, and its
// redirects would lack the prefix at which the handler is mounted.
type router struct {
	own   map[string]http.Handler
	other http.Handler
}

func (r router) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	// A target in absolute form may have no path, which means "/".
	handler, ok := r.own[cmp.Or(request.URL.Path, "/")]
	if !ok {
		handler = r.other
	}
	handler.ServeHTTP(w, request)
}

// relativeRedirect redirects permanently. http.Redirect would make the location
// absolute, without the prefix at which the handler is mounted.
func relativeRedirect(location string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusMovedPermanently)
	})
}

func serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}
