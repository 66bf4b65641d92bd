package cli

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/failure"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// explain returns an error with the text to print. For the most frequent errors in
// the settings, that is what to do, in place of the chain of causes.
func explain(err error) error {
	var token *wrapper.TokenError
	if !errors.As(err, &token) || token.Endpoint == "" {
		return err
	}
	const check = "check the account's name and the region (--account, --region us, eu or canada), " +
		"or the token URL if one is set; 'contractactions auth --help' explains where settings come from"
	switch {
	case hostIsMissing(token):
		problem := fmt.Sprintf("the host %s was not found: there may be no account of this name in this region", hostOf(token.Endpoint))
		return &failure.Advice{Problem: problem, Advice: check + "; this machine may be offline" + proxyHint(), Err: err}
	case token.StatusCode == http.StatusNotFound:
		problem := token.Endpoint + ": the token endpoint responded with 404 Not Found"
		return &failure.Advice{Problem: problem, Advice: check + "; a proxy may have responded in its place", Err: err}
	}
	if failure.CredentialsRefused(token) {
		return exit.With(exit.Code(err), token)
	}
	return err
}

// hostIsMissing reports whether the host of the token endpoint, not of a proxy,
// does not exist.
func hostIsMissing(token *wrapper.TokenError) bool {
	var lookup *net.DNSError
	return errors.As(token, &lookup) && lookup.IsNotFound && lookup.Name == hostOf(token.Endpoint)
}

// proxyHint is about the proxy, which would have looked up the host itself.
// Package net/http ignores a variable that it cannot parse.
func proxyHint() string {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		if os.Getenv(name) != "" {
			return "; " + name + " is set and was not used: it may not be a URL, or NO_PROXY may exclude the host"
		}
	}
	return ", or need a proxy: set HTTPS_PROXY"
}

func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return address
	}
	return parsed.Hostname()
}
