package main

import (
	"context"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// ours is this module's client as it comes: with its own transport, and a
// token that it asks the site for.
func ours(name string, at site, options ...wrapper.Option) client {
	issued := wrapper.ClientSecret{ID: "benchmark", Secret: "benchmark"}
	return oursWith(name, issued, append(options, wrapper.WithTokenURL(at.tokenURL()))...)
}

// givenToken spares it the request for one, as the others are spared it.
var givenToken = wrapper.Tokens(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: bearer}))

func oursWith(name string, credentials wrapper.Credentials, options ...wrapper.Option) client {
	return client{name, func(base string) (reader, error) {
		opened, err := wrapper.New("", credentials, append([]wrapper.Option{wrapper.WithBaseURL(base)}, options...)...)
		if err != nil {
			return nil, err
		}
		return readWith(opened), nil
	}}
}

// readWith follows the next links.
func readWith(opened *wrapper.Client, options ...wrapper.ListOption) reader {
	return func(ctx context.Context, list listing, into *consumer) error {
		for action, err := range opened.Actions(ctx, list.accountID(), options...) {
			if err != nil {
				return err
			}
			if !into.action(action.ID, action.Quantity, action.CreatedAt) {
				return nil
			}
		}
		return nil
	}
}

// onDefaultTransport takes our own transport away.
func onDefaultTransport() wrapper.Option {
	return wrapper.WithHTTPClient(&http.Client{Transport: defaultTransport()})
}
