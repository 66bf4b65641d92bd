package cli

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/talkdesk-express/contractactions/internal/cli/config"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// explain returns the text of an error. For the most frequent errors in the
// settings, it says what to do, in place of the chain of causes.
func explain(err error) string {
	var token *wrapper.TokenError
	if !errors.As(err, &token) || token.Endpoint == "" {
		return err.Error()
	}
	const check = "check the account's name and the region (--account, --region us, eu or canada), " +
		"or the token URL if one is set; 'contractactions auth --help' explains where settings come from"
	switch {
	case hostIsMissing(token):
		return fmt.Sprintf("no account of this name in this region: the host %s does not exist; %s", hostOf(token.Endpoint), check)
	case token.StatusCode == http.StatusNotFound:
		return fmt.Sprintf("there is no token endpoint at %s (404 Not Found); %s", token.Endpoint, check)
	}
	if config.CredentialsRefused(token) {
		return token.Error()
	}
	return err.Error()
}

// hostIsMissing reports whether the host of the token endpoint, not of a proxy,
// does not exist.
func hostIsMissing(token *wrapper.TokenError) bool {
	var lookup *net.DNSError
	return errors.As(token, &lookup) && lookup.IsNotFound && lookup.Name == hostOf(token.Endpoint)
}

func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return address
	}
	return parsed.Hostname()
}
