package main

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
)

// The protocols that a listener speaks, one each.
const (
	plainHTTP1 = "HTTP/1.1"
	tlsHTTP1   = "TLS HTTP/1.1"
	tlsHTTP2   = "TLS HTTP/2"
)

// listener is one open port.
type listener struct {
	server      *http.Server
	connections connections
	start       startingLine
}

func newListener(protocol string, certificate tls.Certificate) *listener {
	opened := &listener{server: &http.Server{
		Protocols: new(http.Protocols),
		ErrorLog:  log.New(io.Discard, "", 0), // of clients that dial and think better of it
	}}
	opened.server.Handler = newHandler(&opened.start)
	opened.server.Protocols.SetHTTP1(protocol != tlsHTTP2)
	opened.server.Protocols.SetHTTP2(protocol == tlsHTTP2)
	opened.server.ConnState = opened.connections.note
	if protocol != plainHTTP1 {
		opened.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	}
	return opened
}

func (l *listener) serve(socket net.Listener) {
	if l.server.TLSConfig != nil {
		l.server.ServeTLS(socket, "", "")
		return
	}
	l.server.Serve(socket)
}
