package wrapper_test

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/internal/leaktest"
	"github.com/talkdesk-express/contractactions/internal/wire"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Nothing shows a credential: no error, no log record, no event. Every row is
// a kind of failure. Whatever a program can come
// by in it is searched for every credential that was given to the client, and
// for all that it sent.

// The credentials. Each has characters that encoders escape.
const (
	leakSecret  = `c1ient/S3cretVa1ue+"&<1>==`
	leakToken   = `acce55/T0kenVa1ue+2==`
	issuedToken = `i55ued/ByTheEnd+Po1nt==`
)

var leakKey = newEC(elliptic.P256())

var (
	leakClientSecret = wrapper.ClientSecret{ID: "id", Secret: leakSecret}
	leakPrivateKey   = wrapper.PrivateKey{ID: "id", KeyID: "k", Key: wrapper.Secret(pemOf("PRIVATE KEY", pkcs8(leakKey)))}
	leakTokens       = wrapper.Tokens(plainSource{leakToken})
)

// givenSecrets are the secrets that are known before anything is sent.
func givenSecrets() leaktest.Secrets {
	return leaktest.Secrets{
		"the client secret": leakSecret,
		"the private key":   base64.StdEncoding.EncodeToString(pkcs8(leakKey)),
		"the access token":  leakToken,
		"an issued token":   issuedToken,
	}
}

// listAndGatherAll lists with everything on that reports, and returns all that
// can be printed of it.
func listAndGatherAll(t *testing.T, transport http.RoundTripper, credentials wrapper.Credentials) (leaktest.Texts, error) {
	t.Helper()
	var mutex sync.Mutex
	var log bytes.Buffer
	all := leaktest.Texts{}
	client := must(wrapper.New("", credentials,
		wrapper.WithBaseURL("http://localhost"), wrapper.WithTokenURL("http://localhost/oauth/token"),
		wrapper.WithHTTPClient(&http.Client{Transport: transport}), impatient,
		wrapper.WithLogger(slog.New(leaktest.EveryHandler(&log))),
		wrapper.WithObserver(func(_ context.Context, event wrapper.Event) {
			mutex.Lock()
			defer mutex.Unlock()
			all.Add(event)
		}),
	))(t)
	_, err := collect(client.Pages(t.Context(), account))
	if err == nil {
		t.Fatal("no error")
	}
	mutex.Lock()
	defer mutex.Unlock()
	all.AddError(err)
	all[log.String()] = "the client's log"
	return all, err
}

// Failures in which no server has the last word.
func TestNoCredentialIsShownByOtherFailures(t *testing.T) {
	failing := func(err error) roundTripper { return func(*http.Request) (*http.Response, error) { return nil, err } }
	source := func(token *oauth2.Token, err error) wrapper.Credentials {
		return wrapper.Tokens(tokenSource(func() (*oauth2.Token, error) { return token, err }))
	}
	naming := roundTripper(func(request *http.Request) (*http.Response, error) {
		var body []byte
		if request.Body != nil {
			body, _ = io.ReadAll(request.Body)
		}
		return nil, fmt.Errorf("request %v %s failed", request.Header, body)
	})
	tokens, first := 0, ""
	renewing := wrapper.Tokens(tokenSource(func() (*oauth2.Token, error) {
		tokens++
		return &oauth2.Token{AccessToken: fmt.Sprint(leakToken[:20], tokens)}, nil
	}))
	repeatingTheFirst := roundTripper(func(request *http.Request) (*http.Response, error) {
		if first == "" {
			first = request.Header.Get("Authorization")
			return answered(request, 401, http.Header{}, ""), nil
		}
		return answered(request, 403, http.Header{"X-Request-Id": {first}}, `{"code":"c","message":"`+first+`"}`), nil
	})
	retrieving := &oauth2.RetrieveError{
		Response: &http.Response{Status: leakToken, Header: http.Header{"X": {leakToken}}}, Body: []byte(leakToken), ErrorCode: "invalid_client",
	}
	for name, test := range map[string]struct {
		transport   roundTripper
		credentials wrapper.Credentials
		want        any // as for errors.As
	}{
		"no connection":                          {failing(&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused")}), leakTokens, new(*wrapper.Error)},
		"no connection to the token endpoint":    {failing(io.ErrUnexpectedEOF), leakClientSecret, new(*wrapper.TokenError)},
		"a transport that names the request":     {naming, leakTokens, new(*wrapper.Error)},
		"a transport that names a token request": {naming, leakPrivateKey, new(*wrapper.TokenError)},
		"a token that was renewed since":         {repeatingTheFirst, renewing, new(*wrapper.Error)},
		"a token source that fails":              {nil, source(&oauth2.Token{AccessToken: leakToken}, errors.New("sealed")), new(*wrapper.TokenError)},
		"a token source's response":              {nil, source(nil, retrieving), new(*wrapper.TokenError)},
		"a token of another type":                {nil, source(&oauth2.Token{AccessToken: leakToken, TokenType: "mac"}, nil), new(*wrapper.TokenError)},
		"a token that cannot be sent":            {nil, source(&oauth2.Token{AccessToken: leakToken + "\n"}, nil), new(*wrapper.TokenError)},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := listAndGatherAll(t, test.transport, test.credentials)
			if !errors.As(err, test.want) {
				t.Fatalf("the error is %v, want a %T", err, test.want)
			}
			givenSecrets().Check(t, all)
		})
	}
}

// What holds a credential does not show it, before it was used or after.
func TestWhatHoldsACredentialDoesNotShowIt(t *testing.T) {
	for name, credentials := range map[string]wrapper.Credentials{"a client secret": leakClientSecret, "a private key": leakPrivateKey, "a token source": leakTokens} {
		t.Run(name, func(t *testing.T) {
			transport := roundTripper(func(request *http.Request) (*http.Response, error) {
				return answered(request, 200, http.Header{"Content-Type": {"application/json"}}, `{"access_token":"`+leakToken+`","count":0}`), nil
			})
			options := []wrapper.Option{wrapper.WithHTTPClient(&http.Client{Transport: transport})}
			client := must(wrapper.New("acme", credentials, options...))(t)
			listsOnePage(t, client)
			all := leaktest.Texts{}
			all.Add(
				client, *client, []*wrapper.Client{client}, struct{ Client *wrapper.Client }{client}, client.Raw(),
				credentials, &credentials, []wrapper.Credentials{credentials}, map[string]any{"a": credentials}, struct{ Any any }{credentials},
				options, options[0], wrapper.Secret(leakSecret), new(wrapper.Secret(leakSecret)), []wrapper.Secret{leakSecret},
			)
			givenSecrets().Check(t, all)
			must(json.Marshal(credentials))(t)
		})
	}
}

// shortSecrets occur in codes, headers, host names and the texts of errors.
var shortSecrets = []string{"3", "1", "a", "host", "client", "scope", "json", "express", "localhost"}

// Failures that will not pass are not repeated, whether they are shown or not.
func TestCausesAreClassifiedBeforeCredentialsAreWithheld(t *testing.T) {
	for _, secret := range append(shortSecrets, ownToken) {
		for name, test := range map[string]struct {
			failure  error
			requests int
		}{
			"an unknown host":          {&net.DNSError{Err: "no such host, 31 json express client scope", Name: "localhost", IsNotFound: true}, 1},
			"an untrusted certificate": {&tls.CertificateVerificationError{Err: errors.New("31 localhost json express client scope")}, 1},
			"a broken connection":      {&net.OpError{Op: "read", Net: "tcp31", Err: errors.New("reset by localhost json express client scope")}, 4},
		} {
			transport := roundTripper(func(*http.Request) (*http.Response, error) { return nil, test.failure })
			err := onePage(t.Context(), clientWithToken(t, secret, "http://localhost", &http.Client{Transport: transport}))
			failed, ok := errors.AsType[*wrapper.Error](err)
			if !ok || failed.Attempts != test.requests || !errors.Is(err, test.failure) {
				t.Fatalf("%s, %s: the error is %v, want it after %d requests", name, secret, err, test.requests)
			}
			if cause := errors.Unwrap(failed).Error(); (cause == withheld) == (secret == ownToken) {
				t.Errorf("%s, %s: the cause is %s", name, secret, cause)
			}
		}
	}
}

func TestTokenErrorsAreClassifiedBeforeCredentialsAreWithheld(t *testing.T) {
	for _, secret := range shortSecrets {
		for code, hint := range map[string]string{"invalid_client": "check the client id and its secret", "invalid_scope": "request no scope"} {
			_, err := authenticate(t, wrapper.Secret(secret), 400, `{"error":"`+code+`","error_description":"`+secret+`"}`)
			refused, ok := errors.AsType[*wrapper.TokenError](err)
			if !ok || refused.Code != code || refused.Description != withheld || !strings.Contains(err.Error(), hint) {
				t.Errorf("%s, %s: the error is %v", code, secret, err)
			}
		}
	}
}

func TestAShortTokenHidesNoScopeForListing(t *testing.T) {
	for _, secret := range shortSecrets {
		for scope, want := range map[string]string{wrapper.ScopeRead: wrapper.ScopeRead, "a:" + secret + " " + wrapper.ScopeWrite: withheld + " " + wrapper.ScopeWrite, "a:" + secret: withheld} {
			token, err := authenticate(t, "p-S3cr3t", 200, `{"access_token":"`+secret+`","scope":"`+scope+`"}`)
			if err != nil || token.Scope != want || token.CanList() != strings.Contains(scope, "contracts-actions") {
				t.Errorf("%s of %s: got %+v and the error %v", scope, secret, token, err)
			}
		}
	}
}

// authenticate returns the result of Authenticate for this response of the token endpoint.
func authenticate(t *testing.T, secret wrapper.Secret, status int, body string) (wrapper.TokenInfo, error) {
	transport := roundTripper(func(*http.Request) (*http.Response, error) { return jsonResponse(status, body), nil })
	client := must(wrapper.New("acme", wrapper.ClientSecret{ID: "id", Secret: secret}, wrapper.WithHTTPClient(&http.Client{Transport: transport})))(t)
	return client.Authenticate(t.Context())
}

// clientWithToken retries without waits and sends this token.
func clientWithToken(t *testing.T, token, base string, client *http.Client) *wrapper.Client {
	t.Helper()
	source := wrapper.Tokens(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}))
	return must(wrapper.New("", source, wrapper.WithBaseURL(base), wrapper.WithHTTPClient(client), impatient))(t)
}

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
