package wrapper_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// address is a row of the matrix: where a link or a redirect leads, seen from
// the API's own address.
type address struct {
	name, link string
	same       bool // it is the same origin, however odd it looks
}

// The columns are the ways in which a link reaches the client. In every cell
// whatever is not at the API's own address is a trap, and nothing may reach it:
// no request, no byte of a handshake, no connection.
func TestNoCredentialCrossesAnOrigin(t *testing.T) {
	for _, service := range []struct {
		base      string
		addresses []address
	}{
		{"https://api.example.com", addressesAroundAName},
		{"http://127.0.0.1:8080", addressesAroundLoopback},
		{"http://[::1]:8080", addressesAroundLoopback6},
	} {
		t.Run(service.base, func(t *testing.T) {
			network := newTrappedNetwork(t, service.base)
			for _, row := range service.addresses {
				for _, column := range linkColumns() {
					t.Run(row.name+", as "+column.name, func(t *testing.T) {
						network.check(t, row, column)
					})
				}
			}
		})
	}
}

var addressesAroundAName = []address{
	{"the same", "https://api.example.com/elsewhere", true},
	{"the default port", "https://api.example.com:443/elsewhere", true},
	{"an empty port", "https://api.example.com:/elsewhere", true},
	{"other letters", "HTTPS://API.eXaMpLe.CoM:443/elsewhere", true},
	{"no scheme", "//api.example.com/elsewhere", true},
	{"another host in the query", "https://api.example.com?@elsewhere.example.org/", true},
	{"another host in the fragment", "https://api.example.com/elsewhere#@elsewhere.example.org/", true},
	{"another host in the path", "https://api.example.com//elsewhere.example.org/", true},
	{"three slashes", "///elsewhere.example.org/", true},
	{"a backslash host", `\\elsewhere.example.org\`, true}, // a path, to net/url
	{"a slash and a backslash", `/\elsewhere.example.org`, true},

	{"another port", "https://api.example.com:8443/", false},
	{"the port of http", "https://api.example.com:80/", false},
	{"a port with a zero in front", "https://api.example.com:0443/", false},
	{"a port that wraps around", "https://api.example.com:65979/", false},
	{"plain http", "http://api.example.com/", false},
	{"plain http at the port of https", "http://api.example.com:443/", false},
	{"another scheme", "wss://api.example.com/", false},
	{"a file", "file:///etc/passwd", false},
	{"a script", "javascript:alert(1)", false},
	{"data", "data:application/json,{}", false},
	{"no slashes", "https:elsewhere.example.org", false},
	{"one slash", "https:/elsewhere.example.org", false},
	{"four slashes", "https:////elsewhere.example.org/", false},

	{"another host", "https://elsewhere.example.org/", false},
	{"another host, without a scheme", "//elsewhere.example.org/", false},
	{"the domain above", "https://example.com/", false},
	{"a sibling", "https://www.example.com/", false},
	{"a subdomain", "https://sub.api.example.com/", false},
	{"a dot at the end", "https://api.example.com./", false},
	{"a longer name", "https://api.example.com.example.org/", false},
	{"a name that ends the same", "https://evilapi.example.com/", false},
	{"no host", "https:///elsewhere", false},
	{"only a port", "https://:443/", false},

	{"a user", "https://user@api.example.com/", false},
	{"a user and a password", "https://user:p-S3cr3t@api.example.com/", false},
	{"an empty user", "https://@api.example.com/", false},
	{"our host as a user", "https://api.example.com@elsewhere.example.org/", false},
	{"our host and port as a user", "https://api.example.com:443@elsewhere.example.org/", false},
	{"our host as a user, escaped", "https://api.example.com%40elsewhere.example.org/", false},
	{"two at signs", "https://a@api.example.com@elsewhere.example.org/", false},

	{"a backslash behind the host", `https://api.example.com\@elsewhere.example.org/`, false},
	{"a backslash in the host", `https://elsewhere.example.org\.api.example.com/`, false},
	{"backslashes for slashes", `https:\\elsewhere.example.org\`, false},
	{"a tab in front", "\thttps://elsewhere.example.org/", false},
	{"a tab in the scheme", "ht\ttps://elsewhere.example.org/", false},
	{"a tab in the host", "https://elsewhere\t.example.org/", false},
	{"a tab between slashes", "/\t/elsewhere.example.org/", false},
	{"a space in front", " https://elsewhere.example.org/", false},
	{"an escaped zero byte in the host", "https://api.example.com%00.example.org/", false},
	{"an escaped dot in the host", "https://elsewhere%2eexample.org/", false},
	{"an escaped slash in the host", "https://api.example.com%2f.example.org/", false},
	{"brackets", "https://[api.example.com]/", false},

	{"wide letters", "https://ａpi.example.com/", false},
	{"an ideographic dot", "https://api。example.com/", false},
	{"a Kelvin sign", "https://elsewhere.example.org\u212a/", false},
	{"a letter that looks the same", "https://аpi.example.com/", false},
	{"its punycode", "https://xn--pi-7kc.example.com/", false},
}

// loopbackAddresses are other names of this machine. Some resolvers take them
// for the same as ours, which is why the comparison is of names.
func loopbackAddresses() []address {
	var rows []address
	for _, host := range []string{
		"localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.000.000.001",
		"127.0.0.2", "0.0.0.0", "0", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[::1%25lo]", "[::1]:8080@127.0.0.1",
		"①②⑦.0.0.1", "127。0。0。1",
	} {
		rows = append(rows, address{"the host " + host, "http://" + host + ":8080/", false})
	}
	return rows
}

var addressesAroundLoopback = append(loopbackAddresses(),
	address{"the same", "http://127.0.0.1:8080/elsewhere", true},
	address{"the other protocol", "http://[::1]:8080/", false},
	address{"another port", "http://127.0.0.1:8081/", false},
	address{"no port", "http://127.0.0.1/", false},
	address{"https", "https://127.0.0.1:8080/", false},
)

var addressesAroundLoopback6 = append(loopbackAddresses(),
	address{"the same", "http://[::1]:8080/elsewhere", true},
	address{"the other protocol", "http://127.0.0.1:8080/", false},
	address{"another port", "http://[::1]:8081/", false},
	address{"no brackets", "http://::1:8080/", false},
)

// linkColumn is a way for a link to reach the client.
type linkColumn struct {
	name    string
	from    bool // by the caller, as a resume point
	token   bool // by the token endpoint, which may lead nowhere at all
	respond func(w http.ResponseWriter, link string)
}

func linkColumns() []linkColumn {
	columns := []linkColumn{
		{name: "a next link", respond: func(w http.ResponseWriter, link string) {
			w.Write(fixture(json.Marshal(map[string]any{"_links": map[string]any{"next": map[string]any{"href": link}}})))
		}},
		{name: "a resume point", from: true},
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		redirect := func(w http.ResponseWriter, link string) {
			w.Header()["Location"] = []string{link}
			w.WriteHeader(status)
		}
		columns = append(columns,
			linkColumn{name: fmt.Sprintf("a %d", status), respond: redirect},
			linkColumn{name: fmt.Sprintf("a %d of the token endpoint", status), token: true, respond: redirect})
	}
	return columns
}

// requests is how many are made in all, that for the token included.
func (c linkColumn) requests(followed bool) int {
	switch {
	case c.token:
		return 1
	case c.from && followed:
		return 2 // the token, and the page at the link
	case c.from:
		return 0
	case followed:
		return 3 // the token, the page with the link, and the page at it
	}
	return 2
}

// trappedNetwork connects with the API's own address, and with the trap for
// every other. Both are on loopback.
type trappedNetwork struct {
	base      string
	transport *http.Transport
	trap      *trapListener

	mutex    sync.Mutex
	respond  func(w http.ResponseWriter, request *http.Request)
	requests int
}

func newTrappedNetwork(t *testing.T, base string) *trappedNetwork {
	n := &trappedNetwork{base: base, trap: newTrap(t)}
	server := httptest.NewUnstartedServer(n)
	authority, secure := strings.CutPrefix(base, "https://")
	if secure {
		server.StartTLS()
		authority += ":443"
	} else {
		server.Start()
		authority = strings.TrimPrefix(base, "http://")
	}
	t.Cleanup(server.Close)
	trusted := x509.NewCertPool()
	if secure {
		trusted.AddCert(server.Certificate())
	}
	n.transport = &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: trusted},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			to := n.trap.address
			if strings.EqualFold(address, authority) {
				to = server.Listener.Addr().String()
			}
			return new(net.Dialer).DialContext(ctx, network, to)
		},
	}
	t.Cleanup(n.transport.CloseIdleConnections)
	return n
}

func (n *trappedNetwork) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.requests++
	// A jar would carry it along to wherever the client goes.
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "c-S3cr3t", Path: "/"})
	n.respond(w, request)
}

// check runs a cell of the matrix.
func (n *trappedNetwork) check(t *testing.T, row address, column linkColumn) {
	n.mutex.Lock()
	n.requests = 0
	n.respond = func(w http.ResponseWriter, request *http.Request) {
		isToken := request.URL.Path == "/oauth/token"
		switch {
		case isToken && !column.token:
			answer(200, "application/json", `{"access_token":"`+ownToken+`"}`)(w, request)
		case isToken || !column.from && n.requests == 2:
			column.respond(w, row.link)
		default:
			if request.Header.Get("Authorization") != "Bearer "+ownToken {
				t.Errorf("a request within the origin has the Authorization %q", request.Header.Get("Authorization"))
			}
			io.WriteString(w, `{"count":0}`)
		}
	}
	n.mutex.Unlock()

	client := must(wrapper.New("", wrapper.ClientSecret{ID: "id", Secret: "p-S3cr3t"}, impatient,
		wrapper.WithBaseURL(n.base), wrapper.WithTokenURL(n.base+"/oauth/token"),
		wrapper.WithHTTPClient(&http.Client{Transport: n.transport, Jar: fixture(cookiejar.New(nil))})))(t)
	var options []wrapper.ListOption
	if column.from {
		options = append(options, wrapper.From(row.link))
	}
	_, err := collect(client.Pages(t.Context(), account, options...))

	if caught := n.trap.caught(); len(caught) > 0 {
		t.Fatalf("somebody else received %q", caught)
	}
	followed := row.same && !column.token
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if want := column.requests(followed); n.requests != want {
		t.Errorf("%d requests were made, want %d", n.requests, want)
	}
	if followed {
		if err != nil {
			t.Errorf("the error is %v, want it followed", err)
		}
		return
	}
	var refused *wrapper.LinkError
	if !errors.As(err, &refused) {
		t.Fatalf("the error is %v, want a LinkError", err)
	}
	if strings.Contains(fmt.Sprintf("%v %#v", err, refused), "S3cr3t") {
		t.Errorf("the error shows a password: %v", err)
	}
}

// trapListener accepts connections and keeps every byte that comes.
type trapListener struct {
	t           *testing.T
	address     string
	connections chan []byte
}

func newTrap(t *testing.T) *trapListener {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	t.Cleanup(func() { listener.Close() })
	trap := &trapListener{t: t, address: listener.Addr().String(), connections: make(chan []byte, 100)}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			trap.connections <- readOnce(connection)
		}
	}()
	return trap
}

// readOnce reads what comes first, and hangs up. Whoever connects and then waits
// for an answer has said what it has to say.
func readOnce(connection net.Conn) []byte {
	defer connection.Close()
	received := make([]byte, 64<<10)
	n, _ := connection.Read(received)
	return received[:n]
}

// caught returns what has come so far. Connections are accepted in the order
// of their arrival, so what came before the one made here has been seen when
// that one is.
func (l *trapListener) caught() (received [][]byte) {
	l.t.Helper()
	const mark = "no more"
	connection := must(net.Dial("tcp", l.address))(l.t)
	defer connection.Close()
	must(io.WriteString(connection, mark))(l.t)
	for {
		if came := <-l.connections; bytes.Equal(came, []byte(mark)) {
			return received
		} else {
			received = append(received, came)
		}
	}
}
