package network

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// fault makes a bad way to the upstream address, and returns where it begins.
// It lasts until the test ends.
type fault func(t *testing.T, upstream string) (address string)

// toxics puts a proxy in between that has these toxics, each in the form of
// toxiproxy's HTTP API.
func toxics(toxics ...string) fault {
	return func(t *testing.T, upstream string) string {
		return newProxy(t, upstream, toxics...).Listen
	}
}

// stopped is an address at which nobody listens any more.
func stopped(t *testing.T, upstream string) string {
	proxy := newProxy(t, upstream)
	proxy.Stop()
	return proxy.Listen
}

// halfClosedAfter sends so many bytes of the answer, and the end of the
// stream, but keeps reading. Toxiproxy cannot: it only closes both directions.
func halfClosedAfter(bytes int64) fault {
	return func(t *testing.T, upstream string) string {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		finished := make(chan error)
		go func() { finished <- relayHalfClosed(listener, upstream, bytes) }()
		t.Cleanup(func() {
			listener.Close()
			if err := <-finished; !errors.Is(err, net.ErrClosed) {
				t.Error("half-closing relay:", err)
			}
		})
		return listener.Addr().String()
	}
}

// relayHalfClosed deals with one connection after the other. It only takes the
// next one when the client has closed the one before: a client that keeps a
// half-closed connection would be stuck here.
func relayHalfClosed(listener net.Listener, upstream string, bytes int64) error {
	for {
		client, err := listener.Accept()
		if err != nil {
			return err
		}
		service, err := net.Dial("tcp", upstream)
		if err != nil {
			return err
		}
		go func() {
			io.CopyN(client, service, bytes)
			client.(*net.TCPConn).CloseWrite()
		}()
		io.Copy(service, client)
		service.Close()
		client.Close()
	}
}

// newProxy runs a proxy on loopback until the test ends.
func newProxy(t *testing.T, upstream string, toxics ...string) *toxiproxy.Proxy {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	proxy := toxiproxy.NewProxy(server, t.Name(), "127.0.0.1:0", upstream)
	for _, toxic := range toxics {
		if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			t.Fatalf("toxic %s: %v", toxic, err)
		}
	}
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	return proxy
}
