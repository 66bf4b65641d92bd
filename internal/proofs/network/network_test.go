package network

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"syscall"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

const (
	account = sandbox.DefaultAccountID
	actions = 120 // on three pages

	// attempts is the limit: a fault that lasts fails so many.
	attempts = 3
	always   = math.MaxInt

	// patient never ends an attempt; short does where the answer takes for ever,
	// and is long enough for one that does not.
	patient = time.Minute
	short   = 500 * time.Millisecond
)

const (
	// A kilobyte a second, which is the least that toxiproxy knows.
	trickleUp   = `{"type": "bandwidth", "stream": "upstream", "attributes": {"rate": 1}}`
	trickleDown = `{"type": "bandwidth", "stream": "downstream", "attributes": {"rate": 1}}`

	// Toxicity 0 lets all data pass; what remains is that closing resets.
	resetOnClose = `{"type": "reset_peer", "toxicity": 0}`
)

// errUnnamed stands for an error without a name: net/http has none for a header
// that breaks off in the middle of a line.
var errUnnamed = errors.New("any error")

// Each row is run for both endpoints: the fault is on the way to one of them,
// and the other one's is sound.
func TestFaultsOfTheNetwork(t *testing.T) {
	tests := []struct {
		name    string
		fault   fault
		first   int           // so many connections meet the fault
		timeout time.Duration // of an attempt

		connections int   // opened to the endpoint in all
		failure     error // nil: the user gets the whole list
	}{
		// What only takes time.
		{"latency below the timeout", toxics(`{"type": "latency", "attributes": {"latency": 5}}`), always, patient, 1, nil},
		{"latency above the timeout, once", toxics(`{"type": "latency", "attributes": {"latency": 60000}}`), 1, short, 2, nil},
		{"latency above the timeout, always", toxics(`{"type": "latency", "attributes": {"latency": 60000}}`), always, short, attempts, context.DeadlineExceeded},
		{"trickle, once", toxics(trickleUp, trickleDown), 1, short, 2, nil},
		{"trickle, always", toxics(trickleUp, trickleDown), always, short, attempts, context.DeadlineExceeded},
		{"tiny packets", toxics(`{"type": "slicer", "attributes": {"average_size": 16, "size_variation": 8}}`), always, patient, 1, nil},
		{"close takes long", toxics(`{"type": "slow_close", "attributes": {"delay": 60000}}`), always, patient, 1, nil},

		// The peer that says nothing.
		{"silence, then closed, once", toxics(`{"type": "timeout", "attributes": {"timeout": 1}}`), 1, patient, 2, nil},
		{"silence, then closed, always", toxics(`{"type": "timeout", "attributes": {"timeout": 1}}`), always, patient, attempts, io.EOF},
		{"silence, once", toxics(`{"type": "timeout", "attributes": {"timeout": 0}}`), 1, short, 2, nil},
		{"silence, always", toxics(`{"type": "timeout", "attributes": {"timeout": 0}}`), always, short, attempts, context.DeadlineExceeded},
		{"request lost, once", toxics(`{"type": "timeout", "stream": "upstream", "attributes": {"timeout": 0}}`), 1, short, 2, nil},

		// The peer that resets.
		{"reset at once, once", toxics(`{"type": "reset_peer"}`), 1, patient, 2, nil},
		{"reset at once, always", toxics(`{"type": "reset_peer"}`), always, patient, attempts, syscall.ECONNRESET},
		{"reset inside the header, always", toxics(`{"type": "limit_data", "attributes": {"bytes": 40}}`, resetOnClose), always, patient, attempts, errUnnamed},
		{"reset inside the body, once", toxics(`{"type": "limit_data", "attributes": {"bytes": 300}}`, resetOnClose), 1, patient, 2, nil},
		{"reset inside the body, always", toxics(`{"type": "limit_data", "attributes": {"bytes": 300}}`, resetOnClose), always, patient, attempts, syscall.ECONNRESET},

		// The peer that closes before the end.
		{"closed before the answer, once", toxics(`{"type": "limit_data", "attributes": {"bytes": 0}}`), 1, patient, 2, nil},
		{"closed before the answer, always", toxics(`{"type": "limit_data", "attributes": {"bytes": 0}}`), always, patient, attempts, io.EOF},
		{"closed inside the status line, always", toxics(`{"type": "limit_data", "attributes": {"bytes": 8}}`), always, patient, attempts, errUnnamed},
		{"closed inside the header, once", toxics(`{"type": "limit_data", "attributes": {"bytes": 100}}`), 1, patient, 2, nil},
		{"closed inside the header, always", toxics(`{"type": "limit_data", "attributes": {"bytes": 100}}`), always, patient, attempts, errUnnamed},
		{"closed inside the body, once", toxics(`{"type": "limit_data", "attributes": {"bytes": 300}}`), 1, patient, 2, nil},
		{"closed inside the body, twice", toxics(`{"type": "limit_data", "attributes": {"bytes": 300}}`), 2, patient, 3, nil},
		{"closed inside the body, always", toxics(`{"type": "limit_data", "attributes": {"bytes": 300}}`), always, patient, attempts, io.ErrUnexpectedEOF},
		{"half-closed inside the body, once", halfClosedAfter(300), 1, patient, 2, nil},
		{"half-closed inside the body, always", halfClosedAfter(300), always, patient, attempts, io.ErrUnexpectedEOF},

		// Nobody there.
		{"refused, then up again", stopped, 2, patient, 3, nil},
		{"refused", stopped, always, patient, attempts, syscall.ECONNREFUSED},
	}
	for _, endpoint := range endpoints {
		for _, test := range tests {
			t.Run(endpoint.name+"/"+test.name, func(t *testing.T) {
				network := newNetwork(t, test.timeout)
				address := endpoint.proxy(network).Listen
				network.connections.routes[address] = route{bad: test.fault(t, network.upstream), first: test.first}

				ids, err := network.list(t)
				if test.failure == nil {
					network.wantWholeList(t, ids, err)
				} else {
					wantNothingBut(t, test.failure, ids, err)
					if made := endpoint.attempts(err); made != attempts {
						t.Errorf("the error speaks of %d attempts, want %d: %v", made, attempts, err)
					}
				}
				network.wantConnections(t, address, test.connections)
			})
		}
	}
}

// A connection serves one page after the other until it breaks.
func TestPageIsRepeatedWhole(t *testing.T) {
	tests := []struct {
		name  string
		after int    // bytes: the first page takes 11308, the first two about 22850, and all three about 27900
		asked string // the pages
	}{
		{"first page, header", 100, "1 1 2 3"},
		{"first page, first bytes of the body", 150, "1 1 2 3"},
		{"first page, last byte of the body", 11307, "1 1 2 3"},
		{"second page, header", 11400, "1 2 2 3"},
		{"second page, body", 20000, "1 2 2 3"},
		{"last page, body", 27000, "1 2 3 3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			network := newNetwork(t, patient)
			address := network.actions.Listen
			cut := toxics(fmt.Sprintf(`{"type": "limit_data", "attributes": {"bytes": %d}}`, test.after))
			network.connections.routes[address] = route{bad: cut(t, network.upstream), first: 1}

			ids, err := network.list(t)
			network.wantWholeList(t, ids, err)
			network.wantConnections(t, address, 2)
			if asked := network.pagesAsked(); asked != test.asked {
				t.Errorf("asked for the pages %s, want %s", asked, test.asked)
			}
		})
	}
}

// A connection that was kept for later may be gone when it is needed.
func TestConnectionsClosedWhileIdle(t *testing.T) {
	for _, endpoint := range endpoints {
		t.Run(endpoint.name, func(t *testing.T) {
			network := newNetwork(t, patient)
			proxy := endpoint.proxy(network)

			var ids []string
			for page, err := range network.client.Pages(t.Context(), account, wrapper.PerPage(50), wrapper.NoPrefetch()) {
				if err != nil {
					t.Fatal(err)
				}
				for _, action := range page.Actions {
					ids = append(ids, action.ID)
				}
				if page.Number == 1 {
					proxy.Stop() // closes all its connections
					if err := proxy.Start(); err != nil {
						t.Fatal(err)
					}
					network.service.RevokeTokens() // so that the next page needs both endpoints
				}
			}
			network.wantWholeList(t, ids, nil)
			network.wantConnections(t, proxy.Listen, 2)
		})
	}
}
