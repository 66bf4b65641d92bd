package wrapper_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestAccountIDsThatCannotBeOneAreRefusedUnsent(t *testing.T) {
	server := sandbox.Start(t)
	client := newClient(t, server)
	for _, id := range []string{"", ".", "..", "../x", "a/b", `a\b`, "a?b", "a#b", "a%2fb", "..;", "a b", "a\nb", "ａ", "a\x00", strings.Repeat("/", 1000)} {
		_, err := collect(client.Actions(t.Context(), id))
		if !errors.Is(err, wrapper.ErrInvalidAccountID) {
			t.Errorf("%.20q: the error is %v, want ErrInvalidAccountID", id, err)
		} else if len(err.Error()) > 500 {
			t.Errorf("%.20q: the error is %d bytes long", id, len(err.Error()))
		}
	}
	if received := server.Requests(); len(received) != 0 {
		t.Errorf("%d requests were made", len(received))
	}
}

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
