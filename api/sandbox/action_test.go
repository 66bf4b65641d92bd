package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func TestProgress(t *testing.T) {
	clock := newManualClock()
	start := clock.Now()
	server := sandbox.Start(t, sandbox.WithClock(clock.Now), sandbox.WithProgress(time.Minute), sandbox.WithTokenLifetime(time.Hour),
		sandbox.WithAccount("a", newAction("1", created), newAction("2", inProgress), newAction("3", failed)))
	token := tokenFor(t, server)
	statuses := func() (got [3]gen.ContractActionStatus, updated [3]time.Time) {
		t.Helper()
		page := decode[gen.ContractActionPage](t, get(t, listURL(server, "a")+"?order_by=created_at:asc", token).wantStatus(t, http.StatusOK))
		for i, action := range page.Embedded.ContractActions {
			got[i], updated[i] = action.Status, action.UpdatedAt
		}
		return got, updated
	}

	steps := []struct {
		wait time.Duration
		want [3]gen.ContractActionStatus
	}{
		{0, [3]gen.ContractActionStatus{created, inProgress, failed}},
		{time.Minute - 1, [3]gen.ContractActionStatus{created, inProgress, failed}},
		{1, [3]gen.ContractActionStatus{inProgress, completed, failed}},
		{time.Minute, [3]gen.ContractActionStatus{completed, completed, failed}},
		{time.Hour / 2, [3]gen.ContractActionStatus{completed, completed, failed}},
	}
	for _, step := range steps {
		clock.advance(step.wait)
		if got, _ := statuses(); got != step.want {
			t.Fatalf("after %s: %s, want %s", clock.Now().Sub(start), got, step.want)
		}
	}

	_, updated := statuses()
	before := newAction("3", failed).UpdatedAt
	want := [3]time.Time{start.Add(2 * time.Minute), start.Add(time.Minute), before}
	if updated != want {
		t.Errorf("updated_at %s, want when each moved: %s", updated, want)
	}
	noViolations(t, server)
}

func TestProgressCountsFromWhenAnActionWasSet(t *testing.T) {
	clock := newManualClock()
	server := sandbox.New(sandbox.WithClock(clock.Now), sandbox.WithProgress(time.Minute), sandbox.WithAccount("a", newAction("1", created)))
	status := func(id int) gen.ContractActionStatus { return server.Actions("a")[2-id].Status } // newest first

	clock.advance(50 * time.Second)
	server.Put("a", newAction("2", created))
	if err := server.Advance("a", "1", inProgress, ""); err != nil {
		t.Fatal(err)
	}
	clock.advance(50 * time.Second)
	if status(1) != inProgress || status(2) != created {
		t.Errorf("%s and %s before an interval has passed", status(1), status(2))
	}
	clock.advance(10 * time.Second)
	if status(1) != completed || status(2) != inProgress {
		t.Errorf("%s and %s after an interval", status(1), status(2))
	}
	// Advance starts from the status that the action has reached.
	if err := server.Advance("a", "2", failed, ""); err != nil {
		t.Error(err)
	}
}

func TestAboutOneInTenFails(t *testing.T) {
	clock := newManualClock()
	count := func() (failures int) {
		server := sandbox.New(sandbox.WithClock(clock.Now), sandbox.WithProgress(time.Minute))
		for _, action := range server.Actions(sandbox.DefaultAccountID) {
			action.Status = created
			server.Put(sandbox.DefaultAccountID, action)
		}
		clock.advance(2 * time.Minute)
		for _, action := range server.Actions(sandbox.DefaultAccountID) {
			if action.Status == failed {
				failures++
			}
		}
		return failures
	}
	first := count()
	if first < 425/20 || first > 425/5 {
		t.Errorf("%d of 425 failed, want about one in ten", first)
	}
	if second := count(); second != first {
		t.Errorf("%d failed, then %d", first, second)
	}
}

func TestWithoutProgressNothingMoves(t *testing.T) {
	clock := newManualClock()
	server := sandbox.New(sandbox.WithClock(clock.Now), sandbox.WithAccount("a", newAction("1", created)))
	clock.advance(1000 * time.Hour)
	if got := server.Actions("a")[0].Status; got != created {
		t.Errorf("status %s, want %s", got, created)
	}
}

func TestSchedule(t *testing.T) {
	clock := newManualClock()
	server := sandbox.Start(t, sandbox.WithClock(clock.Now), sandbox.WithProgress(time.Second), sandbox.WithTokenLifetime(time.Hour),
		sandbox.WithAccount("a", newAction("1", created)))
	err := server.Schedule("a", "1",
		sandbox.Change{After: time.Minute, Status: inProgress},
		sandbox.Change{After: 2 * time.Minute, Status: failed, Message: "Not today."},
		sandbox.Change{After: 3 * time.Minute, Status: created})
	if err != nil {
		t.Fatal(err)
	}
	token, started := tokenFor(t, server), clock.Now()
	action := func(after time.Duration) gen.ContractAction {
		clock.advance(after - clock.Now().Sub(started))
		page := decode[gen.ContractActionPage](t, get(t, listURL(server, "a"), token).wantStatus(t, http.StatusOK))
		return page.Embedded.ContractActions[0]
	}
	for _, step := range []struct {
		after   time.Duration
		status  gen.ContractActionStatus
		message string
		updated time.Duration // 0 for as it was put
	}{
		{time.Minute - 1, created, "As it was put.", 0},
		{time.Minute, inProgress, "Contract action is being carried out.", time.Minute},
		{150 * time.Second, failed, "Not today.", 2 * time.Minute},
		{time.Hour / 2, created, "Contract action created successfully.", 3 * time.Minute},
	} {
		want := newAction("1", created).UpdatedAt
		if step.updated > 0 {
			want = started.Add(step.updated)
		}
		got := action(step.after)
		if got.Status != step.status || got.StatusMessage != step.message || got.UpdatedAt != want {
			t.Errorf("after %s: %+v, want %+v", step.after, got, step)
		}
	}

	// Advance starts from the status that the schedule has reached, and ends it.
	if err := server.Schedule("a", "1", sandbox.Change{After: time.Hour, Status: failed}); err != nil {
		t.Fatal(err)
	}
	if err := server.Advance("a", "1", inProgress, ""); err != nil {
		t.Fatal(err)
	}
	clock.advance(2 * time.Second)
	if got := server.Actions("a")[0].Status; got == inProgress {
		t.Error("the schedule still applies after Advance")
	}
	// Without changes, an action does not progress.
	server.Put("a", newAction("2", created))
	if err := server.Schedule("a", "2"); err != nil {
		t.Fatal(err)
	}
	clock.advance(time.Hour)
	if got := server.Actions("a")[0]; got.ID != "2" || got.Status != created {
		t.Errorf("%+v has progressed", got)
	}
	noViolations(t, server)
}

func TestSchedulesThatAreRefused(t *testing.T) {
	server := sandbox.New(sandbox.WithAccount("a", newAction("1", created)))
	change := func(after time.Duration) sandbox.Change { return sandbox.Change{After: after, Status: failed} }
	for name, err := range map[string]error{
		"no account":       server.Schedule("b", "1"),
		"no action":        server.Schedule("a", "2"),
		"unknown status":   server.Schedule("a", "1", sandbox.Change{After: 1, Status: "ACTIVE"}),
		"at once":          server.Schedule("a", "1", change(0)),
		"at the same time": server.Schedule("a", "1", change(1), change(1)),
		"descending":       server.Schedule("a", "1", change(2), change(1)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
