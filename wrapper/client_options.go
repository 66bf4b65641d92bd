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

// Region is one of the vendor's regions. It decides which hosts the API and
// the token endpoint are at. The zero value is not a region.
type Region string

// The regions that the vendor documents (source: its "regions" guide).
const (
	US     Region = "us"
	EU     Region = "eu"
	Canada Region = "canada"
)

// hosts gives for each region the address of the API and the domain that the
// accounts' token endpoints are in.
var hosts = map[Region]struct{ api, identity string }{
	US:     {"https://api.talkdeskapp.com", "talkdeskid.com"},
	EU:     {"https://api.talkdeskapp.eu", "talkdeskid.eu"},
	Canada: {"https://api.talkdeskappca.com", "talkdeskidca.com"},
}

// ParseRegion returns the region called name: us, eu or canada, in any case.
func ParseRegion(name string) (Region, error) {
	region := Region(strings.ToLower(name))
	if _, known := hosts[region]; !known {
		return "", unknownRegion(name)
	}
	return region, nil
}

func unknownRegion(name string) error {
	return fmt.Errorf("unknown region %.80q: use us, eu or canada", name)
}

// tokenURL returns the token endpoint of a Talkdesk account.
func (r Region) tokenURL(account string) (string, error) {
	domain := hosts[r].identity
	if account == "" {
		return "", fmt.Errorf("the account is empty: give the name before .%s in the address of your Talkdesk account", domain)
	}
	if !isHostLabel(account) {
		return "", fmt.Errorf("%.80q is not an account name: give only the name before .%s (letters, digits, hyphens)", account, domain)
	}
	return "https://" + account + "." + domain + "/oauth/token", nil
}

// isHostLabel reports whether s is one label of a host name (RFC 1123).
// Anything else could change the host that the client's secret is sent to.
func isHostLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for _, c := range []byte(s) {
		if c != '-' && !isLetterOrDigit(c) {
			return false
		}
	}
	return true
}

func isLetterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
