package sandbox

import (
	"cmp"
	"hash/fnv"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// transitions are the allowed changes of status. The reference page lists the
// statuses but not the transitions between them, which are this project's reading.
var transitions = map[gen.ContractActionStatus][]gen.ContractActionStatus{
	gen.ContractActionStatusCREATED:    {gen.ContractActionStatusINPROGRESS},
	gen.ContractActionStatusINPROGRESS: {gen.ContractActionStatusCOMPLETED, gen.ContractActionStatusFAILED},
}

// statusMessage returns the example of the reference page for CREATED, and this
// project's own sentence for other statuses.
func statusMessage(status gen.ContractActionStatus) string {
	switch status {
	case gen.ContractActionStatusCREATED:
		return "Contract action created successfully."
	case gen.ContractActionStatusINPROGRESS:
		return "Contract action is being carried out."
	case gen.ContractActionStatusCOMPLETED:
		return "Contract action completed successfully."
	case gen.ContractActionStatusFAILED:
		return "Contract action could not be carried out."
	default:
		return "Contract action has the status " + string(status) + "."
	}
}

// Complete returns the action with values for required fields that are missing: the
// type NEWTDE, the status CREATED, the message of the status, and the creation at the
// given time, truncated to milliseconds. An action that was never updated has its
// creation as the update.
func Complete(action gen.ContractAction, created time.Time) gen.ContractAction {
	action.ActionType = cmp.Or(action.ActionType, gen.ContractActionTypeNEWTDE)
	action.Status = cmp.Or(action.Status, gen.ContractActionStatusCREATED)
	action.StatusMessage = cmp.Or(action.StatusMessage, statusMessage(action.Status))
	if action.CreatedAt.IsZero() {
		action.CreatedAt = created.UTC().Truncate(time.Millisecond)
	}
	if action.UpdatedAt.IsZero() {
		action.UpdatedAt = action.CreatedAt
	}
	return action
}

// trackedAction is an action as it was last set, and when that was. Its progress
// since then is computed on demand, so that no goroutine has to watch the clock.
type trackedAction struct {
	action  gen.ContractAction
	since   time.Time
	changes []Change // nil for the progress of all actions
}

// Change is a scheduled change of an action's status.
type Change struct {
	After   time.Duration // since the call of [Server.Schedule]
	Status  gen.ContractActionStatus
	Message string // the status message; "" for the default of the status
}

func track(actions []gen.ContractAction) []trackedAction {
	tracked := make([]trackedAction, len(actions))
	for i, action := range actions {
		tracked[i] = trackedAction{action: action}
	}
	return tracked
}

// at returns the action as it is now if its status changes once an interval, and
// the time of the next change, which is zero if there is none. An interval of zero
// means that the status does not change. The action shares memory with the
// original.
func (t trackedAction) at(now time.Time, interval time.Duration) (action gen.ContractAction, next time.Time) {
	action = t.action
	for _, change := range t.changes {
		moment := t.since.Add(change.After)
		if moment.After(now) {
			return action, moment
		}
		action = withStatus(action, change.Status, change.Message, moment)
	}
	if interval <= 0 || t.changes != nil {
		return action, time.Time{}
	}
	for moment := t.since.Add(interval); ; moment = moment.Add(interval) {
		statuses := transitions[action.Status]
		if len(statuses) == 0 {
			return action, time.Time{}
		}
		if moment.After(now) {
			return action, moment
		}
		status := statuses[0]
		if len(statuses) > 1 && isGoingToFail(action.ID) {
			status = statuses[1]
		}
		action = withStatus(action, status, "", moment)
	}
}

// isGoingToFail selects about one action in ten by its id.
func isGoingToFail(actionID string) bool {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(actionID))
	return hash.Sum32()%10 == 0
}

// withStatus returns the action with a different status since the given moment.
func withStatus(action gen.ContractAction, status gen.ContractActionStatus, message string, moment time.Time) gen.ContractAction {
	if message == "" {
		message = statusMessage(status)
	}
	action.Status = status
	action.StatusMessage = message
	// Times in the documentation are in UTC and have milliseconds at most.
	action.UpdatedAt = moment.UTC().Truncate(time.Millisecond)
	if action.UpdatedAt.Before(action.CreatedAt) {
		action.UpdatedAt = action.CreatedAt
	}
	return action
}

// fields are those of an action, by their names in JSON.
var fields = func() map[string]gen.Field[gen.ContractAction] {
	byName := make(map[string]gen.Field[gen.ContractAction])
	for _, field := range gen.ContractActionFields() {
		byName[field.Name] = field
	}
	return byName
}()
