package wrapper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/time/rate"

	"github.com/talkdesk-express/contractactions/internal/transport"
	"github.com/talkdesk-express/contractactions/internal/version"
)

// Option configures a [Client]. The functions that return one are listed below.
type Option func(*settings) error

type settings struct {
	region     Region
	baseURL    *url.URL
	tokenURL   *url.URL // nil: that of the region and the account
	plainHTTP  []origin // allowed besides loopback addresses
	scopes     []string
	httpClient *http.Client
	wraps      []func(http.RoundTripper) http.RoundTripper // in this order
	transport  http.RoundTripper                           // of httpClient, wrapped
	retry      RetryPolicy
	limiter    *rate.Limiter // nil: no limit
	observer   observer
	maxBody    int64
	header     http.Header // of every request to the API
}

func newSettings(options []Option) (*settings, error) {
	s := &settings{
		region:     US,
		httpClient: &http.Client{Transport: transport.Shared()},
		retry:      RetryPolicy{}.withDefaults(),
		maxBody:    16 << 20,
		header:     http.Header{"Accept": {"application/json"}, "User-Agent": {version.UserAgent()}},
	}
	if err := apply(s, options); err != nil {
		return nil, err
	}
	if err := cmp.Or(s.checkPlainHTTP("base URL", s.baseURL), s.checkPlainHTTP("token URL", s.tokenURL)); err != nil {
		return nil, err
	}
	if s.baseURL == nil {
		s.baseURL = &url.URL{Scheme: "https", Host: hosts[s.region].api}
	}
	if s.transport = s.httpClient.Transport; s.transport == nil {
		s.transport = http.DefaultTransport
	}
	for _, wrap := range s.wraps {
		if s.transport = wrap(s.transport); s.transport == nil {
			return nil, errors.New("WithTransport: the wrapped transport is nil")
		}
	}
	s.transport = transport.ReadableRedirects{RoundTripper: s.transport, Invalid: &LinkError{Link: hiddenLink, Reason: "it is not a URL"}}
	return s, nil
}

// checkPlainHTTP comes after all options: a URL may come before the
// WithPlainHTTPHosts that allows it. Plain http sends credentials unencrypted. It is
// for tests on the same machine, and for the listed hosts.
func (s *settings) checkPlainHTTP(name string, u *url.URL) error {
	if u == nil || u.Scheme != "http" || net.ParseIP(u.Hostname()).IsLoopback() ||
		strings.EqualFold(u.Hostname(), "localhost") || slices.Contains(s.plainHTTP, originOf(u)) {
		return nil
	}
	return fmt.Errorf("%s: %q is plain http, which sends credentials unencrypted: use https; for a sandbox in a container, see TALKDESK_PLAIN_HTTP_HOSTS",
		name, "http://"+u.Host)
}

// apply applies options in order and stops at the first that is invalid.
func apply[T any, O ~func(*T) error](target *T, options []O) error {
	for _, option := range options {
		if option == nil {
			return errors.New("an option is nil")
		}
		if err := option(target); err != nil {
			return err
		}
	}
	return nil
}

// option returns an option that calls set, or fails with a formatted error if
// its arguments are not valid.
func option[T any](valid bool, set func(*T), format string, args ...any) func(*T) error {
	return func(target *T) error {
		if !valid {
			return fmt.Errorf(format, args...)
		}
		set(target)
		return nil
	}
}

// WithRegion selects the vendor's region, which determines the hosts of the API
// and of the token endpoint. The default is [US].
func WithRegion(region Region) Option {
	return func(s *settings) (err error) {
		s.region, err = ParseRegion(string(region))
		return err
	}
}

// WithBaseURL sets the URL of the API and overrides the region's, for a sandbox
// or a proxy. It must be https unless the host is a loopback address or one of
// [WithPlainHTTPHosts]. A path in it is put before the operation's path.
func WithBaseURL(base string) Option {
	return func(s *settings) (err error) {
		s.baseURL, err = parseEndpoint("base URL", base)
		return err
	}
}

// WithTokenURL sets the URL of the token endpoint and overrides that of the
// region and the account. It must be https unless the host is a loopback address
// or one of [WithPlainHTTPHosts].
func WithTokenURL(token string) Option {
	return func(s *settings) (err error) {
		s.tokenURL, err = parseEndpoint("token URL", token)
		return err
	}
}

// WithPlainHTTPHosts allows plain http to these hosts, for a sandbox in a
// different container: credentials for them are sent unencrypted. A host is
// "sandbox", which is port 80, or "sandbox:8080". There are no patterns. It applies
// to the base URL and the token URL, wherever it is among the options, and adds to
// the hosts of other uses. Next links and redirects still stay within the origin of
// the base URL. The proxy of the transport applies, such as that of HTTP_PROXY, and
// can read the credentials.
func WithPlainHTTPHosts(hosts ...string) Option {
	return func(s *settings) error {
		for _, host := range hosts {
			u, err := url.Parse("http://" + host)
			if err != nil || u.Host != host || u.Hostname() == "" || !isASCII(host) || strings.Contains(host, "*") {
				// Not shown: any part of it can be a password.
				return errors.New("a host for plain http is not valid: use the form sandbox or sandbox:8080")
			}
			s.plainHTTP = append(s.plainHTTP, originOf(u))
		}
		return nil
	}
}

// WithScopes requests tokens with these scopes only. By default none is
// requested, and a token has every scope that the client was granted (source:
// G). The token endpoint refuses a scope that was not granted. It has no effect
// with [Tokens].
func WithScopes(scopes ...string) Option {
	valid := len(scopes) > 0 && !slices.ContainsFunc(scopes, func(scope string) bool { return !scopeToken.MatchString(scope) })
	return option(valid, func(s *settings) { s.scopes = slices.Clone(scopes) },
		"scopes must not be empty, nor have characters outside of RFC 6749, section 3.3: omit the option to request none")
}

// WithHTTPClient sends all requests with client: its transport, timeout and
// cookie jar apply. The client is copied and not changed; the copy refuses
// redirects out of the API's origin, whatever CheckRedirect allows.
//
// By default all clients of a program share one transport. It is
// [http.DefaultTransport] with three changes: it keeps idle connections to one
// host for as many requests as were concurrent; it sends pings in HTTP/2, where all
// requests share a connection, and closes a connection that was silent for 5 s and
// then for 5 s after a ping; and it accepts at most 256 KiB of response header. Set
// [http.Transport.HTTP2] in a transport of your own: without pings, each attempt on
// a silent HTTP/2 connection lasts for RetryPolicy.AttemptTimeout. To add to the
// shared transport, use [WithTransport].
//
// After an attempt that timed out, the client closes the idle connections of the
// transport, so that a retry does not use one that is silent too.
func WithHTTPClient(client *http.Client) Option {
	return option(client != nil, func(s *settings) { s.httpClient = client }, "the HTTP client is nil: omit the option to use the default")
}

// WithTransport calls wrap with the transport of all requests, and sends them
// through the one that it returns, which usually adds tracing and calls the given
// one. Unlike with a transport of its own, see [WithHTTPClient], the client keeps
// its connection pool. The requests contain credentials. If the option is given
// several times, each wraps the transport of the ones before.
func WithTransport(wrap func(http.RoundTripper) http.RoundTripper) Option {
	return option(wrap != nil, func(s *settings) { s.wraps = append(s.wraps, wrap) }, "the function that wraps the transport is nil: omit the option")
}

// WithRetry controls retries and backoff. See [RetryPolicy] for the defaults and
// [NoRetry].
func WithRetry(policy RetryPolicy) Option {
	valid := policy.Attempts >= 0 && policy.BaseDelay >= 0 && policy.MaxDelay >= 0 && policy.AttemptTimeout >= 0
	return option(valid, func(s *settings) { s.retry = policy.withDefaults() }, "a field of the RetryPolicy is negative")
}

// WithRateLimit limits requests to the API, retries included, to limit per second
// with bursts of at most burst. By default there is no limit: the vendor
// documents none for this operation.
func WithRateLimit(limit rate.Limit, burst int) Option {
	return option(limit > 0 && burst >= 1, func(s *settings) { s.limiter = rate.NewLimiter(limit, burst) },
		"a rate limit of %v per second in bursts of %d allows no request", limit, burst)
}

// WithLogger logs every [Event]: requests at debug, new tokens at info, the rest
// at warn. Records contain the event's non-zero fields and nothing else.
func WithLogger(logger *slog.Logger) Option {
	return option(logger != nil, func(s *settings) { s.observer.log = logger }, "the logger is nil: omit the option to log nothing")
}

// WithObserver calls observe for every [Event], for metrics. It is called on the
// goroutine on which the event happens, concurrently, and should return quickly.
func WithObserver(observe func(context.Context, Event)) Option {
	return option(observe != nil, func(s *settings) { s.observer.hook = observe }, "the observer is nil: omit the option to observe nothing")
}

// WithMaxBodySize limits the body of a page, in bytes after decompression. The
// default is 16 MiB.
func WithMaxBodySize(bytes int64) Option {
	return option(bytes >= 1, func(s *settings) { s.maxBody = bytes }, "a maximum body size of %d bytes allows no page", bytes)
}

// WithUserAgent puts product, for example "billing/2.1", before the name of this
// module in the User-Agent header. It must be printable ASCII.
func WithUserAgent(product string) Option {
	return option(printableASCII.MatchString(product), func(s *settings) { s.header.Set("User-Agent", product+" "+version.UserAgent()) }, "%.80q is not a User-Agent: use printable ASCII", product)
}

// Region is one of the vendor's regions. It determines the hosts of the API and
// of the token endpoint. The zero value is not a region.
type Region string

// The documented regions (source: G).
const (
	US     Region = "us"
	EU     Region = "eu"
	Canada Region = "canada"
)

// hosts has the API's host in each region, and the domain of its token endpoints.
var hosts = map[Region]struct{ api, identity string }{
	US:     {"api.talkdeskapp.com", "talkdeskid.com"},
	EU:     {"api.talkdeskapp.eu", "talkdeskid.eu"},
	Canada: {"api.talkdeskappca.com", "talkdeskidca.com"},
}

// ParseRegion returns the region with that name: us, eu or canada, in any case.
func ParseRegion(name string) (Region, error) {
	region := Region(strings.ToLower(name))
	if _, known := hosts[region]; !known {
		return "", fmt.Errorf("unknown region %.80q: use us, eu or canada", name)
	}
	return region, nil
}

// tokenEndpoint returns the token endpoint of a Talkdesk account.
func (s *settings) tokenEndpoint(account string) (tokenEndpoint, error) {
	endpoint := tokenEndpoint{settings: s, client: tokenClient(s)}
	if s.tokenURL != nil {
		endpoint.url = s.tokenURL.String()
		return endpoint, nil
	}
	domain := hosts[s.region].identity
	if !hostLabel.MatchString(account) {
		return endpoint, fmt.Errorf("%.80q is not an account name: use the name before .%s in the address of your Talkdesk account", account, domain)
	}
	endpoint.url = "https://" + account + "." + domain + "/oauth/token"
	return endpoint, nil
}

// The texts that are accepted in names and secrets.
var (
	scopeToken     = regexp.MustCompile(`^[!#-\[\]-~]+$`) // RFC 6749, section 3.3
	printableASCII = regexp.MustCompile(`^[ -~]+$`)       // VSCHAR of RFC 6749, appendix A
	// hostLabel is one label of a host name (RFC 1123). Anything else could change the
	// host that the client's secret is sent to.
	hostLabel = regexp.MustCompile(`^[0-9A-Za-z]([-0-9A-Za-z]{0,61}[0-9A-Za-z])?$`)
)
