package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// explain is the text of an error. Where people most often have a setting
// wrong, it is what to do, in place of how the error came about.
func explain(err error) string {
	var token *wrapper.TokenError
	if !errors.As(err, &token) || token.Endpoint == "" {
		return err.Error()
	}
	const check = "check the account's name and the region (--account, --region us, eu or canada), " +
		"or the token URL if one is set; 'contractactions auth --help' says where settings come from"
	switch {
	case hostIsMissing(token):
		return fmt.Sprintf("there is no account of this name in this region: no host %s is known; %s", hostOf(token.Endpoint), check)
	case token.StatusCode == http.StatusNotFound:
		return fmt.Sprintf("there is no token endpoint at %s (404 Not Found); %s", token.Endpoint, check)
	}
	if tokenRefused(token) {
		return token.Error()
	}
	return err.Error()
}

// hostIsMissing reports whether the name of the token endpoint's host, and not
// a proxy's, does not exist.
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
