package control

import (
	"net/http"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// ForSandbox returns the fault as a sandbox takes it. The document allows only delays
// that [time.ParseDuration] accepts.
func (f Fault) ForSandbox() sandbox.Fault {
	fault := sandbox.Fault{Status: f.Status, Header: make(http.Header), Body: f.Body}
	if f.Status != 0 && f.Body == "" && len(f.Headers) == 0 {
		fault = sandbox.StatusFault(f.Status)
	}
	for name, value := range f.Headers {
		fault.Header.Set(name, value)
	}
	fault.Delay, _ = time.ParseDuration(f.Delay)
	fault.Drop, fault.CutAfter = f.Drop, f.CutAfter
	return fault
}

// Queue queues the fault.
func (f Fault) Queue(server *sandbox.Server) {
	fail := server.Fail
	if f.Endpoint == FaultEndpointToken {
		fail = server.FailToken
	}
	for range max(1, f.Times) {
		fail(f.ForSandbox())
	}
}
