package sandbox_test

import (
	"net/http"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func TestDefaultAccountOnlyWithoutOthers(t *testing.T) {
	if got := len(sandbox.New().Actions(sandbox.DefaultAccountID)); got != 425 {
		t.Errorf("%d actions in the default account, want 425", got)
	}
	if got := sandbox.New(sandbox.WithAccount("mine")).Actions(sandbox.DefaultAccountID); got != nil {
		t.Errorf("a default account beside an account of the test's: %d actions", len(got))
	}
}

func TestLaterOptionWins(t *testing.T) {
	server := sandbox.Start(t,
		sandbox.WithForbiddenAccount("a"), sandbox.WithGeneratedAccount("a", 3),
		sandbox.WithGeneratedAccount("b", 3), sandbox.WithForbiddenAccount("b"),
		sandbox.WithClient("first", "1"), sandbox.WithClient("second", "2"),
	)
	if server.ClientID != "second" || server.ClientSecret != "2" {
		t.Errorf("client %q, want the second one", server.ClientID)
	}
	token := tokenFor(t, server)
	get(t, listURL(server, "a"), token).wantStatus(t, http.StatusOK)
	get(t, listURL(server, "b"), token).wantStatus(t, http.StatusForbidden)
}

func TestOptionsShareNothingWithTheirCaller(t *testing.T) {
	action := newAction("1", gen.ContractActionStatusCREATED)
	option := sandbox.WithAccount("a", action)
	*action.Quantity = 99

	one, other := sandbox.New(option), sandbox.New(option)
	if err := one.Advance("a", "1", gen.ContractActionStatusINPROGRESS, ""); err != nil {
		t.Fatal(err)
	}
	got := other.Actions("a")[0]
	if got.Status != gen.ContractActionStatusCREATED || *got.Quantity != 10 {
		t.Errorf("status %s, quantity %d: want the action as it was given", got.Status, *got.Quantity)
	}
}

func TestNilClockIsTheDefault(t *testing.T) {
	tokenFor(t, sandbox.Start(t, sandbox.WithClock(nil)))
}
