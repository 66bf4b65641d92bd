package wrapper_test

import (
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

// addresses are the rows of the matrix: where a link or a redirect leads, seen
// from the API's own address.
type addresses struct {
	same, other []string // of the same origin, however odd they look, and of any other
}

// The columns are the ways in which a link reaches the client. In every cell
// whatever is not at the API's own address is a trap, and nothing may reach it:
// no request, and not even a connection.
func TestNoCredentialCrossesAnOrigin(t *testing.T) {
	for base, addresses := range map[string]addresses{
		"https://api.example.com": addressesAroundAName,
		"http://127.0.0.1:8080": {
			[]string{"http://127.0.0.1:8080/elsewhere"},
			append(loopbackAddresses(), "http://[::1]:8080/", "http://127.0.0.1:8081/", "http://127.0.0.1/", "https://127.0.0.1:8080/"),
		},
		"http://[::1]:8080": {
			[]string{"http://[::1]:8080/elsewhere"},
			append(loopbackAddresses(), "http://127.0.0.1:8080/", "http://[::1]:8081/", "http://::1:8080/"),
		},
	} {
		t.Run(base, func(t *testing.T) {
			network := newTrappedNetwork(t, base)
			for _, column := range linkColumns() {
				for i, link := range append(addresses.same, addresses.other...) {
					t.Run(fmt.Sprintf("%+q as %s", link, column.name), func(t *testing.T) {
						network.check(t, link, i < len(addresses.same), column)
					})
				}
			}
		})
	}
}

var addressesAroundAName = addresses{
	same: []string{
		"https://api.example.com/elsewhere", "https://api.example.com:443/elsewhere", "https://api.example.com:/elsewhere",
		"HTTPS://API.eXaMpLe.CoM:443/elsewhere", "//api.example.com/elsewhere",
		// Another host in the query, the fragment and the path.
		"https://api.example.com?@elsewhere.example.org/", "https://api.example.com/elsewhere#@elsewhere.example.org/",
		"https://api.example.com//elsewhere.example.org/", "///elsewhere.example.org/",
		`\\elsewhere.example.org\`, `/\elsewhere.example.org`, // paths, to net/url
	},
	other: []string{
		// Another port or scheme.
		"https://api.example.com:8443/", "https://api.example.com:80/", "https://api.example.com:0443/", "https://api.example.com:65979/",
		"http://api.example.com/", "http://api.example.com:443/", "wss://api.example.com/", "file:///etc/passwd", "javascript:alert(1)",
		"data:application/json,{}",
		// Another number of slashes.
		"https:elsewhere.example.org", "https:/elsewhere.example.org", "https:////elsewhere.example.org/", "https:///elsewhere", "https://:443/",
		// Another host.
		"https://elsewhere.example.org/", "//elsewhere.example.org/", "https://example.com/", "https://www.example.com/",
		"https://sub.api.example.com/", "https://api.example.com./", "https://api.example.com.example.org/", "https://evilapi.example.com/",
		// User information.
		"https://user@api.example.com/", "https://user:p-S3cr3t@api.example.com/", "https://@api.example.com/",
		"https://api.example.com@elsewhere.example.org/", "https://api.example.com:443@elsewhere.example.org/",
		"https://api.example.com%40elsewhere.example.org/", "https://a@api.example.com@elsewhere.example.org/",
		// What programs read in different ways.
		`https://api.example.com\@elsewhere.example.org/`, `https://elsewhere.example.org\.api.example.com/`, `https:\\elsewhere.example.org\`,
		"\thttps://elsewhere.example.org/", "ht\ttps://elsewhere.example.org/", "https://elsewhere\t.example.org/", "/\t/elsewhere.example.org/",
		" https://elsewhere.example.org/", "https://api.example.com%00.example.org/", "https://elsewhere%2eexample.org/",
		"https://api.example.com%2f.example.org/", "https://[api.example.com]/",
		// Letters that look the same: wide ones, an ideographic dot, a Kelvin sign, Cyrillic and its punycode.
		"https://ａpi.example.com/", "https://api。example.com/", "https://elsewhere.example.org\u212a/", "https://аpi.example.com/",
		"https://xn--pi-7kc.example.com/",
	},
}

// loopbackAddresses are other names of this machine. Some resolvers take them
// for the same as ours, which is why the comparison is of names.
func loopbackAddresses() (links []string) {
	for _, host := range []string{
		"localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.000.000.001",
		"127.0.0.2", "0.0.0.0", "0", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[::1%25lo]", "[::1]:8080@127.0.0.1",
		"①②⑦.0.0.1", "127。0。0。1",
	} {
		links = append(links, "http://"+host+":8080/")
	}
	return links
}

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

// trappedNetwork connects with the API's own address, and notes who wants to
// connect with any other.
type trappedNetwork struct {
	base      string
	transport *http.Transport

	mutex    sync.Mutex
	respond  func(w http.ResponseWriter, request *http.Request)
	requests int
	caught   []string
}

func newTrappedNetwork(t *testing.T, base string) *trappedNetwork {
	n := &trappedNetwork{base: base}
	server := httptest.NewUnstartedServer(n)
	trusted := x509.NewCertPool()
	authority, secure := strings.CutPrefix(base, "https://")
	if secure {
		server.StartTLS()
		trusted.AddCert(server.Certificate())
		authority += ":443"
	} else {
		server.Start()
		authority = strings.TrimPrefix(base, "http://")
	}
	t.Cleanup(server.Close)
	n.transport = &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: trusted},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if !strings.EqualFold(address, authority) {
				n.mutex.Lock()
				defer n.mutex.Unlock()
				n.caught = append(n.caught, address)
				return nil, errors.New("a trap")
			}
			return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
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
func (n *trappedNetwork) check(t *testing.T, link string, same bool, column linkColumn) {
	n.mutex.Lock()
	n.requests, n.caught = 0, nil
	n.respond = func(w http.ResponseWriter, request *http.Request) {
		isToken := request.URL.Path == "/oauth/token"
		switch {
		case isToken && !column.token:
			answer(200, "application/json", `{"access_token":"`+ownToken+`"}`)(w, request)
		case isToken || !column.from && n.requests == 2:
			column.respond(w, link)
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
		options = append(options, wrapper.From(link))
	}
	_, err := collect(client.Pages(t.Context(), account, options...))

	n.mutex.Lock()
	defer n.mutex.Unlock()
	if len(n.caught) > 0 {
		t.Fatalf("a connection led to %q", n.caught)
	}
	followed := same && !column.token
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
