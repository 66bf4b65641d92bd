package wrapper_test

import (
	"errors"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestTheLinkOfAnotherAccountIsRefused(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount("a", 120), sandbox.WithGeneratedAccount("b", 120))
	client := newClient(t, server)
	pages, err := collect(client.Pages(t.Context(), "a", fifty, wrapper.MaxPages(1)))
	if err != nil {
		t.Fatal(err)
	}
	rest, err := collect(client.Pages(t.Context(), "b", wrapper.From(pages[0].Next)))
	var refused *wrapper.LinkError
	if !errors.As(err, &refused) || len(rest) != 0 {
		t.Errorf("got %d pages and the error %v, want a LinkError", len(rest), err)
	}
}
