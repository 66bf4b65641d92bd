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
	err     *apiError
	details gen.Account     // what the list of accounts has
	actions []trackedAction // in the order in which they were added
	views   map[viewKey]view
}

func newAccounts(settings *settings) *accounts {
	sources := settings.accounts
	if len(sources) == 0 {
		sources = map[string]accountSource{
			DefaultAccountID: func(seed uint64) account {
				return account{actions: track(moveTo(settings.latestUpdate, generate(seed, DefaultAccountID, 425)))}
			},
		}
	}
	byID := make(map[string]*account, len(sources))
	now := settings.clock()
	for id, source := range sources {
		created := source(settings.seed)
		for i := range created.actions {
			created.actions[i].since = now
		}
		if created.details = settings.details[id]; created.details.ID == "" {
			created.details = generateDetails(id)
		}
		byID[id] = &created
	}
	return &accounts{clock: settings.clock, interval: settings.progress, byID: byID}
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
func (s *Server) Advance(accountID, actionID string, status gen.ContractActionStatus, message string) error {
	a := s.accounts
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := a.byID[accountID]
	if found == nil {
		return fmt.Errorf("sandbox: advance action: no account %q", accountID)
	}
	i := found.index(actionID)
	if i == len(found.actions) {
		return fmt.Errorf("sandbox: advance action: no action %q in account %q", actionID, accountID)
	}
	now := a.clock()
	action, _ := found.actions[i].at(now, a.interval)
	if !slices.Contains(transitions[action.Status], status) {
		return fmt.Errorf("sandbox: advance action %q in account %q: the status cannot change from %s to %s",
			actionID, accountID, action.Status, status)
	}
	found.set(i, trackedAction{action: withStatus(action, status, message, now), since: now})
	return nil
}

// cloneActions returns copies that share no memory with the originals.
func cloneActions(actions []gen.ContractAction) []gen.ContractAction {
	clones := make([]gen.ContractAction, len(actions))
	for i, action := range actions {
		clones[i] = action.Clone()
	}
	return clones
}
