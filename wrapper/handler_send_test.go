package wrapper_test

import (
	"errors"
	"io"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// Buffers are used again; what was made of a body before is not touched by it.
func TestWhatWasReadStays(t *testing.T) {
	first, other := pageWith(action("first")), pageWith(action("other"))
	for name, test := range map[string]struct {
		body, want string
		read       func(*wrapper.Client) func() string // returns what was read before
	}{
		"contract actions": {first, "first CREATED Contract action created successfully.", func(client *wrapper.Client) func() string {
			actions, _ := collect(client.Actions(t.Context(), account))
			return func() string { return actions[0].ID + " " + string(actions[0].Status) + " " + actions[0].StatusMessage }
		}},
		"an error's body": {`{"total":"425"}`, `application/json {"total":"425"}`, func(client *wrapper.Client) func() string {
			_, err := collect(client.Actions(t.Context(), account))
			failure, _ := errors.AsType[*wrapper.Error](err)
			return func() string { return failure.Header.Get("Content-Type") + " " + string(failure.Body) }
		}},
		"the body of a raw response": {first, first, func(client *wrapper.Client) func() string {
			response, _ := client.Raw().ListContractActions(t.Context(), account, nil)
			return func() string { return string(fixture(io.ReadAll(response.Body))) }
		}},
	} {
		client, _ := newClientOfBodies(t, test.body, other)
		read := test.read(client)
		for range 10 {
			must(collect(client.Actions(t.Context(), account)))(t)
		}
		if now := read(); now != test.want {
			t.Errorf("%s: %q has become %q", name, test.want, now)
		}
	}
}
