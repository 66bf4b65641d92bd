package wrapper_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/transport"
	"github.com/talkdesk-express/contractactions/internal/wire"
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
	return newClientWith(t, server, secretOf(server), options...)
}

// newClientWith returns one with other credentials.
func newClientWith(t testing.TB, server *sandbox.Server, credentials wrapper.Credentials, options ...wrapper.Option) *wrapper.Client {
	t.Helper()
	all := []wrapper.Option{wrapper.WithBaseURL(server.URL), wrapper.WithTokenURL(server.TokenURL), impatient}
	return must(wrapper.New("", credentials, append(all, options...)...))(t)
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

// checkNoClient fails the test unless the error is why there is no client, on
// one line and without a secret.
func checkNoClient(t *testing.T, client *wrapper.Client, err error, prefix, want string) {
	t.Helper()
	if client != nil || err == nil || !strings.HasPrefix(err.Error(), prefix) || !strings.Contains(err.Error(), want) {
		t.Fatalf("the error is %v, want it to say %q", err, want)
	}
	if strings.Contains(err.Error(), "S3cr3t") || len(err.Error()) > 300 {
		t.Errorf("the error is long or shows a secret: %q", err)
	}
}

// collect ranges over a whole listing and returns what came before the error.
func collect[T any](sequence iter.Seq2[T, error]) (items []T, err error) {
	for item, failure := range sequence {
		switch {
		case err != nil:
			panic("the iterator went on after an error")
		case failure != nil:
			err = failure
		default:
			items = append(items, item)
		}
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

// newClientOfBodies returns a client of a service whose responses have one body
// after the other, of which the last one stays, and the count of requests.
func newClientOfBodies(t testing.TB, bodies ...string) (*wrapper.Client, *int) {
	requests := 0
	return newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		requests++
		return jsonResponse(200, bodies[min(requests, len(bodies))-1]), nil
	})})), &requests
}

// pageWith is a page that has these contract actions.
func pageWith(items ...string) string {
	return `{"_embedded":{"contract_actions":[` + strings.Join(items, ",") + `]}}`
}

// pageBefore is a page that the link leads on from.
func pageBefore(link string, items ...string) string {
	return fmt.Sprintf(`{"_links":{"next":{"href":%q}},%s`, link, pageWith(items...)[1:])
}

// action is a contract action as the service sends it.
func action(id string) string {
	return fmt.Sprintf(`{"id":%q,"action_type":"NEWTDE","quantity":10,"status":"CREATED","status_message":"Contract action created successfully.",`+
		`"created_at":"2022-03-10T16:15:50Z","updated_at":"2022-03-10T16:15:50Z"}`, id)
}

// onePage makes one request to the API.
func onePage(ctx context.Context, client *wrapper.Client) error {
	_, err := collect(client.Pages(ctx, account, wrapper.MaxPages(1)))
	return err
}

// listsOnePage fails the test if one request to the API does.
func listsOnePage(t testing.TB, client *wrapper.Client) {
	t.Helper()
	if err := onePage(t.Context(), client); err != nil {
		t.Error(err)
	}
}

// inBubble runs a test in which time stands still while goroutines wait for
// nothing but time, with a sandbox and a client of it. It fails if a goroutine is
// left when it ends.
func inBubble(t *testing.T, test func(t *testing.T, server *sandbox.Server, client *wrapper.Client), options ...sandbox.Option) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(options...)
		test(t, server, newClientInProcess(t, server))
	})
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
		wrapper.WithHTTPClient(&http.Client{Transport: wire.InProcess{Handler: server}}),
	}
	return must(wrapper.New("", credentials, append(all, options...)...))(t)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// jsonResponse is a response as a transport returns it.
func jsonResponse(status int, body string) *http.Response {
	return answered(nil, status, http.Header{"Content-Type": {"application/json"}}, body)
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

// What the fuzz targets have in common. The service is a function, without a
// socket: that makes thousands of listings in a second.

const fuzzedBase = "https://api.example.com"

// newFuzzedClient returns a client of a service that is a function. It repeats
// nothing, so that one listing is one answer.
func newFuzzedClient(t testing.TB, service roundTripper) *wrapper.Client {
	return newClientOf(t, fuzzedBase, wrapper.WithHTTPClient(&http.Client{Transport: service}), wrapper.WithRetry(wrapper.NoRetry()))
}

// answered is an answer to a request as net/http hands it on. The header is not
// brought into form: some servers do not, either.
func answered(request *http.Request, status int, header http.Header, body string) *http.Response {
	return transport.NewResponse(request, status, header, []byte(body))
}
