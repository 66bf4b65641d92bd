package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2/clientcredentials"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/wire"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestEveryKindOfCredentialsListsTheAccount(t *testing.T) {
	server := sandbox.Start(t)
	tests := map[string]wrapper.Credentials{
		"client_secret_basic": secretOf(server),
		"private_key_jwt":     keyOf(server),
		"a token source": wrapper.Tokens((&clientcredentials.Config{
			ClientID: server.ClientID, ClientSecret: server.ClientSecret, TokenURL: server.TokenURL,
		}).TokenSource(t.Context())),
	}
	for name, credentials := range tests {
		t.Run(name, func(t *testing.T) {
			if actions, err := collect(newClientWith(t, server, credentials).Actions(t.Context(), account)); err != nil || len(actions) != 425 {
				t.Errorf("got %d contract actions and the error %v, want 425", len(actions), err)
			}
		})
	}
	if violations := server.Violations(); len(violations) > 0 {
		t.Errorf("the sandbox broke the contract: %v", violations)
	}
}

func TestNewRefuses(t *testing.T) {
	good := wrapper.ClientSecret{ID: "id", Secret: "p-S3cr3t"}
	type refusedClient struct {
		name, account string
		credentials   wrapper.Credentials
		options       []wrapper.Option
		want          string
	}
	tests := []refusedClient{
		{"no credentials", "acme", nil, nil, "credentials are nil"},
		{"no token source", "acme", wrapper.Tokens(nil), nil, "token source is nil"},
		{"no client id", "acme", wrapper.ClientSecret{Secret: "s"}, nil, "client id is empty"},
		{"no secret", "acme", wrapper.ClientSecret{ID: "id"}, nil, "client secret is empty"},
		{"no key", "acme", wrapper.PrivateKey{ID: "id", KeyID: "k"}, nil, "private key is empty"},
		{"no key id", "acme", wrapper.PrivateKey{ID: "id", Key: "k"}, nil, "key id is empty"},
		{"a client id with a line break", "acme", wrapper.ClientSecret{ID: "id\n", Secret: "p-S3cr3t"}, nil, "the client id contains a line break"},
		{"a secret with a line break", "acme", wrapper.ClientSecret{ID: "id", Secret: "p-S3cr3t\r\n"}, nil, "the client secret contains a line break"},
		{"a secret with a zero byte", "acme", wrapper.ClientSecret{ID: "id", Secret: "p-S3cr3t\x00"}, nil, "the client secret contains"},
		{"a secret beyond ASCII", "acme", wrapper.ClientSecret{ID: "id", Secret: "p-S3cr3t ☂"}, nil, "the client secret contains"},
		{"a secret that is not UTF-8", "acme", wrapper.ClientSecret{ID: "id", Secret: "p-S3cr3t\xff"}, nil, "the client secret contains"},
		{"a key id with a byte order mark", "acme", wrapper.PrivateKey{ID: "id", KeyID: "\ufeffk", Key: "p-S3cr3t"}, nil, "the key id contains"},
		{"an account with a line break", "acme\n", good, nil, "not an account name"},
		{"a base URL with a space", "acme", good, []wrapper.Option{wrapper.WithBaseURL("https://api.example.com/a b")}, "percent-encode it"},
		{"a base URL beyond ASCII", "acme", good, []wrapper.Option{wrapper.WithBaseURL("https://api.example.com/é")}, "percent-encode it"},
		{"a token URL with a line break", "acme", good, []wrapper.Option{wrapper.WithTokenURL("https://id.example.com/t\n")}, "not an http(s) URL"},
		{"a token URL with a template", "acme", good, []wrapper.Option{wrapper.WithTokenURL("https://id.example.com/{x}")}, "percent-encode it"},
		{"no account", "", good, nil, "not an account name"},
		{"an account that would move the token endpoint", "evil.example/", good, nil, "not an account name"},
		{"a dotted account", "acme.talkdeskid.com", good, nil, "not an account name"},
		{"an unknown region", "acme", good, []wrapper.Option{wrapper.WithRegion("mars")}, `unknown region "mars"`},
		{"plain http", "acme", good, []wrapper.Option{wrapper.WithBaseURL("http://api.example.com")}, "plain http"},
		{"plain http to a number", "acme", good, []wrapper.Option{wrapper.WithBaseURL("http://192.0.2.1")}, "plain http"},
		{"plain http for tokens", "acme", good, []wrapper.Option{wrapper.WithTokenURL("http://id.example.com/t")}, "plain http"},
		{"plain http to a host that is not listed", "acme", good, []wrapper.Option{wrapper.WithPlainHTTPHosts("sandbox:8080"), wrapper.WithBaseURL("http://api.example.com")}, "plain http"},
		{"a base URL with a password", "acme", good, []wrapper.Option{wrapper.WithBaseURL("https://u:p-S3cr3t@api.example.com")}, "user information"},
		{"a base URL with a query", "acme", good, []wrapper.Option{wrapper.WithBaseURL("https://api.example.com?x=1")}, "query"},
		{"a password where the scheme belongs", "acme", good, []wrapper.Option{wrapper.WithBaseURL("admin:p-S3cr3t@proxy.example")}, "not an http(s) URL"},
		{"a password in an opaque URL", "acme", good, []wrapper.Option{wrapper.WithBaseURL("https:user:p-S3cr3t@host")}, "not an http(s) URL"},
		{"a password in a query", "acme", good, []wrapper.Option{wrapper.WithBaseURL("https://h/?password=p-S3cr3t")}, "query"},
		{"a host beyond ASCII", "acme", good, []wrapper.Option{wrapper.WithBaseURL("https://apİ.example")}, "not ASCII"},
		{"a base URL without a host", "acme", good, []wrapper.Option{wrapper.WithBaseURL("api.example.com")}, "not an http(s) URL"},
		{"a base URL that is none", "acme", good, []wrapper.Option{wrapper.WithBaseURL("https://[::1")}, "not an http(s) URL"},
		{"a nil option", "acme", good, []wrapper.Option{nil}, "nil"},
		{"a nil client", "acme", good, []wrapper.Option{wrapper.WithHTTPClient(nil)}, "HTTP client is nil"},
		{"a nil transport", "acme", good, []wrapper.Option{wrapper.WithTransport(nil)}, "wraps the transport is nil"},
		{"a wrapped transport that is nil", "acme", good, []wrapper.Option{wrapper.WithTransport(func(http.RoundTripper) http.RoundTripper { return nil })}, "wrapped transport is nil"},
		{"a nil logger", "acme", good, []wrapper.Option{wrapper.WithLogger(nil)}, "logger is nil"},
		{"a nil observer", "acme", good, []wrapper.Option{wrapper.WithObserver(nil)}, "observer is nil"},
		{"a limit of nothing", "acme", good, []wrapper.Option{wrapper.WithRateLimit(0, 1)}, "allows no request"},
		{"a burst of nothing", "acme", good, []wrapper.Option{wrapper.WithRateLimit(1, 0)}, "allows no request"},
		{"a body of nothing", "acme", good, []wrapper.Option{wrapper.WithMaxBodySize(0)}, "allows no page"},
		{"a negative policy", "acme", good, []wrapper.Option{wrapper.WithRetry(wrapper.RetryPolicy{Attempts: -1})}, "negative"},
		{"a header in the user agent", "acme", good, []wrapper.Option{wrapper.WithUserAgent("a\r\nX: y")}, "not a User-Agent"},
	}
	for _, scopes := range [][]string{nil, {""}, {"a b"}, {"a", "\"b\""}, {`a\b`}, {"ä"}, {"a\n"}} {
		tests = append(tests, refusedClient{fmt.Sprintf("the scopes %q", scopes), "acme", good, []wrapper.Option{wrapper.WithScopes(scopes...)}, "RFC 6749, section 3.3"})
	}
	for _, host := range []string{
		"*", "*.example.com", "sandbox:*", ":8080", "http://sandbox:8080", "sandbox:8080/path", "user:p-S3cr3t@sandbox", "sandbox?x", "sandbox#x",
		"sand box", "sandbox\n", "s\u00e4ndbox", "[::1", "",
	} {
		tests = append(tests, refusedClient{fmt.Sprintf("plain http to %q", host), "acme", good, []wrapper.Option{wrapper.WithPlainHTTPHosts("sandbox", host)},
			"a host for plain http is not valid: use the form sandbox or sandbox:8080"})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client, err := wrapper.New(test.account, test.credentials, test.options...)
			checkNoClient(t, client, err, "create a contract actions client: ", test.want)
		})
	}
}

func TestRegionsHaveTheDocumentedHosts(t *testing.T) {
	for region, hosts := range map[wrapper.Region][2]string{
		wrapper.US:     {"api.talkdeskapp.com", "acme.talkdeskid.com"},
		wrapper.EU:     {"api.talkdeskapp.eu", "acme.talkdeskid.eu"},
		wrapper.Canada: {"api.talkdeskappca.com", "acme.talkdeskidca.com"},
	} {
		var asked []string
		transport := roundTripper(func(request *http.Request) (*http.Response, error) {
			asked = append(asked, request.URL.String())
			return jsonResponse(200, `{"access_token":"t0ken","token_type":"Bearer","expires_in":600,"count":0}`), nil
		})
		listsOnePage(t, must(wrapper.New("acme", wrapper.ClientSecret{ID: "id", Secret: "secret"},
			wrapper.WithRegion(region), wrapper.WithHTTPClient(&http.Client{Transport: transport})))(t))
		want := []string{"https://" + hosts[1] + "/oauth/token", "https://" + hosts[0] + "/express/accounts/" + account + "/contracts/actions?" + preferences}
		if !slices.Equal(asked, want) {
			t.Errorf("%s: asked %v, want %v", region, asked, want)
		}
	}
}

func TestRawIsAuthenticatedAndAnswersLikeTheGeneratedClient(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 3), sandbox.WithForbiddenAccount("other"))
	client := gen.ClientWithResponses{ClientInterface: newClient(t, server).Raw()}
	page := must(client.ListContractActionsWithResponse(t.Context(), account, nil))(t)
	if page.JSON200 == nil || len(page.JSON200.Embedded.ContractActions) != 3 {
		t.Errorf("got %s %s", page.Status(), page.Body)
	}
	refused := must(client.ListContractActionsWithResponse(t.Context(), "other", nil))(t)
	if refused.StatusCode() != 403 || refused.JSON403 == nil || refused.JSON403.Code == "" {
		t.Errorf("got %s %s", refused.Status(), refused.Body)
	}
	if header := refused.HTTPResponse.Request.Header.Get("Authorization"); header != "" {
		t.Error("the response carries the token in its request")
	}
}

func TestRawRepeatsOnlyWhatIsSafe(t *testing.T) {
	for _, status := range []int{http.StatusServiceUnavailable, http.StatusUnauthorized} {
		service := wire.NewService(nil, []wire.Script{wire.Writes(wire.Response(status, ""))})
		transport, base := wire.InMemory(t, service, false)
		post := must(http.NewRequest(http.MethodPost, base, strings.NewReader("{}")))(t)
		response, err := newClientOf(t, base, wrapper.WithHTTPClient(transport)).Raw().Client.Do(post)
		if _, requests := service.Seen(); err != nil || response.StatusCode != status || requests != 1 {
			t.Errorf("got %v and the error %v after %d requests, want the %d after 1", response, err, requests, status)
		}
	}
}

func TestRawTakesARequestWithoutHeaders(t *testing.T) {
	server := sandbox.Start(t)
	request := &http.Request{Method: http.MethodGet, URL: must(url.Parse(server.URL + "/express/accounts/" + account + "/contracts/actions"))(t)}
	if response, err := newClient(t, server).Raw().Client.Do(request); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("got %v and the error %v", response, err)
	}
}

// Raw gives a whole response or an error: not a response that was cut, or one
// of an attempt whose repetition was cancelled, or of another server.
func TestRawGivesNoHalfOfAnAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		server.Fail(sandbox.Fault{Status: 503, Header: http.Header{"Retry-After": {"20"}}})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if response, err := client.Raw().ListContractActions(ctx, account, nil); response != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v and the error %v, want the cancellation", response, err)
		}
	})

	transport, base := wire.InMemory(t, wire.NewService([]wire.Script{wire.Writes(response200("{}", "Content-Length: 100"))}, nil), false)
	response, err := newClientOf(t, base, wrapper.WithHTTPClient(transport)).Raw().ListContractActions(t.Context(), account, nil)
	if failure, ok := errors.AsType[*wrapper.Error](err); response != nil || !ok || failure.StatusCode != http.StatusOK {
		t.Errorf("got %v and the error %v, want an Error alone", response, err)
	}

	server, elsewhere := sandbox.Start(t), sandbox.Start(t)
	raw := *newClient(t, server).Raw()
	raw.Server = elsewhere.URL
	if _, err := raw.ListContractActions(t.Context(), account, nil); err == nil || len(elsewhere.Requests()) > 0 {
		t.Errorf("the error is %v, and the other server received %v", err, elsewhere.Requests())
	}
}

func TestTheCallersHTTPClientIsUsedAndNotChanged(t *testing.T) {
	server := sandbox.Start(t)
	var agents []string
	theirs := &http.Client{Transport: roundTripper(func(request *http.Request) (*http.Response, error) {
		agents = append(agents, request.Header.Get("User-Agent"))
		return http.DefaultTransport.RoundTrip(request)
	})}
	listsOnePage(t, newClient(t, server, wrapper.WithHTTPClient(theirs), wrapper.WithUserAgent("billing/2.1")))
	if len(agents) != 2 || theirs.CheckRedirect != nil {
		t.Errorf("their transport saw %q, want one request for a token and one for a page", agents)
	}
	for _, agent := range agents {
		if !strings.HasPrefix(agent, "billing/2.1 contractactions/") {
			t.Errorf("a request came from %q", agent)
		}
	}
}

func TestParseRegion(t *testing.T) {
	for name, want := range map[string]wrapper.Region{"us": wrapper.US, "EU": wrapper.EU, "Canada": wrapper.Canada} {
		if got, err := wrapper.ParseRegion(name); err != nil || got != want {
			t.Errorf("%s: got %q and the error %v", name, got, err)
		}
	}
	for _, name := range []string{"", "usa", "us ", strings.Repeat("x", 1000)} {
		got, err := wrapper.ParseRegion(name)
		if err == nil || got != "" || !strings.Contains(err.Error(), "use us, eu or canada") || len(err.Error()) > 200 {
			t.Errorf("%.20q: got %q and the error %v", name, got, err)
		}
	}
}

// All requests, the token's included, pass through each wrapped transport, and the
// connections are still those of the pool.
func TestAWrappedTransportKeepsTheConnectionPool(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 500))
	var order []string
	var pool http.RoundTripper
	wrapped := func(name string) wrapper.Option {
		return wrapper.WithTransport(func(next http.RoundTripper) http.RoundTripper {
			if pool == nil {
				pool = next
			}
			return roundTripper(func(request *http.Request) (*http.Response, error) {
				order = append(order, name)
				return next.RoundTrip(request)
			})
		})
	}
	client := must(wrapper.NewFromVariables(server.Variables, wrapped("inner"), wrapped("outer")))(t)
	must(collect(client.Actions(t.Context(), account)))(t)
	if want := slices.Repeat([]string{"outer", "inner"}, 1+2); !slices.Equal(order, want) {
		t.Errorf("the transports were called in the order %q, want %q: for the token and two pages", order, want)
	}
	if shared, ok := pool.(*http.Transport); !ok || shared.MaxIdleConnsPerHost < 32 {
		t.Errorf("the transport that was wrapped is %T, want the pool that keeps the connections of 32 accounts", pool)
	}
}

func TestAuthenticateSaysWhatTheTokenIsGoodFor(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		for range 2 {
			token, err := client.Authenticate(t.Context())
			if err != nil || token.Endpoint != "http://localhost"+sandbox.TokenPath || !token.CanList() || time.Until(token.Expiry).Round(time.Minute) != 10*time.Minute {
				t.Errorf("got %+v and the error %v", token, err)
			}
		}
		if server.TokenRequests() != 1 || server.ActionRequests() != 0 {
			t.Errorf("%d requests for tokens and %d for pages, want 1 and 0", server.TokenRequests(), server.ActionRequests())
		}
	})
}

func TestAuthenticateFailsAsAListingWould(t *testing.T) {
	server := sandbox.Start(t)
	server.FailToken(sandbox.Fault{Status: 401, Body: `{"error":"invalid_client"}`})
	_, err := newClient(t, server).Authenticate(t.Context())
	if refused, ok := errors.AsType[*wrapper.TokenError](err); !ok || refused.Code != "invalid_client" || refused.Endpoint != server.TokenURL {
		t.Errorf("the error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newClient(t, server).Authenticate(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatAClientWasGrantedDecides(t *testing.T) {
	const other = "express-accounts:read"
	for name, test := range map[string]struct {
		granted, requested []string
		canList            bool
		code               string // of the error, if no token is issued
	}{
		"only read":                   {[]string{wrapper.ScopeRead}, nil, true, ""},
		"only write":                  {[]string{wrapper.ScopeWrite}, nil, true, ""},
		"both":                        {[]string{wrapper.ScopeRead, wrapper.ScopeWrite}, nil, true, ""},
		"neither":                     {[]string{other}, nil, false, ""},
		"both, and one is requested":  {[]string{wrapper.ScopeRead, wrapper.ScopeWrite}, []string{wrapper.ScopeRead}, true, ""},
		"both, and another requested": {[]string{wrapper.ScopeRead, wrapper.ScopeWrite, other}, []string{other}, false, ""},
		"less than is requested":      {[]string{wrapper.ScopeRead}, []string{wrapper.ScopeWrite}, false, "invalid_scope"},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithScopes(test.granted...), sandbox.WithGeneratedAccount(account, 3), sandbox.WithForbiddenAccount("f0rb1dden"))
			observe, events := counted()
			client := newClient(t, server, append(withScopes(test.requested), observe)...)
			token, err := client.Authenticate(t.Context())
			if refused, ok := errors.AsType[*wrapper.TokenError](err); ok || test.code != "" {
				if !ok || refused.Code != test.code || !strings.Contains(err.Error(), "request no scope") {
					t.Errorf("the error is %v, want %s", err, test.code)
				}
				return
			}
			if err != nil || token.CanList() != test.canList || (events[wrapper.EventScopeMissing] == 1) == test.canList {
				t.Errorf("got %+v, the events %v and the error %v", token, events, err)
			}
			if err := onePage(t.Context(), client); errors.Is(err, wrapper.ErrForbidden) == test.canList || test.canList != (err == nil) {
				t.Errorf("the error of the listing is %v", err)
			}
			// If another permission is missing, the scopes are not blamed.
			_, err = collect(client.Pages(t.Context(), "f0rb1dden"))
			named := strings.Contains(fmt.Sprint(err), `the token has the scope "express-accounts:read": the client must be granted the scope `+wrapper.ScopeRead+` or `+wrapper.ScopeWrite)
			if !errors.Is(err, wrapper.ErrForbidden) || named == test.canList {
				t.Errorf("the error of another's account is %v", err)
			}
		})
	}
}

// withScopes are the options for scopes, of which there may be none.
func withScopes(scopes []string) []wrapper.Option {
	if scopes == nil {
		return nil
	}
	return []wrapper.Option{wrapper.WithScopes(scopes...)}
}

// What the token endpoint does not say was granted as requested.
func TestATokenWithoutAWordOnItsScopeHasWhatWasRequested(t *testing.T) {
	for _, requested := range [][]string{nil, {"a:b", "c:d"}, {wrapper.ScopeRead}} {
		server := sandbox.Start(t)
		server.FailToken(sandbox.Fault{Status: 200, Body: `{"access_token":"t","token_type":"Bearer"}`})
		observe, events := counted()
		token, err := newClient(t, server, append(withScopes(requested), observe)...).Authenticate(t.Context())
		if err != nil || token.Scope != strings.Join(requested, " ") || token.CanList() != (len(requested) != 2) || (events[wrapper.EventScopeMissing] == 1) == token.CanList() {
			t.Errorf("requested %q: got %+v, the events %v and the error %v", requested, token, events, err)
		}
	}
}

func TestPlainHTTPHostsAreExact(t *testing.T) {
	for _, test := range []struct {
		hosts, url string
		allowed    bool
	}{
		{"sandbox:8080", "http://sandbox:8080", true},
		{"sandbox:8080", "HTTP://Sandbox:8080/path", true},
		{"SANDBOX,other:8080", "http://sandbox", true},
		{"other, sandbox", "http://sandbox:80", true},
		{"192.0.2.1:8080", "http://192.0.2.1:8080", true},
		{"[2001:db8::1]:8080", "http://[2001:db8::1]:8080", true},
		{"", "http://sandbox:8080", false},
		{",", "http://sandbox:8080", false},
		{"sandbox", "http://sandbox:8080", false},
		{"sandbox:8080", "http://sandbox", false},
		{"sandbox:8080", "http://sandbox:8081", false},
		{"sandbox:8080", "http://a.sandbox:8080", false},
		{"a.sandbox:8080", "http://sandbox:8080", false},
		{"sandbox:8080", "http://sandbox.:8080", false},
		{"192.0.2.1", "http://3221225985", false},
	} {
		values := map[string]string{
			"TALKDESK_CLIENT_ID": "id", "TALKDESK_CLIENT_SECRET": "s",
			"TALKDESK_BASE_URL": test.url, "TALKDESK_TOKEN_URL": test.url + "/t", "TALKDESK_PLAIN_HTTP_HOSTS": test.hosts,
		}
		_, err := wrapper.NewFromVariables(func(name string) string { return values[name] })
		if isPlain := err != nil && strings.Contains(err.Error(), `base URL: "http://`); (err == nil) != test.allowed || isPlain == test.allowed {
			t.Errorf("%q, %s: the error is %v", test.hosts, test.url, err)
		}
		// The option can also come after the URL that it allows.
		hosts := strings.FieldsFunc(test.hosts, func(r rune) bool { return r == ',' || r == ' ' })
		_, err = wrapper.New("acme", wrapper.ClientSecret{ID: "id", Secret: "s"}, wrapper.WithBaseURL(test.url), wrapper.WithPlainHTTPHosts(hosts...))
		if (err == nil) != test.allowed {
			t.Errorf("%q, %s: the error of the options is %v", test.hosts, test.url, err)
		}
	}
}

// A transport with a proxy keeps it, whatever is listed.
func TestPlainHTTPGoesThroughTheProxy(t *testing.T) {
	var received []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		received = append(received, r.RequestURI)
		answer(200, "application/json", `{"access_token":"t0ken","token_type":"Bearer","expires_in":600,"count":0}`)(w, r)
	}))
	defer proxy.Close()
	transport := &http.Transport{Proxy: http.ProxyURL(fixture(url.Parse(proxy.URL)))}
	defer transport.CloseIdleConnections()
	client := must(wrapper.New("", wrapper.ClientSecret{ID: "id", Secret: "s"},
		wrapper.WithBaseURL("http://sandbox:8080"), wrapper.WithTokenURL("http://sandbox:8080/t"), wrapper.WithPlainHTTPHosts("sandbox:8080"),
		wrapper.WithHTTPClient(&http.Client{Transport: transport})))(t)
	listsOnePage(t, client)
	want := []string{"http://sandbox:8080/t", "http://sandbox:8080/express/accounts/" + account + "/contracts/actions?" + preferences}
	if !slices.Equal(received, want) {
		t.Errorf("the proxy received %q, want %q", received, want)
	}
}

// Buffers are used again; what was made of a body before is not touched by it.
func TestWhatWasReadStays(t *testing.T) {
	first, other := pageWith(action("first")), pageWith(action("other"))
	for name, test := range map[string]struct {
		body, want string
		read       func(*wrapper.Client) func() string // returns what was read before
	}{
		"contract actions": {first, "first CREATED Contract action created successfully.", func(client *wrapper.Client) func() string {
			actions, _ := collect(client.Actions(t.Context(), account))
			return func() string { return actions[0].ID + " " + string(actions[0].Status) + " " + actions[0].StatusMessage }
		}},
		"an error's body": {`{"total":"425"}`, `application/json {"total":"425"}`, func(client *wrapper.Client) func() string {
			_, err := collect(client.Actions(t.Context(), account))
			failure, _ := errors.AsType[*wrapper.Error](err)
			return func() string { return failure.Header.Get("Content-Type") + " " + string(failure.Body) }
		}},
		"the body of a raw response": {first, first, func(client *wrapper.Client) func() string {
			response, _ := client.Raw().ListContractActions(t.Context(), account, nil)
			return func() string { return string(fixture(io.ReadAll(response.Body))) }
		}},
	} {
		client, _ := newClientOfBodies(t, test.body, other)
		read := test.read(client)
		for range 10 {
			must(collect(client.Actions(t.Context(), account)))(t)
		}
		if now := read(); now != test.want {
			t.Errorf("%s: %q has become %q", name, test.want, now)
		}
	}
}
