package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/rpc"
	"os"
	"runtime/debug"
	"sync"
)

// serve is the server's process. It is told what to do over standard input
// and ends with it.
func serve() error {
	// The process is not what is measured: let it collect garbage seldom.
	debug.SetGCPercent(400)
	certificate, err := newCertificate()
	if err != nil {
		return err
	}
	listeners := &Listeners{certificate: certificate, open: map[string]*listener{}}
	server := rpc.NewServer()
	if err := server.Register(listeners); err != nil {
		return err
	}
	server.ServeConn(standardStreams{})
	return nil
}

type standardStreams struct{}

func (standardStreams) Read(p []byte) (int, error)  { return os.Stdin.Read(p) }
func (standardStreams) Write(p []byte) (int, error) { return os.Stdout.Write(p) }
func (standardStreams) Close() error                { return os.Stdin.Close() }

// Listeners is what the server's process can be told to do (net/rpc).
type Listeners struct {
	certificate tls.Certificate
	mu          sync.Mutex
	open        map[string]*listener
}

// Certificate answers with the certificate of every listener, in DER.
func (l *Listeners) Certificate(_ struct{}, der *[]byte) error {
	*der = l.certificate.Certificate[0]
	return nil
}

// Open listens on a free port of this machine. It answers with the URL.
func (l *Listeners) Open(protocol string, url *string) error {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	opened := newListener(protocol, l.certificate)
	go opened.serve(socket)
	scheme := "https://"
	if protocol == plainHTTP1 {
		scheme = "http://"
	}
	*url = scheme + socket.Addr().String()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[*url] = opened
	return nil
}

// Dials answers with the number of connections that were accepted.
func (l *Listeners) Dials(url string, count *int) error {
	return l.with(url, func(opened *listener) { *count = opened.connections.accepted() })
}

// Disconnect closes all connections, so that the next request dials, as if it
// were the first.
func (l *Listeners) Disconnect(url string, _ *struct{}) error {
	return l.with(url, func(opened *listener) {
		opened.connections.close()
		opened.start.reset()
	})
}

// Close ends a listener and forgets its pages.
func (l *Listeners) Close(url string, _ *struct{}) error {
	return l.with(url, func(opened *listener) {
		delete(l.open, url)
		opened.server.Close()
	})
}

func (l *Listeners) with(url string, do func(*listener)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	opened, ok := l.open[url]
	if !ok {
		return fmt.Errorf("nothing listens at %s", url)
	}
	do(opened)
	return nil
}
