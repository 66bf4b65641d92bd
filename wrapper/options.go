package wrapper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"runtime/debug"
	"strings"

	"golang.org/x/time/rate"
)

// Option changes how a client behaves. See the functions that return one.
type Option func(*settings) error

type settings struct {
	region     Region
	baseURL    *url.URL
	tokenURL   string
	scopes     []string
	httpClient *http.Client
	retry      RetryPolicy
	limiter    *rate.Limiter
	observer   observer
	maxBody    int64
	userAgent  string
}

func newSettings(options []Option) (*settings, error) {
	s := &settings{
		region:     US,
		httpClient: &http.Client{Transport: sharedTransport()},
		observer:   observer{log: slog.New(slog.DiscardHandler)},
		maxBody:    16 << 20,
		userAgent:  userAgent(),
	}
	for _, option := range options {
		if option == nil {
			return nil, errors.New("an option is nil")
		}
		if err := option(s); err != nil {
			return nil, err
		}
	}
	var err error
	if s.retry, err = s.retry.withDefaults(); err != nil {
		return nil, err
	}
	if s.baseURL == nil {
		s.baseURL, err = url.Parse(hosts[s.region].api)
	}
	return s, err
}

// tokenEndpoint says where tokens come from. It keeps the error for later,
// since not all credentials need the endpoint.
func (s *settings) tokenEndpoint(account string) tokenEndpoint {
	endpoint := tokenEndpoint{url: s.tokenURL, scopes: s.scopes, client: tokenClient(s.httpClient, s.userAgent), retry: s.retry, observer: s.observer}
	if endpoint.url == "" {
		endpoint.url, endpoint.err = s.region.tokenURL(account)
	}
	return endpoint
}

// WithRegion chooses the vendor's region: [US] (the default), [EU] or
// [Canada]. It decides the address of the API and of the token endpoint.
func WithRegion(region Region) Option {
	return func(s *settings) error {
		if _, known := hosts[region]; !known {
			return unknownRegion(string(region))
		}
		s.region = region
		return nil
	}
}

// WithBaseURL sets the address of the API in place of the region's, for a
// sandbox or a proxy. It must be https unless the host is this machine. A
// path in it is kept in front of the operation's.
func WithBaseURL(base string) Option {
	return func(s *settings) error {
		parsed, err := parseEndpoint(base)
		if err != nil {
			return fmt.Errorf("base URL: %w", err)
		}
		s.baseURL = parsed
		return nil
	}
}

// WithTokenURL sets the address of the token endpoint in place of the
// region's and account's. It must be https unless the host is this machine.
func WithTokenURL(token string) Option {
	return func(s *settings) error {
		parsed, err := parseEndpoint(token)
		if err != nil {
			return fmt.Errorf("token URL: %w", err)
		}
		s.tokenURL = parsed.String()
		return nil
	}
}

// WithHTTPClient sends requests through a client of yours: its transport,
// timeout and cookie jar apply. Without it, all clients of a program share a
// transport that is [http.DefaultTransport] but keeps as many idle connections
// as were in use. It is copied and not changed; in the copy,
// redirects out of the API's origin are refused, whatever its own policy.
func WithHTTPClient(client *http.Client) Option {
	return func(s *settings) error {
		if client == nil {
			return errors.New("the HTTP client is nil: leave the option out for the default")
		}
		s.httpClient = client
		return nil
	}
}

// WithRetry sets how often and how patiently requests are repeated. See
// [RetryPolicy] for the defaults and [NoRetry].
func WithRetry(policy RetryPolicy) Option {
	return func(s *settings) error {
		s.retry = policy
		return nil
	}
}

// WithRateLimit keeps requests to the API, repetitions included, below limit
// per second with bursts of burst. Without it there is no limit: none is
// documented for this operation.
func WithRateLimit(limit rate.Limit, burst int) Option {
	return func(s *settings) error {
		if !(limit > 0) || burst < 1 {
			return fmt.Errorf("a rate limit of %v per second in bursts of %d lets nothing through", limit, burst)
		}
		s.limiter = rate.NewLimiter(limit, burst)
		return nil
	}
}

// WithLogger logs each request at debug, each new token at info, and each
// retry, failed early renewal and missing scope at warn. Records carry what is
// in an [Event], and nothing else of a request or an answer.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		if logger == nil {
			return errors.New("the logger is nil: leave the option out to log nothing")
		}
		s.observer.log = logger
		return nil
	}
}

// WithObserver tells observe of each [Event], to count and to measure. It is
// called on the goroutine that the event happens on, by many at once, and
// should return soon.
func WithObserver(observe func(context.Context, Event)) Option {
	return func(s *settings) error {
		if observe == nil {
			return errors.New("the observer is nil: leave the option out to observe nothing")
		}
		s.observer.hook = observe
		return nil
	}
}

// WithMaxBodySize sets how many bytes the body of a page may have, after
// decompression. The default is 16 MiB.
func WithMaxBodySize(bytes int64) Option {
	return func(s *settings) error {
		if bytes < 1 {
			return fmt.Errorf("a body of at most %d bytes holds nothing", bytes)
		}
		s.maxBody = bytes
		return nil
	}
}

// WithUserAgent puts the name of your program, such as "billing/2.1", in
// front of this module's in the User-Agent header.
func WithUserAgent(product string) Option {
	return func(s *settings) error {
		if product == "" || strings.ContainsFunc(product, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
			return fmt.Errorf("%.80q is not a User-Agent: use printable ASCII", product)
		}
		s.userAgent = product + " " + userAgent()
		return nil
	}
}

// userAgent names this module and the version that the program was built
// with.
func userAgent() string {
	modulePath := strings.TrimSuffix(reflect.TypeFor[Client]().PkgPath(), "/wrapper")
	version := "devel"
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range append(build.Deps, &build.Main) {
			if module.Path == modulePath && module.Version != "" && module.Version != "(devel)" {
				version = module.Version
			}
		}
	}
	return "contractactions/" + version
}
