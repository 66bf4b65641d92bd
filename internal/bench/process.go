package main

import (
	"crypto/x509"
	"fmt"
	"io"
	"net/rpc"
	"os"
	"os/exec"
)

// server is the server's process, seen from the one that measures.
type server struct {
	process *exec.Cmd
	control *rpc.Client
}

// startServer runs this program again, as the server. It must be called
// before the first TLS connection, and once: it makes the process trust the
// server's certificate as it trusts the system's, so that clients are measured
// with the transport that they come with.
func startServer() (*server, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	process := exec.Command(program, "serve")
	process.Stderr = os.Stderr
	input, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	s := &server{process, rpc.NewClient(pipes{output, input})}
	var der []byte
	if err := s.control.Call("Listeners.Certificate", struct{}{}, &der); err != nil {
		return nil, fmt.Errorf("ask the server for its certificate: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(certificate)
	x509.SetFallbackRoots(trusted)
	return s, nil
}

// stop ends the process.
func (s *server) stop() error {
	s.control.Close()
	return s.process.Wait()
}

type pipes struct {
	io.ReadCloser
	input io.WriteCloser
}

func (p pipes) Write(b []byte) (int, error) { return p.input.Write(b) }

func (p pipes) Close() error { return p.input.Close() }

// site is one open port of the server.
type site struct {
	server *server
	url    string
}

func (s *server) open(protocol string) (site, error) {
	opened := site{server: s}
	err := s.control.Call("Listeners.Open", protocol, &opened.url)
	return opened, err
}

// base is the base URL for a client, under some conditions.
func (s site) base(c conditions) string { return s.url + "/" + c.String() }

func (s site) tokenURL() string { return s.url + "/token" }

// dials returns how many connections the server has accepted here.
func (s site) dials() (count int, err error) {
	err = s.server.control.Call("Listeners.Dials", s.url, &count)
	return count, err
}

// disconnect closes all connections from the server's side.
func (s site) disconnect() error {
	return s.server.control.Call("Listeners.Disconnect", s.url, new(struct{}))
}

func (s site) close() error {
	return s.server.control.Call("Listeners.Close", s.url, new(struct{}))
}
