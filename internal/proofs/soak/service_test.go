package soak

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

const (
	// serviceSeed is the environment variable that makes this binary the service.
	serviceSeed = "SOAK_SERVICE_SEED"

	// Tokens end in every way: refused, revoked, renewed early, expired.
	tokenLifetime = time.Second
	revokeEvery   = 2000 // requests for contract actions
)

// announcement is the first line that the service prints.
type announcement struct{ URL, ClientID, ClientSecret string }

// report is the second and last one, after its standard input has ended and
// the client has closed its connections.
type report struct {
	Faults                  map[string]int // by kind
	ActionRequests          int
	TokenRequests           int
	Opened, Peak, StillOpen int // connections
	ContractViolations      []string
}

// service is the sandbox's process as the test sees it.
type service struct {
	announcement
	process *exec.Cmd
	input   io.Closer
	lines   *json.Decoder
}

func startService(t *testing.T, seed uint64) *service {
	t.Helper()
	process := exec.Command(must(os.Executable()))
	process.Env = append(os.Environ(), fmt.Sprintf("%s=%d", serviceSeed, seed))
	process.Stderr = os.Stderr
	s := &service{
		process: process,
		input:   must(process.StdinPipe()),
		lines:   json.NewDecoder(must(process.StdoutPipe())),
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	if err := s.lines.Decode(&s.announcement); err != nil {
		t.Fatal("the service did not start:", err)
	}
	return s
}

// stop ends the service and returns what it saw.
func (s *service) stop(t *testing.T) report {
	t.Helper()
	s.input.Close()
	var seen report
	if err := s.lines.Decode(&seen); err != nil {
		t.Error("the service's report:", err)
	}
	if err := s.process.Wait(); err != nil {
		t.Error("the service:", err)
	}
	return seen
}

// runService is the other process. It ends with its standard input, so that it
// never outlives the test.
func runService(seed string) (exitCode int) {
	faulty := newFaultyService(must(strconv.ParseUint(seed, 10, 64)))
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	connections := new(connectionCount)
	server := &http.Server{Handler: faulty, ConnState: connections.changed}
	go server.Serve(listener)

	lines := json.NewEncoder(os.Stdout)
	lines.Encode(announcement{"http://" + listener.Addr().String(), faulty.sandbox.ClientID, faulty.sandbox.ClientSecret})
	io.Copy(io.Discard, os.Stdin)
	seen := faulty.report()
	seen.Opened, seen.Peak, seen.StillOpen = connections.settle()
	lines.Encode(seen)
	return 0
}

// faultyService deals every request a card before the sandbox answers it.
type faultyService struct {
	sandbox         *sandbox.Server
	actions, tokens *deck
}

func newFaultyService(seed uint64) *faultyService {
	return &faultyService{
		sandbox: sandbox.New(append(accounts(), sandbox.WithTokenLifetime(tokenLifetime))...),
		actions: newDeck(rand.New(rand.NewPCG(seed, callers)), actionCards),
		tokens:  newDeck(rand.New(rand.NewPCG(seed, callers+1)), tokenCards),
	}
}

func (s *faultyService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == sandbox.TokenPath {
		s.sandbox.FailToken(s.tokens.deal())
	} else {
		s.sandbox.Fail(s.actions.deal())
		if s.sandbox.ActionRequests()%revokeEvery == 0 {
			s.sandbox.RevokeTokens()
		}
	}
	s.sandbox.ServeHTTP(w, r)
}

func (s *faultyService) report() report {
	faults := s.actions.kinds()
	for kind, count := range s.tokens.kinds() {
		faults[kind] += count
	}
	return report{
		Faults:             faults,
		ActionRequests:     s.sandbox.ActionRequests(),
		TokenRequests:      s.sandbox.TokenRequests(),
		ContractViolations: s.sandbox.Violations(),
	}
}

// connectionCount counts a server's connections.
type connectionCount struct {
	mutex        sync.Mutex
	opened, open int
	peak         int
	closed       sync.WaitGroup
}

func (c *connectionCount) changed(_ net.Conn, state http.ConnState) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	switch state {
	case http.StateNew:
		c.opened, c.open = c.opened+1, c.open+1
		c.peak = max(c.peak, c.open)
		c.closed.Add(1)
	case http.StateClosed:
		c.open--
		c.closed.Done()
	}
}

// settle waits for the client to close its connections, within reason.
func (c *connectionCount) settle() (opened, peak, stillOpen int) {
	none := make(chan struct{})
	go func() { c.closed.Wait(); close(none) }()
	select {
	case <-none:
	case <-time.After(10 * time.Second):
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.opened, c.peak, c.open
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
