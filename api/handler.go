package api

import (
	"maps"
	"net/http"
)

// Handler returns a handler for the paths that the documentation of this
// package lists. To serve it below a prefix of another mux, strip the prefix
// with [http.StripPrefix], without the slash at its end: all links between the
// pages are relative.
func Handler(options ...Option) http.Handler {
	var chosen settings
	for _, option := range options {
		option(&chosen)
	}
	routes := router{other: chosen.sandbox, own: map[string]http.Handler{
		"/":             indexPage(chosen),
		"/healthz":      http.HandlerFunc(answerOK),
		"/openapi.yaml": yamlDocument(),
		"/openapi.json": jsonDocument(),
		"/openapi":      anyDocument(),
		"/docs":         documentationPage(chosen),
		"/docs/":        relativeRedirect("../docs"),
	}}
	maps.Copy(routes.own, assets())
	for path, handler := range routes.own {
		routes.own[path] = secure(shared(readOnly(handler)))
	}
	if routes.other == nil {
		routes.other = secure(http.NotFoundHandler())
	}
	return routes
}

// router finds handlers by their exact path. An http.ServeMux would redirect
// paths such as /express//accounts, which the sandbox is to see, and would
// leave out the prefix that the handler is mounted at.
type router struct {
	own   map[string]http.Handler
	other http.Handler
}

func (r router) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	handler, ok := r.own[request.URL.Path]
	if !ok {
		handler = r.other
	}
	handler.ServeHTTP(w, request)
}

// relativeRedirect sends clients elsewhere. http.Redirect would make the
// location absolute, without the prefix that the handler is mounted at.
func relativeRedirect(location string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusMovedPermanently)
	})
}

func answerOK(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}
