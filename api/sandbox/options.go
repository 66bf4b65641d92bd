package sandbox

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"slices"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// Option configures a [Server].
type Option func(*settings)

type settings struct {
	url           baseURL
	clientID      string
	clientSecret  string
	otherClients  []Client
	signingKey    *ecdsa.PrivateKey
	publicKeys    map[string]verificationKey
	accounts      map[string]accountSource
	accountFaults map[string]Fault
	details       map[string]gen.Account
	newest        time.Time // of the generated actions; zero for the default
	seed          uint64
	tokenLifetime time.Duration
	clock         func() time.Time
	progress      time.Duration
	scopes        []string
	unsupported   unsupported
	latency       time.Duration
	failures      []failureRate
}

// accountSource creates an account once all options are known, because the seed
// may be set after the account that needs it.
type accountSource func(settings *settings) account

func defaultSettings() *settings {
	return &settings{
		clientID:      "sandbox-client",
		clientSecret:  rand.Text(),
		publicKeys:    make(map[string]verificationKey),
		accounts:      make(map[string]accountSource),
		accountFaults: make(map[string]Fault),
		details:       make(map[string]gen.Account),
		tokenLifetime: 10 * time.Minute,
		clock:         time.Now,
		scopes:        documentedScopes(),
		unsupported:   make(unsupported),
	}
}

// WithAccount adds an account with copies of the given actions. CreatedAt and
// UpdatedAt determine their positions in the list; of two actions with the same
// time, the later argument counts as newer. Actions with the same id are all
// listed. See [Server.Put] for actions that the contract does not allow.
func WithAccount(id string, actions ...gen.ContractAction) Option {
	copies := cloneActions(actions)
	return func(s *settings) {
		s.accounts[id] = func(*settings) account { return account{actions: track(cloneActions(copies))} }
	}
}

// WithGeneratedAccount adds an account with n generated actions of all types and
// statuses in the contract. Ids count up from 123245132132 in the order of
// creation in every account, so the default order, newest first, starts with the
// highest. Quantities are as openapi.yaml documents them: negative for some
// amendments, and sometimes missing. Other optional fields have an example of the
// contract, or are missing. Some times have milliseconds and others do not.
//
// The same id, n and seed give the same actions; see [WithSeed]. If n is zero or
// less, the account is empty. All actions are kept in memory.
func WithGeneratedAccount(id string, n int) Option {
	return func(s *settings) {
		s.accounts[id] = func(s *settings) account { return account{actions: track(s.generate(id, n))} }
	}
}

// WithAccountDetails sets what the list of accounts has for an account that other
// options add. By default the name, the company and the status are generated from
// the id.
func WithAccountDetails(details gen.Account) Option {
	details = details.Clone()
	return func(s *settings) { s.details[details.ID] = details }
}

// WithForbiddenAccount adds an account for which every request with a valid
// token is answered with 403 and the code 3110002, whatever the token's scopes.
func WithForbiddenAccount(id string) Option {
	return withAccount(id, account{err: forbidden()})
}

// WithUnauthorizedAccount adds an account for which every request with a valid
// token is answered with 401 and the code 3110001: the caller has no
// permission, and a new token does not change that.
func WithUnauthorizedAccount(id string) Option {
	return withAccount(id, account{err: noPermission()})
}

func forbidden() *apiError {
	return missingScope("This account is forbidden, whatever the scopes of the token.")
}

func withAccount(id string, refused account) Option {
	return func(s *settings) {
		s.accounts[id] = func(*settings) account { return refused }
	}
}

// WithIgnoredParameters makes the server ignore query parameters, for example
// "filter", "order_by" and "per_page": they have no effect, even with invalid
// values, and links do not contain them.
func WithIgnoredParameters(names ...string) Option {
	return withUnsupported(ignoreParameter, names)
}

// WithRefusedParameters makes the server respond to requests with any of these
// query parameters with 400 and the code 3110005. The fields of the error name the
// parameters.
func WithRefusedParameters(names ...string) Option {
	return withUnsupported(rejectParameter, names)
}

func withUnsupported(reaction reaction, names []string) Option {
	return func(s *settings) {
		for _, name := range names {
			s.unsupported[name] = reaction
		}
	}
}

// WithScopes sets the scopes that the client of [WithClient] has been granted. A token request
// without a scope gets all of them. One that requests any other scope is rejected
// with invalid_scope. The default is every scope in openapi.yaml.
// Without arguments the client has no scope.
func WithScopes(scopes ...string) Option {
	granted := slices.Clone(scopes)
	return func(s *settings) { s.scopes = granted }
}

// WithSeed sets the seed for the contents of generated accounts. The default is 0.
// It does not affect credentials and tokens, which are always random.
func WithSeed(seed uint64) Option {
	return func(s *settings) { s.seed = seed }
}

// WithNewest moves the times of generated actions, so that the last change in each
// generated account is at the given time or up to a second before. The actions of an
// account of 425 cover about eight weeks. By default the first action was created on
// 2022-03-10, as in the example of the reference page.
func WithNewest(newest time.Time) Option {
	return func(s *settings) { s.newest = newest.UTC() }
}

// WithLatency delays the response to every request for a token or for an operation of
// the contract. The default is zero. The wait ends early when the context of the
// request does.
func WithLatency(latency time.Duration) Option {
	return func(s *settings) { s.latency = latency }
}

// WithClient sets the client's id and secret. The default is sandbox-client with a
// random secret.
func WithClient(id, secret string) Option {
	return func(s *settings) { s.clientID, s.clientSecret = id, secret }
}

// WithClients adds clients to that of [WithClient]. Each has its own secret and
// scopes, and no key. Of clients with the same id, the last one applies, but that of
// WithClient takes precedence.
func WithClients(clients ...Client) Option {
	return func(s *settings) { s.otherClients = append(s.otherClients, clients...) }
}

// WithSigningKey sets the key of the fields KeyID, PrivateKey and Algorithm, which
// is random by default. It panics unless the key is on the curve P-256, which the
// algorithm ES256 needs.
func WithSigningKey(key *ecdsa.PrivateKey) Option {
	if key.Curve != elliptic.P256() {
		panic("sandbox: WithSigningKey: the key is not on the curve P-256")
	}
	return func(s *settings) { s.signingKey = key }
}

// WithPublicKey makes the server accept client assertions that are signed with the
// private half of an additional key. It replaces a key with the same id, including
// the one that every server has. The algorithm is a name of RFC 7518: ES256, ES384
// or ES512 for an *ecdsa.PublicKey on the curve P-256, P-384 or P-521, and RS256,
// RS384, RS512, PS256, PS384 or PS512 for an *rsa.PublicKey. If the algorithm is
// a different one or does not fit the key, no assertion with the key is accepted.
func WithPublicKey(keyID, algorithm string, key crypto.PublicKey) Option {
	return func(s *settings) { s.publicKeys[keyID] = verificationKey{algorithm: algorithm, public: key} }
}

// WithTokenLifetime sets the lifetime of access tokens. The default is ten minutes,
// according to the general guide. With zero or less, tokens are issued expired.
func WithTokenLifetime(lifetime time.Duration) Option {
	return func(s *settings) { s.tokenLifetime = lifetime }
}

// WithClock sets the clock for everything that depends on the time, except for the
// Delay of a [Fault]. The clock must be safe for concurrent use. Nil means
// [time.Now], which is the default.
func WithClock(clock func() time.Time) Option {
	if clock == nil {
		clock = time.Now
	}
	return func(s *settings) { s.clock = clock }
}

// WithProgress makes actions progress over time. An action that is CREATED becomes
// IN_PROGRESS after one interval, and COMPLETED or FAILED after another. About one
// in ten fails; its id decides. The first interval starts when the server is
// created, or when [Server.Put] or [Server.Advance] sets the action. The default
// is zero: actions do not change.
func WithProgress(interval time.Duration) Option {
	return func(s *settings) { s.progress = interval }
}
