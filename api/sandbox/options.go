package sandbox

import (
	"crypto"
	"crypto/rand"
	"slices"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// Option changes what [New] and [Start] make.
type Option func(*settings)

type settings struct {
	clientID      string
	clientSecret  string
	publicKeys    map[string]verificationKey
	accounts      map[string]accountSource
	seed          uint64
	tokenLifetime time.Duration
	clock         func() time.Time
	progress      time.Duration
	scopes        []string
	unsupported   unsupported
}

// accountSource makes an account once all options are known: the seed may
// come after the account that needs it.
type accountSource func(seed uint64) account

func defaultSettings() *settings {
	return &settings{
		clientID:      "sandbox-client",
		clientSecret:  rand.Text(),
		publicKeys:    make(map[string]verificationKey),
		accounts:      make(map[string]accountSource),
		tokenLifetime: 10 * time.Minute,
		clock:         time.Now,
		scopes:        []string{ScopeRead, ScopeWrite, ScopeAccounts},
		unsupported:   make(unsupported),
	}
}

// WithAccount adds an account with these actions. Their CreatedAt and UpdatedAt
// decide the order in which they are listed; of two with the same time, the one
// that is given later here counts as newer. Two with the same id are both
// listed. See [Server.Put] for actions that the contract does not allow.
func WithAccount(id string, actions ...gen.ContractAction) Option {
	copies := cloneActions(actions)
	return func(s *settings) {
		s.accounts[id] = func(uint64) account { return account{actions: track(copies)} }
	}
}

// WithGeneratedAccount adds an account with n made-up actions of all types and
// statuses. In every account, ids count up from 123245132132 in the order of
// creation, so that the default order, newest first, begins with the highest.
// Quantities are as openapi.yaml documents them, negative for some amendments,
// and sometimes absent. Some times have milliseconds and some do not. The same
// id, n and seed give the same actions; see [WithSeed]. All n are made at once
// and kept in memory.
func WithGeneratedAccount(id string, n int) Option {
	return func(s *settings) {
		s.accounts[id] = func(seed uint64) account { return account{actions: track(generate(seed, id, n))} }
	}
}

// WithForbiddenAccount adds an account for which every request with a valid
// token is answered with 403 and the code 3110002, whatever the token's scopes.
func WithForbiddenAccount(id string) Option {
	return withRefusal(id, missingScope("This account is forbidden, whatever the scopes of the token."))
}

// WithUnauthorizedAccount adds an account for which every request with a valid
// token is answered with 401 and the code 3110001: the caller has no
// permission, and a new token does not change that.
func WithUnauthorizedAccount(id string) Option {
	return withRefusal(id, noPermission())
}

func withRefusal(id string, refusal *apiError) Option {
	return func(s *settings) {
		s.accounts[id] = func(uint64) account { return account{refusal: refusal} }
	}
}

// WithIgnoredParameters plays a service that ignores these query parameters,
// for example "filter", "order_by" and "per_page": they have no effect, even
// with invalid values, and links do not contain them.
func WithIgnoredParameters(names ...string) Option {
	return withUnsupported(ignoresParameter, names)
}

// WithRefusedParameters plays a service that answers requests with any of these
// query parameters with 400 and the code 3110005, naming them in fields.
func WithRefusedParameters(names ...string) Option {
	return withUnsupported(refusesParameter, names)
}

func withUnsupported(support parameterSupport, names []string) Option {
	return func(s *settings) {
		for _, name := range names {
			s.unsupported[name] = support
		}
	}
}

// WithScopes sets the scopes that the client was granted. A token request
// without scope gets all of them; one that asks for any other scope is refused
// with invalid_scope. The default is [ScopeRead], [ScopeWrite] and
// [ScopeAccounts]. Without arguments the client was granted no scope.
func WithScopes(scopes ...string) Option {
	granted := slices.Clone(scopes)
	return func(s *settings) { s.scopes = granted }
}

// WithSeed changes what generated accounts contain. The default is 0.
// Credentials and tokens are always random.
func WithSeed(seed uint64) Option {
	return func(s *settings) { s.seed = seed }
}

// WithClient sets the client's id and secret. The default is sandbox-client
// with a secret that is random for each server.
func WithClient(id, secret string) Option {
	return func(s *settings) { s.clientID, s.clientSecret = id, secret }
}

// WithPublicKey accepts client assertions that are signed with the private
// half of one more key, beside the one that every server has. A key with the
// same id is replaced. The algorithm is the name that RFC 7518 gives it:
// ES256, ES384 or ES512 for an *ecdsa.PublicKey on the curve P-256, P-384 or
// P-521, and RS256, RS384, RS512, PS256, PS384 or PS512 for an
// *rsa.PublicKey. With another algorithm, or one that does not fit the key, no
// assertion is ever accepted.
func WithPublicKey(keyID, algorithm string, key crypto.PublicKey) Option {
	return func(s *settings) { s.publicKeys[keyID] = verificationKey{algorithm: algorithm, public: key} }
}

// WithTokenLifetime sets how long access tokens are valid. The default is ten
// minutes, as in the general guide. A token with a lifetime of zero or less
// has expired when it is issued.
func WithTokenLifetime(lifetime time.Duration) Option {
	return func(s *settings) { s.tokenLifetime = lifetime }
}

// WithClock replaces [time.Now] for everything that depends on the time except
// the Delay of a [Fault]. The clock must be safe for concurrent use. A nil
// clock means time.Now.
func WithClock(clock func() time.Time) Option {
	if clock == nil {
		clock = time.Now
	}
	return func(s *settings) { s.clock = clock }
}

// WithProgress lets actions move on by themselves: one that is CREATED is
// IN_PROGRESS after one interval and has ended after two, nine times out of
// ten COMPLETED and otherwise FAILED. Which ones fail depends on their ids
// alone. The time counts from when the server was made or, later, from when
// [Server.Put] or [Server.Advance] last set the action. The default, zero,
// lets actions stay as they are.
func WithProgress(interval time.Duration) Option {
	return func(s *settings) { s.progress = interval }
}
