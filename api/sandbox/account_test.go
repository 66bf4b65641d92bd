package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

const (
	created    = gen.ContractActionStatusCREATED
	inProgress = gen.ContractActionStatusINPROGRESS
	completed  = gen.ContractActionStatusCOMPLETED
	failed     = gen.ContractActionStatusFAILED
)

func TestAdvance(t *testing.T) {
	statuses := []gen.ContractActionStatus{created, inProgress, completed, failed}
	legal := map[[2]gen.ContractActionStatus]bool{
		{created, inProgress}: true, {inProgress, completed}: true, {inProgress, failed}: true,
	}
	for _, from := range statuses {
		for _, to := range append(statuses, "", "ACTIVE") {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				clock := newManualClock()
				server := sandbox.New(sandbox.WithClock(clock.Now), sandbox.WithAccount("a", newAction("1", from)))
				clock.advance(1500*time.Millisecond + 1)
				err := server.Advance("a", "1", to, "Moved.")
				got := server.Actions("a")[0]

				want := newAction("1", from)
				if legal[[2]gen.ContractActionStatus{from, to}] {
					want.Status, want.StatusMessage = to, "Moved."
					want.UpdatedAt = clock.Now().Truncate(time.Millisecond)
					if err != nil {
						t.Errorf("error: %v", err)
					}
				} else if err == nil || !strings.Contains(err.Error(), string(from)) {
					t.Errorf("error = %v, want one that names %s", err, from)
				}
				if got.Status != want.Status || got.StatusMessage != want.StatusMessage || !got.UpdatedAt.Equal(want.UpdatedAt) {
					t.Errorf("action = %+v, want %+v", got, want)
				}
			})
		}
	}
}

func TestAdvanceWithoutAMessage(t *testing.T) {
	server := sandbox.New(sandbox.WithAccount("a", newAction("1", created)))
	if err := server.Advance("a", "1", inProgress, ""); err != nil {
		t.Fatal(err)
	}
	if got := server.Actions("a")[0].StatusMessage; got == "" || got == "As it was put." {
		t.Errorf("status message %q, want one for the new status", got)
	}
}

func TestUpdatesAreNeverBeforeCreation(t *testing.T) {
	clock := newManualClock()
	future := newAction("1", created)
	future.CreatedAt = clock.Now().Add(time.Hour)
	server := sandbox.New(sandbox.WithClock(clock.Now), sandbox.WithAccount("a", future))
	if err := server.Advance("a", "1", inProgress, ""); err != nil {
		t.Fatal(err)
	}
	if got := server.Actions("a")[0]; !got.UpdatedAt.Equal(future.CreatedAt) {
		t.Errorf("updated at %s, created at %s", got.UpdatedAt, got.CreatedAt)
	}
}

func TestAdvanceOfNothing(t *testing.T) {
	server := sandbox.New(sandbox.WithAccount("a"))
	for name, id := range map[string]string{"account": "b", "action": "a"} {
		if err := server.Advance(id, "1", inProgress, ""); err == nil || !strings.Contains(err.Error(), "no "+name) {
			t.Errorf("error = %v, want that there is no such %s", err, name)
		}
	}
}

func TestPut(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithAccount("a", newAction("1", created), newAction("2", created)))
	replacement := newAction("1", failed)
	server.Put("a", replacement)
	server.Put("a", newAction("3", created))
	server.Put("new", newAction("4", created))
	*replacement.Quantity = 99

	page := decode[gen.ContractActionPage](t, get(t, listURL(server, "a"), tokenFor(t, server)).wantStatus(t, http.StatusOK))
	var listed []string
	for _, action := range page.Embedded.ContractActions {
		listed = append(listed, action.ID+" "+string(action.Status))
	}
	if got, want := strings.Join(listed, ", "), "3 CREATED, 2 CREATED, 1 FAILED"; got != want {
		t.Errorf("listed %s; want %s", got, want)
	}
	if got := *page.Embedded.ContractActions[2].Quantity; got != 10 {
		t.Errorf("quantity %d: the server shares its state with the caller", got)
	}
	if got := server.Actions("new"); len(got) != 1 || got[0].ID != "4" {
		t.Errorf("new account has %+v", got)
	}
}

func TestActionsAreCopies(t *testing.T) {
	server := sandbox.New(sandbox.WithAccount("a", newAction("1", created)))
	mine := server.Actions("a")
	mine[0].Status, *mine[0].Quantity = failed, 99
	if got := server.Actions("a")[0]; got.Status != created || *got.Quantity != 10 {
		t.Errorf("status %s, quantity %d: a caller that changes its copy changes everybody's", got.Status, *got.Quantity)
	}
	if got := server.Actions("unknown"); got != nil {
		t.Errorf("actions of an unknown account: %+v", got)
	}
}
