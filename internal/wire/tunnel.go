package wire

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Tunnel forwards connections to an address, until it goes silent: then those
// that are open stay open, and nothing passes through them any more.
type Tunnel struct {
	To string // the address

	listener net.Listener

	mutex sync.Mutex
	dials int
	open  []*passage
}

// passage is one connection through a tunnel: both ends of it.
type passage struct {
	mutex  sync.Mutex
	silent bool
}

// NewTunnel returns a tunnel that is open until the test ends.
func NewTunnel(t testing.TB) *Tunnel {
	tunnel := &Tunnel{listener: listen(t)}
	go func() {
		for {
			client, err := tunnel.listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { client.Close() })
			server, err := net.Dial("tcp", tunnel.To)
			if err != nil {
				return
			}
			tunnel.mutex.Lock()
			passage := new(passage)
			tunnel.open = append(tunnel.open, passage)
			tunnel.dials++
			tunnel.mutex.Unlock()
			go passage.forward(server, client)
			go passage.forward(client, server)
		}
	}()
	return tunnel
}

// Address returns the address of the tunnel's entrance.
func (t *Tunnel) Address() string { return t.listener.Addr().String() }

// Silence makes the connections that are open go silent.
func (t *Tunnel) Silence() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for _, passage := range t.open {
		passage.mutex.Lock()
		passage.silent = true
		passage.mutex.Unlock()
	}
	t.open = nil
}

// Dialled returns the number of connections that were made.
func (t *Tunnel) Dialled() int {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.dials
}

// forward copies what is read. The end of what is read is forwarded, too, unless
// the passage is silent.
func (p *passage) forward(to, from net.Conn) {
	_, err := io.Copy(passing{p, to}, from)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if err != nil || !p.silent {
		to.Close()
	}
}

// passing drops what is written to a silent passage.
type passing struct {
	*passage
	net.Conn
}

func (p passing) Write(data []byte) (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.silent {
		return len(data), nil
	}
	return p.Conn.Write(data)
}
