package sandbox

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// accounts is the state of the service: its accounts and their actions.
type accounts struct {
	clock    func() time.Time
	interval time.Duration

	mutex sync.Mutex
	byID  map[string]*account
}

type account struct {
	forbidden bool
	actions   []trackedAction
}

func newAccounts(settings *settings) *accounts {
	sources := settings.accounts
	if len(sources) == 0 {
		sources = map[string]accountSource{
			DefaultAccountID: func(seed uint64) account {
				return account{actions: track(generate(seed, DefaultAccountID, 425))}
			},
		}
	}
	byID := make(map[string]*account, len(sources))
	now := settings.clock()
	for id, source := range sources {
		made := source(settings.seed)
		for i := range made.actions {
			made.actions[i].since = now
		}
		byID[id] = &made
	}
	return &accounts{clock: settings.clock, interval: settings.progress, byID: byID}
}

// slice returns copies of up to limit actions of an account, from the given
// offset, and how many there are in all. It reports false for an account that
// must not be shown.
func (a *accounts) slice(accountID string, offset, limit int) (actions []gen.ContractAction, total int, ok bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := a.byID[accountID]
	if found == nil || found.forbidden {
		return nil, 0, false
	}
	total = len(found.actions)
	from := min(offset, total)
	return a.present(found.actions[from:min(from+limit, total)]), total, true
}

// present returns what the actions are at the moment.
func (a *accounts) present(actions []trackedAction) []gen.ContractAction {
	now := a.clock()
	present := make([]gen.ContractAction, len(actions))
	for i, action := range actions {
		present[i] = action.at(now, a.interval)
	}
	return present
}

// Actions returns the present actions of an account, in the order in which
// they are listed; nil for an account that does not exist. The result is the
// caller's own.
func (s *Server) Actions(accountID string) []gen.ContractAction {
	a := s.accounts
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := a.byID[accountID]
	if found == nil {
		return nil
	}
	return a.present(found.actions)
}

// Put adds an action at the end of an account's list, or replaces the one with
// the same id where it stands. An account that does not exist comes into
// being; one that is forbidden stays so.
//
// The action has to be one that the contract allows. Others, with a status
// that does not exist for example, are kept, but pages with them are answered
// with 500 and reported by [Server.Violations]. To test what a client does
// with such pages, let Rewrite of a [Fault] make them.
func (s *Server) Put(accountID string, action gen.ContractAction) {
	a := s.accounts
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := a.byID[accountID]
	if found == nil {
		found = &account{}
		a.byID[accountID] = found
	}
	put := trackedAction{action: cloneAction(action), since: a.clock()}
	if i := found.index(action.ID); i >= 0 {
		found.actions[i] = put
	} else {
		found.actions = append(found.actions, put)
	}
}

// Advance moves an action on: from CREATED to IN_PROGRESS, or from IN_PROGRESS
// to COMPLETED or FAILED. Anything else is an error and changes nothing. The
// message becomes the status message; when it is empty, a plain sentence for
// the status does. The action counts as updated now, by the server's clock, to
// the second.
func (s *Server) Advance(accountID, actionID string, status gen.ContractActionStatus, message string) error {
	a := s.accounts
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := a.byID[accountID]
	if found == nil {
		return fmt.Errorf("sandbox: no account %q", accountID)
	}
	i := found.index(actionID)
	if i < 0 {
		return fmt.Errorf("sandbox: no action %q in account %q", actionID, accountID)
	}
	now := a.clock()
	action := found.actions[i].at(now, a.interval)
	if !slices.Contains(successors[action.Status], status) {
		return fmt.Errorf("sandbox: action %q in account %q cannot move from %s to %s",
			actionID, accountID, action.Status, status)
	}
	found.actions[i] = trackedAction{action: moved(action, status, message, now), since: now}
	return nil
}

func (a *account) index(actionID string) int {
	return slices.IndexFunc(a.actions, func(t trackedAction) bool { return t.action.ID == actionID })
}
