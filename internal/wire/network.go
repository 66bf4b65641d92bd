package wire

import (
	"bufio"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Network connects a client with a service until the test ends.
type Network func(t testing.TB, s *Service, keepAlive bool) (client *http.Client, base string)

// InMemory has the real client of net/http on a connection without a socket.
func InMemory(t testing.TB, s *Service, keepAlive bool) (*http.Client, string) {
	var connections sync.WaitGroup
	t.Cleanup(connections.Wait)
	dial := func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		connections.Go(func() { s.serve(server) })
		return client, nil
	}
	transport := &http.Transport{DialContext: dial, DisableKeepAlives: !keepAlive, MaxResponseHeaderBytes: 1 << 20}
	return &http.Client{Transport: transport}, "http://localhost"
}

// Loopback is for what only a socket can do.
func Loopback(t testing.TB, s *Service, keepAlive bool) (*http.Client, string) {
	listener := listen(t)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(connection)
		}
	}()
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: !keepAlive}}, "http://" + listener.Addr().String()
}

// OverHTTP2 passes on what a script writes. Where that breaks off, the stream
// is reset.
func OverHTTP2(t testing.TB, s *Service, _ bool) (*http.Client, string) {
	server := httptest.NewUnstartedServer(s.Handler(nil))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Client(), server.URL
}

// Refusing is an address that nobody listens at.
func Refusing(t testing.TB, _ *Service, _ bool) (*http.Client, string) {
	listener := listen(t)
	listener.Close()
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "http://" + listener.Addr().String()
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

// Handler passes on what a script writes, as it is written.
func (s *Service) Handler(silence func()) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		reader, writer := net.Pipe()
		defer reader.Close()
		go func() {
			defer writer.Close()
			s.next(request)(&Conversation{writer, request, s.heard, silence})
		}()
		response, err := http.ReadResponse(bufio.NewReader(reader), request)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		maps.Copy(w.Header(), response.Header)
		w.WriteHeader(response.StatusCode)
		http.NewResponseController(w).Flush()
		if _, err := io.Copy(flushing{w}, response.Body); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
}

// flushing writes without a buffer.
type flushing struct{ http.ResponseWriter }

func (w flushing) Write(data []byte) (int, error) {
	n, err := w.ResponseWriter.Write(data)
	http.NewResponseController(w.ResponseWriter).Flush()
	return n, err
}

// InProcess is a transport that calls a handler, without a socket: for a
// synctest bubble, a goroutine that waits for a socket is not idle.
type InProcess struct{ Handler http.Handler }

// RoundTrip returns what the handler answers; an error if it panics.
func (t InProcess) RoundTrip(request *http.Request) (response *http.Response, err error) {
	defer func() {
		if recover() != nil {
			response, err = nil, errors.New("connection reset")
		}
	}()
	recorder := httptest.NewRecorder()
	incoming := request.Clone(request.Context())
	if incoming.Body == nil {
		incoming.Body = http.NoBody
	}
	incoming.RequestURI = request.URL.RequestURI()
	t.Handler.ServeHTTP(recorder, incoming)
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}
