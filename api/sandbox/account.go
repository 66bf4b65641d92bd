package sandbox

import (
	"fmt"
	"net/http"
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
	// refusal is the answer to every request for the account; nil if it can be
	// listed.
	refusal *apiError
	actions []trackedAction // in the order in which they were added
	views   map[viewKey]view
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

// requireAccess passes on requests for accounts that exist and can be listed.
func (a *accounts) requireAccess(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refusal := a.refusalOf(r.PathValue("account_id"))
		if refusal == nil {
			next.ServeHTTP(w, r)
			return
		}
		if refusal.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", bearerChallenge)
		}
		refusal.send(w)
	})
}

func (a *accounts) refusalOf(accountID string) *apiError {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := a.byID[accountID]
	if found == nil {
		return notFound("There is no such account.")
	}
	return found.refusal
}

// page returns copies of up to limit actions of an account that exists, from
// the given offset of the selected ones, and how many are selected in all.
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
		present, _ := a.actions[position].at(now, interval)
		actions[i] = cloneAction(present)
	}
	return actions, len(sorted.ascending)
}

// view returns the view of a selection. It sorts only if the last one is no
// longer correct.
func (a *account) view(selected selection, now time.Time, interval time.Duration) view {
	key := selected.key()
	if kept, ok := a.views[key]; ok && kept.isCorrectAt(now) {
		return kept
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

// index is the position of an action; that of the end if there is no such
// action.
func (a *account) index(actionID string) int {
	i := slices.IndexFunc(a.actions, func(t trackedAction) bool { return t.action.ID == actionID })
	if i < 0 {
		return len(a.actions)
	}
	return i
}

// Actions returns the present actions of an account, newest first, as they are
// listed by default; nil for an account that does not exist. The result is the
// caller's own.
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
	return actions
}

// Put adds an action to an account, or replaces the one with the same id. Its
// CreatedAt and UpdatedAt decide where it is listed: to make an action appear
// at the front while a client reads the list, give it a CreatedAt later than
// all others. Of two actions with the same time, the one that was added later
// counts as newer; a replacement counts as added when the original was.
//
// A missing account is created; one that refuses requests, as after
// [WithForbiddenAccount], goes on refusing them.
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
	found.set(found.index(action.ID), trackedAction{action: cloneAction(action), since: a.clock()})
}

// Advance moves an action on: from CREATED to IN_PROGRESS, or from IN_PROGRESS
// to COMPLETED or FAILED. Anything else is an error and changes nothing. The
// message becomes the status message; when it is empty, a plain sentence for
// the status does. UpdatedAt becomes the time of the server's clock, to the
// millisecond, but never a time before CreatedAt.
func (s *Server) Advance(accountID, actionID string, status gen.ContractActionStatus, message string) error {
	a := s.accounts
	a.mutex.Lock()
	defer a.mutex.Unlock()
	found := a.byID[accountID]
	if found == nil {
		return fmt.Errorf("sandbox: no account %q", accountID)
	}
	i := found.index(actionID)
	if i == len(found.actions) {
		return fmt.Errorf("sandbox: no action %q in account %q", actionID, accountID)
	}
	now := a.clock()
	action, _ := found.actions[i].at(now, a.interval)
	if !slices.Contains(successors[action.Status], status) {
		return fmt.Errorf("sandbox: action %q in account %q cannot move from %s to %s",
			actionID, accountID, action.Status, status)
	}
	found.set(i, trackedAction{action: moved(action, status, message, now), since: now})
	return nil
}
