package sandbox

import (
	"crypto"
	"crypto/rand"
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
	}
}

// WithAccount adds an account with these actions, in this order. See
// [Server.Put] for actions that the contract does not allow.
func WithAccount(id string, actions ...gen.ContractAction) Option {
	copies := cloneActions(actions)
	return func(s *settings) {
		s.accounts[id] = func(uint64) account { return account{actions: track(copies)} }
	}
}

// WithGeneratedAccount adds an account with n made-up actions of all types and
// statuses, with ids that count up from 123245132132 in every account. The same
// id, n and seed give the same actions; see [WithSeed]. All n are made at once
// and kept in memory.
func WithGeneratedAccount(id string, n int) Option {
	return func(s *settings) {
		s.accounts[id] = func(seed uint64) account { return account{actions: track(generate(seed, id, n))} }
	}
}

// WithForbiddenAccount adds an account that nobody may see: every request for
// it is refused with 403.
func WithForbiddenAccount(id string) Option {
	return func(s *settings) {
		s.accounts[id] = func(uint64) account { return account{forbidden: true} }
	}
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
