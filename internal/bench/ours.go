package main

import (
	"context"
	"iter"
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
	open := func(base string) (*wrapper.Client, error) {
		return wrapper.New("", credentials, append([]wrapper.Option{wrapper.WithBaseURL(base)}, options...)...)
	}
	return client{
		name: name,
		open: func(base string) (reader, error) {
			opened, err := open(base)
			return readWith(opened), err
		},
		openMany: func(base string) (readerOfMany, error) {
			opened, err := open(base)
			return readManyWith(opened), err
		},
	}
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

// readManyWith leaves it to the client to read several lists at a time.
func readManyWith(opened *wrapper.Client) readerOfMany {
	return func(ctx context.Context, lists []listing, workers int, into *consumer) error {
		for each, err := range opened.ActionsOf(ctx, accountIDs(lists), wrapper.Concurrency(workers)) {
			if err != nil {
				return err
			}
			into.action(each.Action.ID, each.Action.Quantity, each.Action.CreatedAt)
		}
		return nil
	}
}

func accountIDs(lists []listing) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, list := range lists {
			if !yield(list.accountID()) {
				return
			}
		}
	}
}

// onDefaultTransport takes our own transport away.
func onDefaultTransport() wrapper.Option {
	return wrapper.WithHTTPClient(&http.Client{Transport: defaultTransport()})
}
