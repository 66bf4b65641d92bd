package sandbox_test

import (
	"bufio"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

// sendRaw sends a request as bytes, which Go's client would not send so, over a
// connection of its own.
func sendRaw(t *testing.T, server *sandbox.Server, text string) readResponse {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(time.Minute)) // a request that is not answered must not hang the test
	if _, err := io.WriteString(connection, text); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(connection)
	response, err := http.ReadResponse(reader, nil)
	for err == nil && response.StatusCode == http.StatusContinue {
		response, err = http.ReadResponse(reader, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return read(t, response)
}

func TestAuthorizationOfARequest(t *testing.T) {
	server := sandbox.Start(t)
	token := tokenFor(t, server)
	tests := []struct {
		name, lines string
		status      int
	}{
		{"one space", "Authorization: Bearer " + token, 200},
		{"several spaces", "Authorization: Bearer   " + token, 200},
		{"space around the value", "authorization: \t Bearer " + token + " \t", 200},
		{"no space around the value", "Authorization:Bearer " + token, 200},
		{"scheme in capitals", "AUTHORIZATION: BEARER " + token, 200},
		// As RFC 9112 (section 5.2) allows, net/http reads a line break as a space.
		{"folded", "Authorization: Bearer\r\n " + token, 200},
		{"tab", "Authorization: Bearer\t" + token, 401},
		{"space and tab", "Authorization: Bearer \t" + token, 401},
		{"no separator", "Authorization: Bearer" + token, 401},
		{"two tokens", "Authorization: Bearer " + token + " " + token, 401},
		{"comma", "Authorization: Bearer " + token + ",", 401},
		{"two headers", "Authorization: Bearer " + token + "\r\nAuthorization: Bearer " + token, 401},
		{"quoted", `Authorization: Bearer "` + token + `"`, 401},
		{"other scheme", "Authorization: Bearers " + token, 401},
		{"parameter", "Authorization: Bearer token=" + token, 401},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sendRaw(t, server, "GET /express/accounts/"+sandbox.DefaultAccountID+"/contracts/actions HTTP/1.1\r\n"+
				"Host: api.example.test\r\n"+test.lines+"\r\n\r\n").wantStatus(t, test.status)
		})
	}
}

func TestTokenRequestsAsBytes(t *testing.T) {
	server := sandbox.Start(t)
	pair := base64.StdEncoding.EncodeToString([]byte(server.ClientID + ":" + server.ClientSecret))
	const form = "grant_type=client_credentials"
	const length = "Content-Length: 29"
	tests := []struct {
		name, authorization, lines, body string
		status                           int
	}{
		{"plain", "Basic " + pair, length, form, 200},
		{"several spaces", "basic   " + pair, length, form, 200},
		{"tab", "Basic\t" + pair, length, form, 401},
		{"nothing after the scheme", "Basic", length, form, 401},
		{"chunked", "Basic " + pair, "Transfer-Encoding: chunked", "b;x=\"y\"\r\n" + form[:11] + "\r\n12\r\n" + form[11:] + "\r\n0\r\n\r\n", 200},
		{"expecting 100", "Basic " + pair, length + "\r\nExpect: 100-continue", form, 200},
		{"media type in capitals with parameters", "Basic " + pair,
			length + "\r\nContent-Type: Application/X-WWW-Form-URLencoded ; charset=\"utf-8; \\\"x\\\"\"", form, 200},
		{"media type with a semicolon at its end", "Basic " + pair, length + "\r\nContent-Type: application/x-www-form-urlencoded;", form, 200},
		{"two media types", "Basic " + pair, length + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Type: application/json", form, 400},
		{"list of media types", "Basic " + pair, length + "\r\nContent-Type: application/x-www-form-urlencoded, text/plain", form, 400},
		{"similar media type", "Basic " + pair, length + "\r\nContent-Type: application/x-www-form-urlencoded+json", form, 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if !strings.Contains(test.lines, "Content-Type") {
				test.lines += "\r\nContent-Type: application/x-www-form-urlencoded"
			}
			sendRaw(t, server, "POST /oauth/token HTTP/1.1\r\nHost: id.example.test\r\nAuthorization: "+test.authorization+"\r\n"+
				test.lines+"\r\n\r\n"+test.body).wantStatus(t, test.status)
		})
	}
}

// Links lead to where the client sent the request, or to where it arrived.
func TestLinksOfRequestsAsBytes(t *testing.T) {
	server := sandbox.Start(t)
	const path = "/express/accounts/" + sandbox.DefaultAccountID + "/contracts/actions"
	tests := []struct {
		name, first, lines, base string
	}{
		{"host", "GET " + path + " HTTP/1.1", "Host: api.example.test:81", "http://api.example.test:81"},
		{"no host", "GET " + path + " HTTP/1.0", "Accept: */*", server.URL},
		{"empty host", "GET " + path + " HTTP/1.1", "Host:", server.URL},
		{"absolute form", "GET http://api.example.test" + path + " HTTP/1.1", "Host: elsewhere.test", "http://api.example.test"},
		{"absolute form of a proxy that ends TLS", "GET https://api.example.test" + path + " HTTP/1.1", "Host: elsewhere.test", "https://api.example.test"},
		{"absolute form with another scheme", "GET ftp://api.example.test" + path + " HTTP/1.1", "Host: elsewhere.test", "http://api.example.test"},
		{"what anyone can claim", "GET " + path + " HTTP/1.1",
			"Host: api.example.test\r\nX-Forwarded-Host: evil.test\r\nX-Forwarded-Proto: https\r\nForwarded: host=evil.test;proto=https", "http://api.example.test"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response := sendRaw(t, server, test.first+"\r\n"+test.lines+"\r\nAuthorization: Bearer "+tokenFor(t, server)+"\r\n\r\n")
			page := decode[gen.ContractActionPage](t, response.wantStatus(t, http.StatusOK))
			if got, want := href(page.Links.Next), test.base+path+"?page=2"; got != want {
				t.Errorf("next = %s, want %s", got, want)
			}
		})
	}
}

// FuzzAuthorization compares the parser with the grammar in other words.
func FuzzAuthorization(f *testing.F) {
	server := sandbox.New(sandbox.WithAccount("a"))
	server.URL, server.TokenURL = "http://api.example.test", "http://id.example.test"+sandbox.TokenPath
	token := decode[tokenResponse](f, serve(f, server, tokenRequest(f, server))).AccessToken
	basic := base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(server.ClientID) + ":" + server.ClientSecret))
	f.Add("Bearer", " ", "")
	f.Add("bEARER", "   ", "=")
	f.Add("Basic", "\t", " ")
	f.Add("bearer ", "", "\u017f")
	f.Fuzz(func(t *testing.T, scheme, separator, end string) {
		isSeparated := separator != "" && strings.Trim(separator, " ") == ""
		for name, request := range map[string]*http.Request{
			"bearer": getRequest(t, listURL(server, "a"), ""),
			"basic":  formRequest(t, server),
		} {
			request.Header.Set("Authorization", scheme+separator+map[string]string{"bearer": token, "basic": basic}[name]+end)
			// The text itself can end in spaces, and the scheme can as well.
			right := strings.ToLower(strings.TrimRight(scheme, " ")) == name && end == "" &&
				(isSeparated || separator == "" && strings.HasSuffix(scheme, " "))
			if got := serve(t, server, request).status; (got == http.StatusOK) != right {
				t.Errorf("%s: %q: status %d", name, request.Header.Get("Authorization"), got)
			}
		}
	})
}
