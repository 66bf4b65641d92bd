// Package wire is for tests: a service that answers byte by byte, over networks that
// do what no server of net/http does. They close, reset and stall connections, or let
// them go silent.
package wire

import (
	"bufio"
	"net"
	"net/http"
	"sync"
)

// Service is an API and its token endpoint in one.
type Service struct {
	// Actions and Tokens answer the requests to the API and to the token endpoint,
	// which are those with POST, one by one. The last one stays.
	Actions, Tokens []Script

	heard chan struct{}

	mutex               sync.Mutex
	requests, exchanges int
}

// NewService returns a service that answers with these scripts.
func NewService(actions, tokens []Script) *Service {
	return &Service{Actions: actions, Tokens: tokens, heard: make(chan struct{}, 100)}
}

// Script answers one request. The connection is closed after it.
type Script func(*Conversation)

// Conversation is a request and the connection to answer it on.
type Conversation struct {
	net.Conn
	Request *http.Request
	Heard   <-chan struct{} // says that the client has read what was written, see [Service.Hear]
	Silence func()          // makes the connections go silent; nil where the network cannot
}

func (s *Service) serve(connection net.Conn) {
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		// All of it: to close with something unread would be a reset.
		if err := request.ParseForm(); err != nil {
			return
		}
		s.next(request)(&Conversation{connection, request, s.heard, nil})
		if request.Close {
			return
		}
	}
}

// next counts a request and returns what answers it.
func (s *Service) next(request *http.Request) Script {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	scripts, count := s.Actions, &s.requests
	if request.Method == http.MethodPost {
		scripts, count = s.Tokens, &s.exchanges
	}
	*count++
	return scripts[min(*count, len(scripts))-1]
}

// Seen returns the numbers of requests to the API and to the token endpoint.
func (s *Service) Seen() (requests, exchanges int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.requests, s.exchanges
}

// Hear is to be called when the client reads the beginning of an answer.
func (s *Service) Hear() { s.heard <- struct{}{} }
