package sandbox_test

import (
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func generated(n int, options ...sandbox.Option) []gen.ContractAction {
	return sandbox.New(append(options, sandbox.WithGeneratedAccount("a", n))...).Actions("a")
}

func TestTheSeedDecides(t *testing.T) {
	if !reflect.DeepEqual(generated(100), generated(100, sandbox.WithSeed(0))) {
		t.Error("the default seed is not 0")
	}
	if !reflect.DeepEqual(generated(100, sandbox.WithSeed(7)), generated(100, sandbox.WithSeed(7))) {
		t.Error("the same seed gives different actions")
	}
	if reflect.DeepEqual(generated(100, sandbox.WithSeed(7)), generated(100, sandbox.WithSeed(8))) {
		t.Error("different seeds give the same actions")
	}
}

func TestAccountsDiffer(t *testing.T) {
	server := sandbox.New(sandbox.WithGeneratedAccount("a", 10), sandbox.WithGeneratedAccount("b", 10))
	if reflect.DeepEqual(server.Actions("a"), server.Actions("b")) {
		t.Error("two accounts have the same actions")
	}
}

func TestTheOrderOfOptionsDoesNotMatterToTheSeed(t *testing.T) {
	after := sandbox.New(sandbox.WithGeneratedAccount("a", 10), sandbox.WithSeed(7)).Actions("a")
	if !reflect.DeepEqual(after, generated(10, sandbox.WithSeed(7))) {
		t.Error("a seed after its account has no effect")
	}
}

func TestGeneratedActions(t *testing.T) {
	actions := generated(425)
	if len(actions) != 425 {
		t.Fatalf("%d actions, want 425", len(actions))
	}
	slices.Reverse(actions) // into the order of creation
	for i, action := range actions {
		if want := strconv.Itoa(123245132132 + i); action.ID != want {
			t.Fatalf("id %s, want %s", action.ID, want)
		}
		if !action.ActionType.Valid() || !action.Status.Valid() || action.StatusMessage == "" {
			t.Errorf("%+v is not complete", action)
		}
		if action.Status == created && (action.StatusMessage != "Contract action created successfully." || action.UpdatedAt != action.CreatedAt) {
			t.Errorf("%+v: want the documented message and no update", action)
		}
		if action.UpdatedAt.Before(action.CreatedAt) {
			t.Errorf("%s was updated before it was created", action.ID)
		}
		if i > 0 && !action.CreatedAt.After(actions[i-1].CreatedAt) {
			t.Errorf("%s was not created after its predecessor", action.ID)
		}
	}
	if want := time.Date(2022, time.March, 10, 16, 15, 50, 0, time.UTC); actions[0].CreatedAt != want {
		t.Errorf("first created at %s, want %s", actions[0].CreatedAt, want)
	}
}

func TestGeneratedTimesHaveMillisecondsOrNone(t *testing.T) {
	const moments = 2 * 425
	precise := 0
	for _, action := range generated(425) {
		for _, moment := range []time.Time{action.CreatedAt, action.UpdatedAt} {
			if moment.Location() != time.UTC || moment != moment.Truncate(time.Millisecond) {
				t.Errorf("%s is not in UTC or more precise than milliseconds", moment)
			}
			if moment != moment.Truncate(time.Second) {
				precise++
			}
		}
	}
	if precise < moments/4 || precise > moments*3/4 {
		t.Errorf("%d of %d times have milliseconds, want about half", precise, moments)
	}
}

func TestGeneratedQuantities(t *testing.T) {
	absent, negative, total := map[gen.ContractActionType]int{}, map[gen.ContractActionType]int{}, map[gen.ContractActionType]int{}
	for _, action := range generated(425) {
		total[action.ActionType]++
		switch {
		case action.Quantity == nil:
			absent[action.ActionType]++
		case *action.Quantity == 0 || *action.Quantity > 25 || *action.Quantity < -25:
			t.Errorf("%s with quantity %d", action.ActionType, *action.Quantity)
		case *action.Quantity < 0:
			negative[action.ActionType]++
		}
	}
	for actionType, n := range total {
		mostlyAbsent, someNegative := actionType == gen.ContractActionTypeCANCELTDE, actionType == gen.ContractActionTypeAMENDTDE
		if got := absent[actionType]; got == 0 || got == n || (got > n/2) != mostlyAbsent {
			t.Errorf("%d of %d %s are without a quantity", got, n, actionType)
		}
		if got := negative[actionType]; (got > 0) != someNegative || got == n {
			t.Errorf("%d of %d %s are negative", got, n, actionType)
		}
	}
}

func TestSmallAccountsHaveEveryTypeAndStatus(t *testing.T) {
	types, statuses := map[gen.ContractActionType]bool{}, map[gen.ContractActionStatus]bool{}
	schemas := document(t).Components.Schemas
	allTypes, allStatuses := len(schemas["ContractActionType"].Value.Enum), len(schemas["ContractActionStatus"].Value.Enum)
	for _, action := range generated(max(allTypes, allStatuses)) {
		types[action.ActionType], statuses[action.Status] = true, true
	}
	if len(types) != allTypes || len(statuses) != allStatuses {
		t.Errorf("%d types and %d statuses, want %d and %d", len(types), len(statuses), allTypes, allStatuses)
	}
}

func TestNoActions(t *testing.T) {
	for _, n := range []int{0, -1} {
		if got := generated(n); got == nil || len(got) != 0 {
			t.Errorf("%d actions asked, got %v", n, got)
		}
	}
}

func TestTheLatestUpdateOfAGeneratedAccount(t *testing.T) {
	latest := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.FixedZone("", 3600))
	for id, server := range map[string]*sandbox.Server{
		"a":                      sandbox.New(sandbox.WithLatestUpdate(latest), sandbox.WithGeneratedAccount("a", 50), sandbox.WithGeneratedAccount("empty", 0)),
		sandbox.DefaultAccountID: sandbox.New(sandbox.WithLatestUpdate(latest)),
	} {
		found := 0
		for _, action := range server.Actions(id) {
			if action.UpdatedAt.Equal(latest) {
				found++
			}
			if action.UpdatedAt.After(latest) || action.CreatedAt.After(action.UpdatedAt) {
				t.Errorf("created %v, updated %v", action.CreatedAt, action.UpdatedAt)
			}
		}
		if found == 0 {
			t.Errorf("%s: no update is the latest", id)
		}
	}
}
