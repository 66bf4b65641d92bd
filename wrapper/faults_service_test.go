package wrapper_test

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

//go:embed testdata/faults/page-1.json
var firstPageFile string

//go:embed testdata/faults/page-2.json
var secondPageFile string

// The list that every row asks for.
var firstPage, secondPage = strings.TrimSpace(firstPageFile), strings.TrimSpace(secondPageFile)

const firstPageActions = 3

const goodToken = `{"access_token":"token","token_type":"Bearer","expires_in":600}`

// service is the API and the token endpoint in one, which answer byte by byte
// as a row says.
type service struct {
	actions, tokens []script
	heard           chan struct{}

	mutex               sync.Mutex
	requests, exchanges int
}

func newService(actions, tokens []script) *service {
	return &service{actions: actions, tokens: tokens, heard: make(chan struct{}, 100)}
}

// script answers one request. The connection is closed after it.
type script func(*conversation)

type conversation struct {
	net.Conn
	request *http.Request
	heard   <-chan struct{} // says that the client has read what was written
	silence func()          // makes the connections go silent; nil where the network cannot
}

func (s *service) serve(connection net.Conn) {
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		// All of it: to close with something unread would be a reset.
		if err := request.ParseForm(); err != nil {
			return
		}
		s.next(request)(&conversation{connection, request, s.heard, nil})
		if request.Close {
			return
		}
	}
}

// next counts a request and returns what answers it.
func (s *service) next(request *http.Request) script {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	scripts, count := s.actions, &s.requests
	if request.Method == http.MethodPost {
		scripts, count = s.tokens, &s.exchanges
	}
	*count++
	return scripts[min(*count, len(scripts))-1]
}

func (s *service) seen() (requests, exchanges int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.requests, s.exchanges
}

// hear is called when the client reads the beginning of an answer.
func (s *service) hear() { s.heard <- struct{}{} }

// network connects a client with the service.
type network func(t testing.TB, s *service, keepAlive bool) (client *http.Client, base string)

// inMemory has the real client of net/http on a connection without a socket.
func inMemory(t testing.TB, s *service, keepAlive bool) (*http.Client, string) {
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

// loopback is for what only a socket can do.
func loopback(t testing.TB, s *service, keepAlive bool) (*http.Client, string) {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	t.Cleanup(func() { listener.Close() })
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

// overHTTP2 passes on what a script writes. Where that breaks off, the stream
// is reset.
func overHTTP2(t testing.TB, s *service, _ bool) (*http.Client, string) {
	server := httptest.NewUnstartedServer(s.handler(nil))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Client(), server.URL
}

// handler passes on what a script writes, as it is written.
func (s *service) handler(silence func()) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		reader, writer := net.Pipe()
		defer reader.Close()
		go func() {
			defer writer.Close()
			s.next(request)(&conversation{writer, request, s.heard, silence})
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

// refusing is an address that nobody listens at.
func refusing(t testing.TB, s *service, keepAlive bool) (*http.Client, string) {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer listener.Close()
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "http://" + listener.Addr().String()
}

// good answers as the service would.
func good(c *conversation) {
	body := firstPage
	switch {
	case c.request.Method == http.MethodPost:
		body = goodToken
	case c.request.URL.Query().Get("page") == "2":
		body = secondPage
	}
	success(body)(c)
}

// success answers 200 with the body.
func success(body string) script { return writes(response200(body)) }

func response200(body string, fields ...string) string { return response(200, body, fields...) }

// response is an answer as it goes over the wire. Fields come before the usual
// ones and replace those of the same name.
func response(status int, body string, fields ...string) string {
	usual := []string{"Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(body))}
	for _, field := range usual {
		name, _, _ := strings.Cut(field, ":")
		if !strings.Contains(strings.Join(fields, "\n"), name+":") {
			fields = append(fields, field)
		}
	}
	return head(status, fields...) + body
}

// head is a status line and a header block.
func head(status int, fields ...string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\n%s\r\n\r\n", status, http.StatusText(status), strings.Join(fields, "\r\n"))
}

// writes answers with these bytes.
func writes(text string) script {
	return func(c *conversation) { io.WriteString(c, text) }
}

// floods answers with these bytes, and then with as many more.
func floods(text string, more int) script {
	return func(c *conversation) {
		const some = 10_000
		_, err := io.WriteString(c, text)
		for left := more; left > 0 && err == nil; left -= some {
			_, err = io.WriteString(c, strings.Repeat("x", some))
		}
	}
}

// hangsUp answers with these bytes and closes the connection, even a kept one.
func hangsUp(text string) script {
	return func(c *conversation) {
		io.WriteString(c, text)
		c.Close()
	}
}

// resets answers with these bytes and resets the connection. The client has
// read them by then: a reset overtakes what is under way.
func resets(text string) script {
	return func(c *conversation) {
		if text != "" {
			io.WriteString(c, text)
			<-c.heard
		}
		c.Conn.(*net.TCPConn).SetLinger(0)
		c.Close()
	}
}

// stalls answers with these bytes and then nothing, until the client goes.
func stalls(text string) script {
	return func(c *conversation) {
		io.WriteString(c, text)
		io.Copy(io.Discard, c)
	}
}

// trickles answers with these bytes, and then with one now and then.
func trickles(text, rest string, pause time.Duration) script {
	return func(c *conversation) {
		_, err := io.WriteString(c, text)
		for i := 0; i < len(rest) && err == nil; i++ {
			time.Sleep(pause)
			_, err = io.WriteString(c, rest[i:i+1])
		}
	}
}
