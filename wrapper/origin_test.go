package wrapper_test

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/leaktest"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestNextLinksThatLeadBackAreRefused(t *testing.T) {
	const start = "/express/accounts/" + account + "/contracts/actions?" + preferences
	self := fmt.Sprintf(`{"_links":{"self":{"href":"%[1]s&page=1"},"next":{"href":"%[1]s&page=1"}}}`, start)
	for name, bodies := range map[string][]string{
		"to the same page":              {pageBefore(start)},
		"to the same page, other text":  {pageBefore("https://API.example.com:443" + start)},
		"to what the page calls itself": {self},
		"to the page before":            {pageBefore("?page=2"), pageBefore("?page=3"), pageBefore("?page=2")},
		"to the start, with a fragment": {pageBefore("?page=2"), pageBefore(start + "#again")},
	} {
		t.Run(name, func(t *testing.T) {
			client, requests := newClientOfBodies(t, bodies...)
			pages, err := collect(client.Pages(t.Context(), account))
			refused, ok := errors.AsType[*wrapper.LinkError](err)
			if !ok || !strings.Contains(refused.Reason, "already read") {
				t.Errorf("the error is %v, want a LinkError", err)
			}
			if len(pages) != len(bodies) || *requests != len(bodies) {
				t.Errorf("%d pages from %d requests, want %d", len(pages), *requests, len(bodies))
			}
		})
	}
}

func TestRelativeLinksBelongToThePageThatARedirectLedTo(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, request *http.Request) {
		switch request.URL.String() {
		case "/v2/list":
			fmt.Fprint(w, pageBefore("?page=2", action("1")))
		case "/v2/list?page=2":
			fmt.Fprint(w, pageWith(action("2")))
		default:
			http.Redirect(w, request, "/v2/list", http.StatusTemporaryRedirect)
		}
	})
	actions, err := collect(newClientOf(t, server.URL).Actions(t.Context(), account))
	if err != nil || len(actions) != 2 || actions[1].ID != "2" {
		t.Errorf("got %v and the error %v, want the contract actions 1 and 2", actions, err)
	}
}

func TestTheCallersRedirectPolicyStillCounts(t *testing.T) {
	for _, theirs := range []error{errors.New("no redirects here"), http.ErrUseLastResponse} {
		requests := 0
		server := serve(t, func(w http.ResponseWriter, request *http.Request) {
			requests++
			http.Redirect(w, request, "/moved", http.StatusFound)
		})
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return theirs }}
		_, err := collect(newClientOf(t, server.URL, wrapper.WithHTTPClient(client)).Pages(t.Context(), account))
		refused, ok := errors.AsType[*wrapper.Error](err)
		if !ok || refused.StatusCode != http.StatusFound || requests != 1 || errors.Is(err, theirs) == (theirs == http.ErrUseLastResponse) {
			t.Errorf("the error after %d requests is %v, want the 302, with their error if it is one, after 1", requests, err)
		}
	}
}

func TestTheLinkOfAnotherAccountIsRefused(t *testing.T) {
	ids := []string{"a", "b", "express", "accounts", "contracts", "actions", "s"} // as parts of the path are called
	var accounts []sandbox.Option
	for _, id := range ids {
		accounts = append(accounts, sandbox.WithGeneratedAccount(id, 120))
	}
	client := newClient(t, sandbox.Start(t, accounts...))
	for _, theirs := range ids {
		pages, err := collect(client.Pages(t.Context(), theirs, fifty, wrapper.MaxPages(1)))
		if err != nil {
			t.Fatal(err)
		}
		for _, own := range ids {
			rest, err := collect(client.Pages(t.Context(), own, wrapper.From(pages[0].Next)))
			if own == theirs && (err != nil || len(rest) != 2) || own != theirs && (!isA[*wrapper.LinkError](err) || len(rest) != 0) {
				t.Errorf("the link of %s for %s: %d pages and the error %v", theirs, own, len(rest), err)
			}
		}
	}
}

func TestLinksAreSentAsRFC3986HasThem(t *testing.T) {
	tests := []struct{ link, want string }{ // no want: refused as a template
		{"?cursor=é|", "?cursor=%C3%A9%7C"},
		{"?cursor=é|{x}", ""},
		{"?cursor={x}", ""},
		{"next{?page,per_page}", ""},
		{"{+path}/next", ""},
		{"?cursor=}{", "?cursor=%7D%7B"},
		{"é|/[1]/a b", "%C3%A9%7C/%5B1%5D/a%20b"},
	}
	for _, test := range tests {
		var sent []string
		server := serve(t, func(w http.ResponseWriter, request *http.Request) {
			sent = append(sent, request.RequestURI)
			if len(sent) == 1 {
				w.Header().Set("Location", test.link)
				w.WriteHeader(http.StatusFound)
			}
			fmt.Fprint(w, "{}")
		})
		for vehicle, option := range map[string]wrapper.ListOption{"a link": wrapper.From(test.link), "a redirect": wrapper.MaxPages(1)} {
			sent = nil
			if vehicle == "a link" {
				sent = []string{""} // no redirect
			}
			_, err := collect(newClientOf(t, server.URL).Pages(t.Context(), account, option))
			if test.want == "" && vehicle == "a link" {
				if !isA[*wrapper.LinkError](err) || !strings.Contains(err.Error(), "template") || len(sent) != 1 {
					t.Errorf("%s %q: sent %q, and the error is %v, want it to be refused as a template", vehicle, test.link, sent, err)
				}
			} else if err != nil || len(sent) != 2 || !strings.HasSuffix(sent[1], test.want) {
				t.Errorf("%s %q: sent %q, and the error is %v, want %q", vehicle, test.link, sent, err, test.want)
			}
		}
	}
}

// Whatever a server, or a stored resume point, says that the next page is at:
// no request leaves the origin, and the listing ends.
func FuzzLink(f *testing.F) {
	columns := linkColumns()
	for _, link := range slices.Concat(addressesAroundAName.same, addressesAroundAName.other, []string{
		"", "?page=2", "?filter=a b", "?cursor=\u00e9|{x}", "\u00e9|[]^/?%", "?a=%zz&b=%4", "%2f%2F/..%2f?a=\xff", "?{?page}", "a;b:c@d,e'(*)!$&=+~_.-", "#", "/", "next/", "..", "https://[::1]/", "https://[::ffff:7f00:1%25lo]/", "https://2130706433/",
		"https://user:p-S3cr3t@%zz/", "https:user:p-S3cr3t@api.example.com", "https:///user:p-S3cr3t@api.example.com", "https://api.example.com\x00.example.org/",
	}) {
		for column := range columns {
			f.Add(byte(column), link)
		}
	}
	f.Fuzz(func(t *testing.T, number byte, link string) {
		column := columns[int(number)%len(columns)]
		requests, err := column.follow(t, fuzzedBase, link)
		_, refused := errors.AsType[*wrapper.LinkError](err)
		if requests > 3 || err == nil && requests == 0 || err != nil && !refused && link != "" { // a redirect to nowhere is none
			t.Errorf("%d requests and the error %v, want 3 at most and none or a LinkError", requests, err)
		}
		if err != nil {
			leaktest.CheckText(t, err, ownToken)
			if strings.Contains(err.Error(), "p-S3cr3t") && !showsWithoutUser(link, "p-S3cr3t") {
				t.Errorf("a password is in the error %q", err)
			}
		}
	})
}

// showsWithoutUser tells passwords from other parts of an address. Where there
// is no host, nobody knows what is which.
func showsWithoutUser(link, text string) bool {
	u, err := fixture(url.Parse(fuzzedBase)).Parse(link)
	if err != nil || u.Host == "" {
		return false
	}
	u.User = nil
	return strings.Contains(u.String(), text)
}

// An account id is data: it is one segment of the path to every server and
// proxy on the way, however often they unescape, or it is refused unsent.
func FuzzAccountID(f *testing.F) {
	for _, id := range []string{
		account, "", ".", "..", "...", "~", "a/b", `a\b`, "a?b", "a#b", "a%2fb", "%2e%2e", "%252e", "..;", "a;b", "a b", "a+b", "a:b", "a@b", "a&b=c", "a\x00", "a\r\nX: y", "ａ", "\xff", "é", strings.Repeat("a", 10_000),
	} {
		f.Add(id)
	}
	unreserved := regexp.MustCompile(`^[A-Za-z0-9._~-]+$`)
	f.Fuzz(func(t *testing.T, id string) {
		var received []*http.Request
		client := newFuzzedClient(t, func(request *http.Request) (*http.Response, error) {
			received = append(received, request)
			return answered(request, 200, http.Header{}, `{"count":0}`), nil
		})
		_, err := collect(client.Actions(t.Context(), id))
		if good := unreserved.MatchString(id) && id != "." && id != ".."; !good {
			if !errors.Is(err, wrapper.ErrInvalidAccountID) || len(received) != 0 {
				t.Fatalf("%d requests and the error %v, want ErrInvalidAccountID alone", len(received), err)
			}
			leaktest.CheckText(t, err, ownToken)
			return
		}
		if err != nil || len(received) != 1 {
			t.Fatalf("%d requests and the error %v, want one request", len(received), err)
		}
		sent := received[0].URL
		path := sent.EscapedPath()
		for range 3 {
			want := []string{"", "express", "accounts", id, "contracts", "actions"}
			if segments := strings.Split(path, "/"); strings.Join(segments, "\n") != strings.Join(want, "\n") {
				t.Errorf("the path's segments are %q, want %q", segments, want)
			}
			path = must(url.PathUnescape(path))(t)
		}
		if sent.RawQuery != preferences || sent.ForceQuery || sent.Fragment != "" {
			t.Errorf("the query is %q, the fragment %q", sent.RawQuery, sent.Fragment)
		}
	})
}

// addresses are the rows of the matrix: where a link or a redirect leads, seen
// from the API's own address.
type addresses struct {
	same, other []string // of the same origin, however odd they look, and of any other
}

// The columns are the ways in which a link reaches the client. In every cell no
// request may leave the API's own origin.
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
		"http://sandbox:8080": {
			[]string{"http://sandbox:8080/elsewhere"},
			[]string{"http://unlisted:8080/", "http://sandbox/", "http://sandbox:8081/", "http://listed:8080/", "https://sandbox:8080/", "http://sandbox.:8080/"},
		},
	} {
		for _, column := range linkColumns() {
			for i, link := range append(addresses.same, addresses.other...) {
				t.Run(fmt.Sprintf("%s: %+q as %s", base, link, column.name), func(t *testing.T) {
					requests, err := column.follow(t, base, link)
					followed := i < len(addresses.same) && !column.token
					if want := column.requests(followed); requests != want {
						t.Errorf("%d requests were made, want %d", requests, want)
					}
					if refused, ok := errors.AsType[*wrapper.LinkError](err); ok == followed || strings.Contains(fmt.Sprintf("%v %#v", err, refused), "S3cr3t") {
						t.Errorf("the error is %v, want it followed (%v) or a LinkError without a password", err, followed)
					}
				})
			}
		}
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
		"127.0.0.2", "0.0.0.0", "0", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[::1%25lo]", "[::1]:8080@127.0.0.1", "①②⑦.0.0.1", "127。0。0。1",
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

// follow lists with a link that reaches the client in this way. It fails the
// test if a request leaves the origin.
func (c linkColumn) follow(t *testing.T, base, link string) (requests int, err error) {
	t.Helper()
	transport := roundTripper(func(request *http.Request) (*http.Response, error) {
		checkOrigin(t, base, request)
		requests++
		recorder := httptest.NewRecorder()
		// A jar would carry it along to wherever the client goes.
		http.SetCookie(recorder, &http.Cookie{Name: "session", Value: "c-S3cr3t", Path: "/"})
		isToken := request.URL.Path == "/oauth/token"
		switch {
		case isToken && !c.token:
			answer(200, "application/json", `{"access_token":"`+ownToken+`"}`)(recorder, request)
		case isToken || !c.from && requests == 2:
			c.respond(recorder, link)
		default:
			if request.Header.Get("Authorization") != "Bearer "+ownToken {
				t.Errorf("a request within the origin has the Authorization %q", request.Header.Get("Authorization"))
			}
			io.WriteString(recorder, `{"count":0}`)
		}
		return recorder.Result(), nil
	})
	client := must(wrapper.New("", wrapper.ClientSecret{ID: "id", Secret: "p-S3cr3t"}, impatient,
		wrapper.WithBaseURL(base), wrapper.WithTokenURL(base+"/oauth/token"), wrapper.WithPlainHTTPHosts("sandbox:8080", "listed:8080"),
		wrapper.WithHTTPClient(&http.Client{Transport: transport, Jar: fixture(cookiejar.New(nil))})))(t)
	var options []wrapper.ListOption
	if c.from {
		options = append(options, wrapper.From(link))
	}
	_, err = collect(client.Pages(t.Context(), account, options...))
	return requests, err
}

// originForm is the origin-form of RFC 9112, with the grammar of RFC 3986.
var originForm = regexp.MustCompile(`^(/([-\w.~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*)+(\?([-\w.~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?$`)

// checkOrigin looks at a request as net/http is told to send it, and as it
// would stand on the wire.
func checkOrigin(t *testing.T, base string, request *http.Request) {
	t.Helper()
	own := fixture(url.Parse(base))
	isOwn := func(authority string) bool {
		authority = strings.TrimSuffix(authority, ":") // which stands for the default port (RFC 3986, section 3.2.3)
		return strings.EqualFold(authority, own.Host) || own.Scheme == "https" && strings.EqualFold(authority, own.Host+":443")
	}
	if u := request.URL; u.Scheme != own.Scheme || !isOwn(u.Host) || u.User != nil || u.Opaque != "" {
		t.Errorf("a request went to %q", u)
	}
	var wire bytes.Buffer
	if err := request.Clone(request.Context()).Write(&wire); err != nil {
		t.Errorf("the request cannot be sent: %v", err)
	}
	received, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil || !isOwn(received.Host) || !originForm.MatchString(received.RequestURI) {
		t.Errorf("the request says %+v with the error %v", received, err)
		return
	}
	// A server finds in it what the client was told: the same path and parameters.
	if u := received.URL; u.Path != cmp.Or(request.URL.Path, "/") || u.Query().Encode() != request.URL.Query().Encode() {
		t.Errorf("the request target %q is read as %q and %v, not %q and %v", received.RequestURI, u.Path, u.Query(), request.URL.Path, request.URL.Query())
	}
	if referer, err := url.Parse(request.Header.Get("Referer")); err != nil || referer.User != nil {
		t.Errorf("the Referer is %q", referer)
	}
}
