package control

import (
	"net/http"
	"sync/atomic"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// Sandbox passes requests to a sandbox that can be replaced by a new one.
type Sandbox struct {
	create  func() (*sandbox.Server, error)
	current atomic.Pointer[sandbox.Server]
}

// New returns a Sandbox with a first server. The function creates a server in its
// initial state, with the same clients each time. It must be safe for concurrent use.
func New(create func() (*sandbox.Server, error)) (*Sandbox, error) {
	s := &Sandbox{create: create}
	return s, s.reset()
}

// ServeHTTP passes the request to the current server.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.Server().ServeHTTP(w, r) }

// Server returns the current server.
func (s *Sandbox) Server() *sandbox.Server { return s.current.Load() }

func (s *Sandbox) reset() error {
	server, err := s.create()
	if err == nil {
		s.current.Store(server)
	}
	return err
}
