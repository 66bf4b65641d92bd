package wrapper_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

const account = sandbox.DefaultAccountID

// withheld stands for a server's text that repeats a credential.
const withheld = "[withheld: it contains a credential]"

// fifty makes the sandbox's default account a list of nine pages.
var fifty = wrapper.PerPage(50)

// impatient retries like the default policy, without the waits.
var impatient = wrapper.WithRetry(wrapper.RetryPolicy{BaseDelay: time.Nanosecond, AttemptTimeout: 10 * time.Second})

// newClient returns a client of a running sandbox.
func newClient(t testing.TB, server *sandbox.Server, options ...wrapper.Option) *wrapper.Client {
	t.Helper()
	all := []wrapper.Option{wrapper.WithBaseURL(server.URL), wrapper.WithTokenURL(server.TokenURL), impatient}
	return must(wrapper.New("", secretOf(server), append(all, options...)...))(t)
}

func secretOf(server *sandbox.Server) wrapper.ClientSecret {
	return wrapper.ClientSecret{ID: server.ClientID, Secret: wrapper.Secret(server.ClientSecret)}
}

const ownToken = "token-Zq8f/P2+x=="

// newClientOf returns a client of any server at all, with a token of its own.
func newClientOf(t testing.TB, url string, options ...wrapper.Option) *wrapper.Client {
	t.Helper()
	tokens := wrapper.Tokens(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: ownToken}))
	return must(wrapper.New("", tokens, append([]wrapper.Option{wrapper.WithBaseURL(url), impatient}, options...)...))(t)
}

// serve runs a handler on loopback until the test ends.
func serve(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// answer is a handler that always says the same.
func answer(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// collect ranges over a whole listing and returns what came before the error.
func collect[T any](sequence iter.Seq2[T, error]) (items []T, err error) {
	for item, failure := range sequence {
		if failure != nil {
			if err != nil {
				panic("the iterator went on after an error")
			}
			err = failure
			continue
		}
		items = append(items, item)
	}
	return items, err
}

// must returns the value to the test, which it ends if there is an error.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// fixture returns a value that the test itself makes: an error is a mistake in it.
func fixture[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// inProcess is a transport that calls a handler, without a socket: inside a
// synctest bubble the time stands still while goroutines wait for nothing but
// time, and a socket is something else.
type inProcess struct{ handler http.Handler }

func (t inProcess) RoundTrip(request *http.Request) (response *http.Response, err error) {
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
	t.handler.ServeHTTP(recorder, incoming)
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}

// newClientInProcess returns a client that talks to the sandbox without
// sockets, with the default retry policy.
func newClientInProcess(t testing.TB, server *sandbox.Server, options ...wrapper.Option) *wrapper.Client {
	return newClientInProcessWith(t, server, secretOf(server), options...)
}

func newClientInProcessWith(t testing.TB, server *sandbox.Server, credentials wrapper.Credentials, options ...wrapper.Option) *wrapper.Client {
	all := []wrapper.Option{
		wrapper.WithBaseURL("http://localhost"),
		wrapper.WithTokenURL("http://localhost" + sandbox.TokenPath),
		wrapper.WithHTTPClient(&http.Client{Transport: inProcess{server}}),
	}
	return must(wrapper.New("", credentials, append(all, options...)...))(t)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

func jsonResponse(status int, body string) *http.Response {
	recorder := httptest.NewRecorder()
	answer(status, "application/json", body)(recorder, nil)
	return recorder.Result()
}

func decode(t testing.TB, body io.Reader, into any) {
	t.Helper()
	if err := json.NewDecoder(body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

// startForExamples runs a sandbox and points the environment at it.
func startForExamples() *httptest.Server {
	server := sandbox.New()
	listening := httptest.NewServer(server)
	for name, value := range map[string]string{
		"TALKDESK_ACCOUNT":          "",
		"TALKDESK_REGION":           "",
		"TALKDESK_PRIVATE_KEY":      "",
		"TALKDESK_PRIVATE_KEY_FILE": "",
		"TALKDESK_BASE_URL":         listening.URL,
		"TALKDESK_TOKEN_URL":        listening.URL + sandbox.TokenPath,
		"TALKDESK_CLIENT_ID":        server.ClientID,
		"TALKDESK_CLIENT_SECRET":    server.ClientSecret,
	} {
		os.Setenv(name, value)
	}
	return listening
}

// oldestFirst is the sandbox's account in the order in which a listing reads it.
func oldestFirst(server *sandbox.Server) []wrapper.ContractAction {
	actions := server.Actions(account)
	slices.Reverse(actions)
	return actions
}
