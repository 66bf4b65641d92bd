package sandbox

import (
	"fmt"
	"math/rand/v2"
	"net/http"
)

// failures makes some requests fail at random. It is not safe for concurrent use.
type failures struct {
	rates  []failureRate
	random *rand.Rand
}

type failureRate struct {
	status  int
	percent float64
}

// WithFailures makes the server respond with a status to a percentage of the
// requests for the operations of the contract, chosen at random: see [StatusFault]
// for the response. Requests for which a fault is queued do not count. The seed of
// [WithSeed] decides, so that the n-th request fails in each run or in none. Several
// of these options add up.
//
// WithFailures panics unless the status is from 400 to 599 and the percentages are
// from 0 to 100 together.
func WithFailures(status int, percent float64) Option {
	if status < 400 || status > 599 || !(percent >= 0) {
		panic(fmt.Sprintf("sandbox: WithFailures(%d, %v): use a status from 400 to 599 and a percentage from 0 to 100", status, percent))
	}
	return func(s *settings) {
		s.failures = append(s.failures, failureRate{status, percent})
		total := 0.0
		for _, rate := range s.failures {
			total += rate.percent
		}
		if total > 100 {
			panic(fmt.Sprintf("sandbox: WithFailures: %v percent of the requests are to fail, which is more than 100", total))
		}
	}
}

func newFailures(settings *settings) *failures {
	if len(settings.failures) == 0 {
		return nil
	}
	return &failures{settings.failures, rand.New(rand.NewPCG(settings.seed, hashOf("failures")))}
}

// next returns the fault of the next request, which is usually the zero value.
func (f *failures) next() Fault {
	if f == nil {
		return Fault{}
	}
	chosen := f.random.Float64() * 100
	for _, rate := range f.rates {
		if chosen < rate.percent {
			return StatusFault(rate.status)
		}
		chosen -= rate.percent
	}
	return Fault{}
}

// WithAccountFault makes the server respond with a fault to every request for an
// account that would otherwise succeed. A missing account is created; the list of
// accounts does not have it.
func WithAccountFault(id string, fault Fault) Option {
	fault.Header = fault.Header.Clone()
	return func(s *settings) { s.accountFaults[id] = fault }
}

// StatusAccountID returns the id of the account of [WithStatusAccounts] for a status,
// for example 000000000000000000000403 for 403.
func StatusAccountID(status int) string { return fmt.Sprintf("%024d", status) }

// statusFaults are the statuses for which WithStatusAccounts needs a fault. The
// account of 404 does not exist.
var statusFaults = []int{
	http.StatusBadRequest, http.StatusTooManyRequests,
	http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// WithStatusAccounts adds accounts that show how a client handles a status: requests
// for the account [StatusAccountID] are answered with 400, 401 (see
// [WithUnauthorizedAccount]), 403 ([WithForbiddenAccount]), 404, 429, 500, 502, 503 or
// 504. See [StatusFault] for the responses. The list of accounts does not have them.
func WithStatusAccounts() Option {
	return func(s *settings) {
		withAccount(StatusAccountID(http.StatusUnauthorized), account{err: noPermission(), isUnlisted: true})(s)
		withAccount(StatusAccountID(http.StatusForbidden), account{err: forbidden(), isUnlisted: true})(s)
		for _, status := range statusFaults {
			s.accountFaults[StatusAccountID(status)] = StatusFault(status)
		}
	}
}
