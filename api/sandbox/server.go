package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/talkdesk-express/contractactions/gen"
)

const (
	// DefaultAccountID is the account id in the example of the reference page. A
	// server without an account option has this account.
	DefaultAccountID = "5ea75fe7aa224700012eae40"

	// ScopeRead allows listing contract actions, according to the vendor's
	// OpenAPI document.
	ScopeRead = gen.ScopeExpressAccountsContractsActionsRead

	// ScopeWrite allows listing contract actions, according to the reference
	// page.
	ScopeWrite = gen.ScopeExpressAccountsContractsActionsWrite

	// ScopeAccounts allows listing accounts, and not listing contract actions.
	ScopeAccounts = gen.ScopeExpressAccountsRead

	// TokenPath is the path of the token endpoint, according to the general guide.
	TokenPath = "/oauth/token"
)

// Server is a fake of the service. Create one with [Start] in a test or with
// [New] elsewhere; the zero value is not usable. All methods are safe for
// concurrent use.
//
// The exported fields are what a client needs to know. Changing them does not
// change what the server accepts. Formatting a *Server with package fmt or
// encoding/json shows neither the secret nor the key.
type Server struct {
	// URL is the base URL, without a slash at its end: that of [WithURL], or else
	// where Start listens. New leaves it empty without the option, because only the
	// caller knows where the server listens.
	URL string
	// TokenURL is the URL of the token endpoint: empty if URL is, and [TokenPath]
	// below it otherwise.
	TokenURL string

	// ClientID identifies the client that can request tokens, besides those of
	// [WithClients].
	ClientID string
	// ClientSecret authenticates the client by HTTP Basic (client_secret_basic).
	ClientSecret string `json:"-"`

	// KeyID identifies the key that authenticates the client by assertion
	// (private_key_jwt). It is the header kid of the assertion.
	KeyID string
	// PrivateKey is that key in the format in which the service issues keys,
	// according to the general guide: PKCS#8 in Base64, without PEM armour.
	PrivateKey string `json:"-"`
	// Algorithm is the signature algorithm of the key: ES256.
	Algorithm string

	accounts     *accounts
	accessTokens *accessTokens
	contract     *contract
	recorder     *recorder
	tokenFaults  *faultInjector
	actionFaults *faultInjector
	routes       http.Handler
}

// New returns a server that does not listen: an [http.Handler] to be mounted at
// the root of a host. Its links, and the audience that it expects in client
// assertions, have the scheme of the connection and the host that each request
// names, or the address at which it arrived if it names none. [WithURL] sets them.
//
// Of options that contradict each other, the last one applies. Without an account
// option the server has the account [DefaultAccountID] with 425 generated
// actions, the total in the example of the reference page.
func New(options ...Option) *Server {
	settings := defaultSettings()
	for _, option := range options {
		option(settings)
	}
	key := newSigningKey(settings.signingKey)

	s := &Server{
		URL:          string(settings.url),
		ClientID:     settings.clientID,
		ClientSecret: settings.clientSecret,
		KeyID:        key.id,
		PrivateKey:   key.private,
		Algorithm:    key.algorithm,

		accounts:     newAccounts(settings),
		accessTokens: newAccessTokens(settings.clock, settings.tokenLifetime),
		contract:     newContract(),
		recorder:     &recorder{},
	}
	if s.URL != "" {
		s.TokenURL = s.URL + TokenPath
	}
	s.tokenFaults = &faultInjector{latency: settings.latency, next: &tokenEndpoint{
		clients:      newClients(settings, key),
		accessTokens: s.accessTokens,
	}}
	// A request passes through these handlers from the last one to the first.
	actions := newOperations(s.accounts, s.contract)
	actions = s.contract.checkRequests(actions)
	actions = s.contract.passListURL(settings.url, actions)
	actions = settings.unsupported.apply(actions)
	actions = s.accounts.requireAccess(actions)
	actions = s.accessTokens.require(s.contract, actions)
	actions = s.contract.checkResponses(actions)
	actions = s.accounts.injectFaults(actions)
	s.actionFaults = &faultInjector{latency: settings.latency, random: newFailures(settings), next: actions}
	s.routes = s.newRoutes()
	return s
}

// Start creates a server like [New] and runs it on a free port of the loopback
// interface, without TLS, until the test ends.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	s := New(options...)
	listening := httptest.NewServer(s)
	t.Cleanup(func() {
		// Close waits for requests, and these may be waiting for a Delay.
		listening.CloseClientConnections()
		listening.Close()
	})
	if s.URL == "" {
		s.URL, s.TokenURL = listening.URL, listening.URL+TokenPath
	}
	return s
}

// Variables returns the value of an environment variable with which a client uses
// the server: TALKDESK_BASE_URL, TALKDESK_TOKEN_URL, TALKDESK_CLIENT_ID and
// TALKDESK_CLIENT_SECRET. Others are empty. A Go program passes it to
// wrapper.NewFromVariables; any program can be started with the values. The
// addresses are those of [Start] or [WithURL].
func (s *Server) Variables(name string) string {
	return map[string]string{
		"TALKDESK_BASE_URL":      s.URL,
		"TALKDESK_TOKEN_URL":     s.TokenURL,
		"TALKDESK_CLIENT_ID":     s.ClientID,
		"TALKDESK_CLIENT_SECRET": s.ClientSecret,
	}[name]
}

// ServeHTTP responds to a request. It starts no goroutine and waits only for a
// [WithLatency] or the Delay of a [Fault], so it can be called inside a synctest bubble.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(r.Context()) // a copy: the caller's request must not change
	var form url.Values
	if r.URL.Path == TokenPath {
		form = readForm(r)
	}
	recorded := s.recorder.record(r, form)
	w.Header().Set("X-Request-Id", recorded.id())
	s.routes.ServeHTTP(&statusWriter{w, s.recorder, recorded}, r)
}

// Format implements [fmt.Formatter]. Whatever the verb, it prints the URL, the
// names of the client and the key, and the algorithm, so that no test logs the
// secret or the key.
func (s *Server) Format(state fmt.State, _ rune) {
	if s == nil {
		_, _ = io.WriteString(state, "<nil>")
		return
	}
	_, _ = fmt.Fprintf(state, "sandbox.Server{URL: %q, ClientID: %q, KeyID: %q, Algorithm: %q}",
		s.URL, s.ClientID, s.KeyID, s.Algorithm)
}
