//go:build peers

package peers

import (
	"fmt"
	"net/http"
	"testing"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

const accountID = sandbox.DefaultAccountID

// newClient returns a client that sends every request once, so that each
// answer of a peer is seen.
func newClient(t *testing.T, credentials wrapper.Credentials, options ...wrapper.Option) *wrapper.Client {
	t.Helper()
	client, err := wrapper.New("", credentials, append(options, wrapper.WithRetry(wrapper.NoRetry()))...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// unknownToken is a token that nobody has issued.
func unknownToken() wrapper.Credentials {
	return wrapper.Tokens(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "unknown"}))
}

// list returns all contract actions that come before the end or an error.
func list(t *testing.T, client *wrapper.Client, accountID string, options ...wrapper.ListOption) ([]wrapper.ContractAction, error) {
	t.Helper()
	var actions []wrapper.ContractAction
	for action, err := range client.Actions(t.Context(), accountID, options...) {
		if err != nil {
			return actions, err
		}
		actions = append(actions, action)
	}
	return actions, nil
}

// transport changes requests before they leave and looks at answers when they
// come. Either function may be nil. Nothing leaves this machine.
type transport struct {
	before func(*http.Request)
	after  func(*http.Response)
}

func (t transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if t.before != nil {
		request = request.Clone(request.Context())
		t.before(request)
	}
	if host := request.URL.Hostname(); host != "127.0.0.1" {
		return nil, fmt.Errorf("a test was about to ask %s", host)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err == nil && t.after != nil {
		t.after(response)
	}
	return response, err
}

// through is the option to send requests over a transport.
func through(transport transport) wrapper.Option {
	return wrapper.WithHTTPClient(&http.Client{Transport: transport})
}
