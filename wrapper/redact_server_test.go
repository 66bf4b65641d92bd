package wrapper_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/leaktest"
	"github.com/talkdesk-express/contractactions/internal/wire"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// repetition is a row in which a careless server repeats what it was sent. The
// answer stands as it is on the wire, but for its length and with "\n" for
// "\r\n". In it ALL stands for all credentials of the request in all spellings,
// URL for those that can be in a URL, ONE for one credential, HALF for the
// beginning of one, and ISSUED for a token that the answer itself brings.
type repetition struct{ name, answer string }

// largeBody is where an error cuts the body off.
const largeBody = 1 << 20

const status200, status403, status302 = "HTTP/1.1 200 OK\n", "HTTP/1.1 403 Forbidden\n", "HTTP/1.1 302 Found\n"

var repetitions = []repetition{
	{"a documented body", status403 + "\n" + `{"code":"ALL","message":"ALL","description":"ALL","fields":[{"name":"ALL","description":"ALL"}]}`},
	{"a body of RFC 6749", "HTTP/1.1 400 Bad Request\nContent-Type: application/json\n\n" + `{"error":"ALL","error_description":"ALL","error_uri":"ALL"}`},
	{"the same with status 200", status200 + "Content-Type: application/json\n\n" + `{"error":"ALL","error_description":"ALL","error_uri":"ALL"}`},
	{"a form", "HTTP/1.1 400 Bad Request\nContent-Type: application/x-www-form-urlencoded\n\nerror=ALL&error_description=ALL"},
	{"a 401", "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: ALL\n\n" + `{"code":"ALL","message":"ALL"}`},
	{"a busy service", "HTTP/1.1 503 Service Unavailable\nRetry-After: ALL\n\n" + `{"code":"ALL","message":"ALL"}`},
	{"HTML", "HTTP/1.1 502 Bad Gateway\nContent-Type: text/html\n\n<html>ALL"},
	{"HTML as a success", status200 + "Content-Type: text/html\n\n<html>ALL"},
	{"plain text", "HTTP/1.1 500 Internal Server Error\nContent-Type: text/plain\n\nALL"},
	{"another shape", status403 + "\n" + `{"trace":{"authorization":"ALL"},"ALL":1}`},
	{"headers", status403 + "X-Request-Id: ALL\nContent-Type: ALL\nDate: ALL\nSet-Cookie: a=ALL; Domain=ALL\nServer: ALL\nLink: <ALL>\n\nALL"},
	{"cookies of a success", status200 + "Set-Cookie: a=ALL\nX-Request-Id: ALL\n\n" + `{"count":1}`},

	{"a counter", status200 + "\n" + `{"count":"ALL"}`},
	{"an item's id", status200 + "\n" + `{"_embedded":{"contract_actions":[{"id":"ALL","quantity":"x"}]}}`},
	{"an item's time", status200 + "\n" + `{"_embedded":{"contract_actions":[{"created_at":"ALL"}]}}`},
	{"a list that is not complete", status200 + "X-Request-Id: ALL\n\n" + `{"count":7,"_links":{"self":{"href":"ALL"}}}`},
	{"a page's number", status200 + "\n" + `{"_links":{"next":{"href":"?page=ONE&more=1"}}}`},
	{"a token of the answer's own", status200 + "Content-Type: application/json\n\n" + `{"access_token":"ISSUED","token_type":"mac ISSUED"}`},
	{"a token that cannot be sent", status200 + "Content-Type: application/json\n\n" + `{"access_token":"ISSUED\u0000"}`},
	{"a token with a bad lifetime", status200 + "Content-Type: application/json\n\n" + `{"access_token":"ISSUED","expires_in":"soon"}`},
	{"a token that is a list", status200 + "Content-Type: application/json\n\n" + `{"access_token":["ISSUED"]}`},
	{"a token in a broken form", status200 + "Content-Type: text/plain\n\naccess_token=ISSUED&x=%zz"},
	{"a token with a refusal", "HTTP/1.1 400 Bad Request\nContent-Type: application/json\n\n" + `{"access_token":"ISSUED","error":"invalid_scope"}`},
	{"a token that breaks off", status200 + "Content-Type: application/json\nContent-Length: 1000\n\n" + `{"access_token":"ISSUED","token_type":"be`},

	{"a reason phrase", "HTTP/1.1 400 ALL\n\n"},
	{"a status that is none", "HTTP/1.1 ONE OK\n\n"},
	{"a version that is none", "HTTP/ONE 200 OK\n\n"},
	{"no HTTP at all", "ALL\n\n"},
	{"a header that is none", status200 + "ALL\n\n"},
	{"the name of a header", status200 + "ONE: x\n\n"},
	{"a length that is none", status200 + "Content-Length: ALL\n\n"},
	{"another encoding of the transfer", status200 + "Transfer-Encoding: ALL\n\n"},
	{"a chunk that is none", status200 + "Transfer-Encoding: chunked\n\nALL\n\n0\n\n"},
	{"what comes after a chunk", status403 + "Transfer-Encoding: chunked\n\n1;ALL\nx\n0\n\n"},
	{"a trailer", status403 + "Transfer-Encoding: chunked\nTrailer: X-Request-Id\n\n1\nx\n0\nX-Request-Id: ALL\n\n"},
	{"a trailer that is none", status200 + "Transfer-Encoding: chunked\nTrailer: ALL\n\n1\n{\n0\nALL\n\n"},
	{"a body that is not compressed", status200 + "Content-Encoding: gzip\n\nALL"},
	{"hints before the answer", "HTTP/1.1 103 Early Hints\nLink: ALL\n\n" + status403 + "\n"},

	{"a body that breaks off", status200 + "Content-Length: 100000\n\nALL"},
	{"a body that breaks off in the middle", status200 + "Content-Length: 100000\n\n{\"code\":\"HALF"},
	{"a refusal that breaks off in the middle", status403 + "Content-Length: 100000\n\n{\"code\":\"HALF"},
	{"a refusal that is cut in the middle", status403 + "\n" + strings.Repeat("x", largeBody-2*leaktest.PieceLength) + "ONE"},
	{"a body that is cut in the middle", status200 + "\n" + strings.Repeat("x", largeBody-2*leaktest.PieceLength) + "ONE" + strings.Repeat("x", largeBody)},
}

// repeatedLinks are rows for next links and redirects.
func repeatedLinks() (rows []repetition) {
	for _, link := range []string{
		"https://ONE.example.com/ONE", "https://elsewhere.example.com/URL", "https://elsewhere.example.com/?URL", "https://elsewhere.example.com/#URL",
		"https://a:ONE@elsewhere.example.com/", "http://%zz/URL", "http://a:ONE@b/", "mailto:URL", "?URL",
	} {
		rows = append(rows, repetition{"the next link " + link, status200 + "\n" + `{"_links":{"next":{"href":"` + link + `"}}}`},
			repetition{"a redirect to " + link, status302 + "Location: " + link + "\n\n"})
	}
	return rows
}

func TestNoCredentialIsShownWhateverAServerRepeats(t *testing.T) {
	kinds := map[string]bool{}
	for _, row := range append(repeatedLinks(), repetitions...) {
		for _, place := range repeatingPlaces {
			if !place.atToken && strings.Contains(row.answer, "ISSUED") {
				continue // only a token endpoint issues tokens
			}
			t.Run(row.name+", by "+place.name, func(t *testing.T) {
				server := &repeatingServer{answer: row.answer, sent: givenSecrets()}
				service := wire.NewService([]wire.Script{server.repeat}, []wire.Script{issues})
				if place.atToken {
					service.Tokens = service.Actions
				}
				client, _ := wire.InMemory(t, service, false)
				all, err := listAndGatherAll(t, client.Transport, place.credentials)
				if server.repeated == 0 {
					t.Error("the server repeated nothing")
				}
				server.sent.Check(t, all)
				for _, single := range leaktest.Tree(err) {
					kinds[reflect.TypeOf(single).String()] = true
				}
			})
		}
	}
	// A table that leaves a kind out shows nothing about it.
	for _, kind := range []string{"*wrapper.Error", "*wrapper.TokenError", "*wrapper.LinkError", "*wrapper.IncompleteError"} {
		if !kinds[kind] {
			t.Errorf("no row ends with a %s, but with %v", kind, slices.Sorted(maps.Keys(kinds)))
		}
	}
}

// repeatingPlaces are the endpoints that repeat, and what is sent to them.
var repeatingPlaces = []struct {
	name        string
	atToken     bool
	credentials wrapper.Credentials
}{
	{"the token endpoint to a secret", true, leakClientSecret},
	{"the token endpoint to a key", true, leakPrivateKey},
	{"the API", false, leakClientSecret},
	{"the API, to a token of the caller's", false, leakTokens},
}

// issues answers a request for a token.
func issues(c *wire.Conversation) {
	success(`{"access_token":"` + leakToken + `","scope":"other ` + leakToken + `"}`)(c)
}

// repeatingServer repeats what it was sent. Its answers are read by net/http's
// own transport.
type repeatingServer struct {
	answer   string
	sent     leaktest.Secrets
	repeated int
}

func (s *repeatingServer) repeat(c *wire.Conversation) {
	s.repeated++
	credentials := s.witness(c.Request)
	one := credentials[s.repeated%len(credentials)]
	var all, inURL []string
	for _, credential := range credentials {
		for _, spelling := range leaktest.Spellings {
			all = append(all, spelling.Of(credential))
			if spelling.URL {
				inURL = append(inURL, spelling.Of(credential))
			}
		}
	}
	// "|" means nothing anywhere.
	repeat := strings.NewReplacer("ALL", strings.Join(all, "|"), "URL", strings.Join(inURL, "|"),
		"ONE", one, "HALF", one[:len(one)*3/4], "ISSUED", issuedToken)
	io.WriteString(c, onWire(repeat.Replace(s.answer)))
}

// onWire adds what the rows leave out.
func onWire(answer string) string {
	head, body, _ := strings.Cut(answer, "\n\n")
	if !strings.Contains(head, "Content-Length") && !strings.Contains(head, "Transfer-Encoding") && !strings.Contains(head, " 103 ") {
		head += fmt.Sprintf("\nContent-Length: %d", len(body))
	} else {
		body = strings.ReplaceAll(body, "\n", "\r\n")
	}
	return strings.ReplaceAll(head+"\n\n", "\n", "\r\n") + body
}

// witness notes the credentials of a request.
func (s *repeatingServer) witness(request *http.Request) (credentials []string) {
	scheme, value, _ := strings.Cut(request.Header.Get("Authorization"), " ")
	switch {
	case request.PostForm.Has("client_assertion"):
		credentials = []string{request.PostForm.Get("client_assertion")}
	case scheme == "Basic":
		credentials = []string{value, leakSecret}
	default:
		credentials = []string{value}
	}
	for i, credential := range credentials {
		s.sent[fmt.Sprintf("what was sent (%s %d.%d)", scheme, len(s.sent), i)] = credential
	}
	return credentials
}
