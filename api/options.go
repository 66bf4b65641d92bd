package api

import "net/http"

// Option changes what [Handler] serves.
type Option func(*settings)

type settings struct {
	sandbox http.Handler
}

// WithSandbox attaches a service to try calls against, most likely a
// [github.com/talkdesk-express/contractactions/api/sandbox.Server]. It gets all
// requests for paths that are not the handler's own, and has to answer at the
// paths of the document: that of the operation, and that of the token
// endpoint.
//
// Links in the answers of a sandbox.Server lead to the root of the host. To
// follow them from one page of a list to the next, leave the handler at the
// root as well.
func WithSandbox(service http.Handler) Option {
	return func(s *settings) { s.sandbox = service }
}
