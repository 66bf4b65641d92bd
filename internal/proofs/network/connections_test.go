package network

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// connections counts those that the client opens, and decides which way each
// one takes.
//
// That is simpler than to remove toxics from a proxy: which connection a fault
// hits is certain, and nothing changes under a connection that is open.
type connections struct {
	mutex  sync.Mutex
	routes map[string]route // by the address that the client asks for
	opened map[string]int
	open   int
}

// route is the way to an address: the first so many connections take the bad
// one.
type route struct {
	bad   string
	first int
}

// newConnections returns the count, and a client that makes all its
// connections through it. When the test ends, they must all be closed and
// their goroutines gone.
func newConnections(t *testing.T) (*connections, *http.Client) {
	t.Helper()
	c := &connections{routes: map[string]route{}, opened: map[string]int{}}
	transport := &http.Transport{DialContext: c.dial}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		goleak.VerifyNone(t, toxiproxyLeaks...)
		if open := c.stillOpen(); open != 0 {
			t.Errorf("%d connections still open", open)
		}
	})
	return c, &http.Client{Transport: transport}
}

// toxiproxyLeaks are goroutines that toxiproxy never ends: a toxic that closes
// its connection leaves whatever feeds it blocked on a channel.
var toxiproxyLeaks = []goleak.Option{
	goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2.(*ToxicLink).read"),
	goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2.(*ToxicLink).write"),
	goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2/toxics.(*ToxicStub).Run"),
}

func (c *connections) dial(ctx context.Context, network, address string) (net.Conn, error) {
	connection, err := new(net.Dialer).DialContext(ctx, network, c.way(address))
	if err != nil {
		return nil, err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.open++
	return &counted{Conn: connection, connections: c}, nil
}

// way counts a connection in and returns where it leads.
func (c *connections) way(address string) string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.opened[address]++
	if route := c.routes[address]; c.opened[address] <= route.first {
		return route.bad
	}
	return address
}

// to returns how many connections have been asked for, refused ones included.
func (c *connections) to(address string) int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.opened[address]
}

func (c *connections) stillOpen() int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.open
}

type counted struct {
	net.Conn
	connections *connections
	closed      sync.Once
}

func (c *counted) Close() error {
	c.closed.Do(func() {
		c.connections.mutex.Lock()
		defer c.connections.mutex.Unlock()
		c.connections.open--
	})
	return c.Conn.Close()
}
