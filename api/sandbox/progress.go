package sandbox

import (
	"hash/fnv"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// successors are the legal moves. The reference page lists the statuses but
// not the moves between them, which are this project's reading.
var successors = map[gen.ContractActionStatus][]gen.ContractActionStatus{
	gen.ContractActionStatusCREATED:    {gen.ContractActionStatusINPROGRESS},
	gen.ContractActionStatusINPROGRESS: {gen.ContractActionStatusCOMPLETED, gen.ContractActionStatusFAILED},
}

// statusMessages are the reference page's example for CREATED, and our own
// sentences for the others.
var statusMessages = map[gen.ContractActionStatus]string{
	gen.ContractActionStatusCREATED:    "Contract action created successfully.",
	gen.ContractActionStatusINPROGRESS: "Contract action is being carried out.",
	gen.ContractActionStatusCOMPLETED:  "Contract action completed successfully.",
	gen.ContractActionStatusFAILED:     "Contract action could not be carried out.",
}

// trackedAction is an action as it was last set, and when that was. What has
// become of it by itself since is computed on demand, so that no goroutine has
// to watch the clock.
type trackedAction struct {
	action gen.ContractAction
	since  time.Time
}

func track(actions []gen.ContractAction) []trackedAction {
	tracked := make([]trackedAction, len(actions))
	for i, action := range actions {
		tracked[i] = trackedAction{action: cloneAction(action)}
	}
	return tracked
}

// at returns the action as it is now, when it makes one move an interval, and
// the time of its next move, zero if there is none. An interval of zero means
// that it does not move. The quantity is still shared with the original.
func (t trackedAction) at(now time.Time, interval time.Duration) (action gen.ContractAction, next time.Time) {
	action = t.action
	if interval <= 0 {
		return action, time.Time{}
	}
	for moment := t.since.Add(interval); ; moment = moment.Add(interval) {
		options := successors[action.Status]
		if len(options) == 0 {
			return action, time.Time{}
		}
		if moment.After(now) {
			return action, moment
		}
		status := options[0]
		if len(options) > 1 && isUnlucky(action.ID) {
			status = options[1]
		}
		action = moved(action, status, "", moment)
	}
}

// isUnlucky picks one action in ten, always the same.
func isUnlucky(actionID string) bool {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(actionID))
	return hash.Sum32()%10 == 0
}

// moved returns the action with another status since the given moment.
func moved(action gen.ContractAction, status gen.ContractActionStatus, message string, moment time.Time) gen.ContractAction {
	if message == "" {
		message = statusMessages[status]
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

// cloneAction copies the action with what it points to.
func cloneAction(action gen.ContractAction) gen.ContractAction {
	if action.Quantity != nil {
		quantity := *action.Quantity
		action.Quantity = &quantity
	}
	return action
}

func cloneActions(actions []gen.ContractAction) []gen.ContractAction {
	clones := make([]gen.ContractAction, len(actions))
	for i, action := range actions {
		clones[i] = cloneAction(action)
	}
	return clones
}
