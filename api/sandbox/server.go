package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

const (
	// DefaultAccountID is the id that the reference page uses in its example.
	// A server without any account option has this account.
	DefaultAccountID = "5ea75fe7aa224700012eae40"

	// ScopeRead allows listing contract actions, according to the vendor's
	// OpenAPI document.
	ScopeRead = "express-accounts-contracts-actions:read"

	// ScopeWrite allows listing contract actions, according to the reference
	// page.
	ScopeWrite = "express-accounts-contracts-actions:write"

	// ScopeAccounts allows listing accounts, which the sandbox does not serve.
	// It does not allow listing contract actions.
	ScopeAccounts = "express-accounts:read"

	// TokenPath is the path of the token endpoint, as in the general guide.
	TokenPath = "/oauth/token"
)

// Server is the fake service. Make one with [Start] in a test or with [New]
// elsewhere; the zero value does not work. All methods are safe for concurrent
// use.
//
// The exported fields tell a client what it has to know. Changing them changes
// nothing about what the server accepts. Formatting a *Server with package fmt
// shows neither the secret nor the key, and neither does encoding/json.
type Server struct {
	// URL is the base URL, without a slash at its end. Start sets it; after
	// New it is empty, since only the caller knows where the server listens.
	URL string
	// TokenURL is the URL of the token endpoint. Start sets it, like URL.
	TokenURL string

	// ClientID names the one client that may ask for tokens.
	ClientID string
	// ClientSecret authenticates the client by HTTP Basic
	// (client_secret_basic).
	ClientSecret string `json:"-"`

	// KeyID names the key that authenticates the client by assertion
	// (private_key_jwt). It belongs into the assertion's header as kid.
	KeyID string
	// PrivateKey is that key in the form in which the general guide says that
	// keys are handed out: PKCS#8, Base64-encoded, without PEM armour.
	PrivateKey string `json:"-"`
	// Algorithm is what the key signs with: ES256.
	Algorithm string

	accounts *accounts
	grants   *grants
	contract *contract
	recorder *recorder
	tokens   *gate
	actions  *gate
	routes   http.Handler
}

// New makes a server that is not listening yet: an [http.Handler] to be
// mounted at the root of a host. Its links and the audience that it expects in
// client assertions are made from the scheme and the host of each request.
//
// No combination of options is an error: the later one wins where two
// contradict each other. Without any account option the server has the account
// [DefaultAccountID] with 425 generated actions, as many as the reference page
// has in its example.
func New(options ...Option) *Server {
	settings := defaultSettings()
	for _, option := range options {
		option(settings)
	}
	key := newSigningKey()

	s := &Server{
		ClientID:     settings.clientID,
		ClientSecret: settings.clientSecret,
		KeyID:        key.id,
		PrivateKey:   key.private,
		Algorithm:    key.algorithm,

		accounts: newAccounts(settings),
		grants:   newGrants(settings.clock, settings.tokenLifetime),
		contract: newContract(),
		recorder: &recorder{},
	}
	s.tokens = &gate{next: &tokenEndpoint{
		client: newClient(settings, key),
		grants: s.grants,
		scopes: scopeSet(settings.scopes...),
	}}
	// A request passes from the outermost handler, the last one here, inwards.
	var actions http.Handler = newActionsHandler(s.accounts, s.contract)
	actions = s.contract.checkRequests(actions)
	actions = s.contract.passListURL(actions)
	actions = settings.unsupported.apply(actions)
	actions = s.accounts.requireAccess(actions)
	actions = s.grants.requireToken(s.contract, actions)
	actions = s.contract.checkAnswers(actions)
	s.actions = &gate{next: actions}
	s.routes = s.newRoutes()
	return s
}

// Start makes a server as [New] does and runs it on a free port of the
// loopback interface, without TLS, until the test ends.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	s := New(options...)
	listening := httptest.NewServer(s)
	t.Cleanup(func() {
		// Requests that still wait for a Delay would hold Close up.
		listening.CloseClientConnections()
		listening.Close()
	})
	s.URL = listening.URL
	s.TokenURL = listening.URL + TokenPath
	return s
}

// ServeHTTP answers one request. It starts no goroutine, and waits for nothing
// except the Delay of a [Fault], so it may be called inside a synctest bubble.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	received := s.recorder.receive(r)
	w.Header().Set("X-Request-Id", received.id())
	s.routes.ServeHTTP(received.watch(w), received.request)
}

// Format prints what is safe to print, whatever the verb: the secret and the
// key must not get into a test's log through a careless %+v.
func (s *Server) Format(state fmt.State, _ rune) {
	if s == nil {
		_, _ = io.WriteString(state, "<nil>")
		return
	}
	_, _ = fmt.Fprintf(state, "sandbox.Server{URL: %q, ClientID: %q, KeyID: %q, Algorithm: %q}",
		s.URL, s.ClientID, s.KeyID, s.Algorithm)
}
