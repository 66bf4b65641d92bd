package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// accounts is the state of the service: its accounts and their actions. Actions
// are replaced and never changed in place, so pages may share their memory.
type accounts struct {
	clock    func() time.Time
	interval time.Duration

	mutex sync.Mutex
	byID  map[string]*account
}

type account struct {
	// err is the response to every request for the account, nil if it can be listed.
	err        *apiError
	fault      Fault           // in place of a successful response
	details    gen.Account     // what the list of accounts has
	isUnlisted bool            // there
	actions    []trackedAction // in the order in which they were added
	views      map[viewKey]view
}

func newAccounts(s *settings) *accounts {
	sources := s.accounts
	if len(sources) == 0 {
		sources = map[string]accountSource{
			DefaultAccountID: func(s *settings) account {
				return account{actions: track(s.generate(DefaultAccountID, 425))}
			},
		}
	}
	byID := make(map[string]*account, len(sources))
	now := s.clock()
	for id, source := range sources {
		created := source(s)
		for i := range created.actions {
			created.actions[i].since = now
		}
		if created.details = s.details[id]; created.details.ID == "" {
			created.details = generateDetails(id)
		}
		byID[id] = &created
	}
	for id, fault := range s.accountFaults {
		if byID[id] == nil {
			byID[id] = &account{isUnlisted: true}
		}
		byID[id].fault = fault
	}
	return &accounts{clock: s.clock, interval: s.progress, byID: byID}
}

// requireAccess passes requests on that are for no account, or for one that exists
// and can be listed.
func (a *accounts) requireAccess(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var err *apiError
		if strings.Contains(r.Pattern, "{account_id}") {
			err = a.errorOf(r.PathValue("account_id"))
		}
		if err == nil {
			next.ServeHTTP(w, r)
			return
		}
		if err.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", bearerChallenge)
		}
		err.send(w)
	})
}

// injectFaults replaces successful responses for accounts that have a fault.
func (a *accounts) injectFaults(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault := a.faultOf(r.PathValue("account_id"))
		regular := responseOf(next, r)
		if regular.status != http.StatusOK {
			fault = Fault{}
		}
		fault.respond(w, r, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { regular.send(w) }))
	})
}

// faultOf returns the zero value for an account that has no fault.
func (a *accounts) faultOf(accountID string) Fault {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if found := a.byID[accountID]; found != nil {
		return found.fault
	}
	return Fault{}
}

func (a *accounts) errorOf(accountID string) *apiError {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := a.byID[accountID]
	if found == nil {
		return notFound("There is no such account.")
	}
	return found.err
}

// page returns up to limit of the selected actions of an existing account, from
// the given offset, and the number of all selected ones.
func (a *accounts) page(accountID string, selected selection, offset, limit int) (actions []gen.ContractAction, total int) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.byID[accountID].page(selected, offset, limit, a.clock(), a.interval)
}

func (a *account) page(selected selection, offset, limit int, now time.Time, interval time.Duration) (actions []gen.ContractAction, total int) {
	sorted := a.view(selected, now, interval)
	positions := sorted.positions(selected.descending(), offset, limit)
	actions = make([]gen.ContractAction, len(positions))
	for i, position := range positions {
		actions[i], _ = a.actions[position].at(now, interval)
	}
	return actions, len(sorted.ascending)
}

// view returns the view of a selection. It sorts only if the cached one is missing
// or outdated.
func (a *account) view(selected selection, now time.Time, interval time.Duration) view {
	key := selected.key()
	if cached, ok := a.views[key]; ok && cached.isCurrent(now) {
		return cached
	}
	if a.views == nil || len(a.views) >= maxViews {
		a.views = make(map[viewKey]view)
	}
	a.views[key] = newView(a.actions, selected, now, interval)
	return a.views[key]
}

// set replaces the action at a position, or adds one at the end.
func (a *account) set(position int, action trackedAction) {
	if position < len(a.actions) {
		a.actions[position] = action
	} else {
		a.actions = append(a.actions, action)
	}
	a.views = nil
}

// index returns the position of an action, or the number of actions if there is no
// such action.
func (a *account) index(actionID string) int {
	i := slices.IndexFunc(a.actions, func(t trackedAction) bool { return t.action.ID == actionID })
	if i < 0 {
		return len(a.actions)
	}
	return i
}

// Actions returns the current actions of an account in the default order of the
// list, newest first. For an account that does not exist it returns nil. The
// result is a copy that the caller may change.
func (s *Server) Actions(accountID string) []gen.ContractAction {
	a := s.accounts
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := a.byID[accountID]
	if found == nil {
		return nil
	}
	newestFirst := selection{order: gen.ContractActionOrderCreatedAtDescending}
	actions, _ := found.page(newestFirst, 0, len(found.actions), a.clock(), a.interval)
	return cloneActions(actions)
}

// Put adds a copy of an action to an account, or replaces the action with the same
// id. CreatedAt and UpdatedAt determine the position in the list: to make an
// action appear at the front while a client reads the list, give it a CreatedAt
// later than all others. Of two actions with the same time, the one added later
// counts as newer. A replacement keeps the place of the original.
//
// A missing account is created. An account that is forbidden or unauthorized
// stays so.
//
// The contract must allow the action. Put accepts others, for example with an
// unknown status, but pages that contain them are replaced by a response with
// status 500 and reported by [Server.Violations]. To test how a client handles
// such pages, use the Rewrite field of a [Fault].
func (s *Server) Put(accountID string, action gen.ContractAction) {
	a := s.accounts
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := a.byID[accountID]
	if found == nil {
		found = &account{details: generateDetails(accountID)}
		a.byID[accountID] = found
	}
	found.set(found.index(action.ID), trackedAction{action: action.Clone(), since: a.clock()})
}

// Advance changes the status of an action from CREATED to IN_PROGRESS, or from
// IN_PROGRESS to COMPLETED or FAILED. For any other change, and for an account or
// an action that does not exist, it returns an error and changes nothing.
//
// The message becomes the status message; if it is empty, a default for the status
// does. UpdatedAt becomes the time of the server's clock, truncated to
// milliseconds, or CreatedAt if that is later.
//
// Changes that [Server.Schedule] has scheduled for the action no longer apply.
func (s *Server) Advance(accountID, actionID string, status gen.ContractActionStatus, message string) error {
	err := s.accounts.change(accountID, actionID, func(action gen.ContractAction, now time.Time) (trackedAction, error) {
		if !slices.Contains(transitions[action.Status], status) {
			return trackedAction{}, fmt.Errorf("the status cannot change from %s to %s", action.Status, status)
		}
		return trackedAction{action: withStatus(action, status, message, now), since: now}, nil
	})
	if err != nil {
		return fmt.Errorf("sandbox: advance action %q in account %q: %w", actionID, accountID, err)
	}
	return nil
}

// Schedule changes the status of an action at times after now, to any status of the
// contract. It replaces what was scheduled before; without changes, the action stays
// as it is. [WithProgress] no longer applies to the action. Put and Advance end a
// schedule. UpdatedAt becomes the time of each change.
//
// Schedule returns an error, and changes nothing, for an account or an action that
// does not exist, for a status that the contract does not list, and unless the times
// are positive and ascending.
func (s *Server) Schedule(accountID, actionID string, changes ...Change) error {
	err := checkChanges(changes)
	if err == nil {
		err = s.accounts.change(accountID, actionID, func(action gen.ContractAction, now time.Time) (trackedAction, error) {
			return trackedAction{action: action, since: now, changes: append([]Change{}, changes...)}, nil
		})
	}
	if err != nil {
		return fmt.Errorf("sandbox: schedule action %q in account %q: %w", actionID, accountID, err)
	}
	return nil
}

func checkChanges(changes []Change) error {
	var last time.Duration
	for _, change := range changes {
		if !change.Status.Valid() {
			return fmt.Errorf("%q is not a status of the contract", change.Status)
		}
		if change.After <= last {
			return fmt.Errorf("the change after %s must be later than %s", change.After, last)
		}
		last = change.After
	}
	return nil
}

// change replaces an action by the result of the function for its current state.
func (a *accounts) change(accountID, actionID string, replace func(action gen.ContractAction, now time.Time) (trackedAction, error)) error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := a.byID[accountID]
	if found == nil {
		return fmt.Errorf("no account %q", accountID)
	}
	i := found.index(actionID)
	if i == len(found.actions) {
		return fmt.Errorf("no action %q", actionID)
	}
	now := a.clock()
	action, _ := found.actions[i].at(now, a.interval)
	changed, err := replace(action, now)
	if err == nil {
		found.set(i, changed)
	}
	return err
}

// cloneActions returns copies that share no memory with the originals.
func cloneActions(actions []gen.ContractAction) []gen.ContractAction {
	clones := make([]gen.ContractAction, len(actions))
	for i, action := range actions {
		clones[i] = action.Clone()
	}
	return clones
}
