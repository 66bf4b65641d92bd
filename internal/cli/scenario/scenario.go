// Package scenario reads files that describe what a sandbox contains.
package scenario

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/control"
)

// Scenario is what a file describes. The zero value describes the default accounts
// and the default client.
type Scenario struct {
	Clients  []client        `json:"clients"`
	Accounts []account       `json:"accounts"`
	Faults   []control.Fault `json:"faults"`
}

type client struct {
	ID     string   `json:"id"`
	Secret string   `json:"secret"`
	Scopes []string `json:"scopes"`
}

type account struct {
	gen.Account
	Generated int      `json:"generated"`
	Actions   []action `json:"actions"`
	// Response has no endpoint and no number of times.
	Response control.Fault `json:"response"`
}

type action struct {
	gen.ContractAction
	Age      duration `json:"age"`
	Timeline []change `json:"timeline"`
}

type change struct {
	After   duration                 `json:"after"`
	Status  gen.ContractActionStatus `json:"status"`
	Message string                   `json:"status_message"`
}

// duration is a duration that the schema allows, which always parses.
type duration time.Duration

func (d *duration) UnmarshalJSON(encoded []byte) error {
	var text string
	if err := json.Unmarshal(encoded, &text); err != nil {
		return err
	}
	parsed, err := time.ParseDuration(text)
	*d = duration(parsed)
	return err
}

// problem is what the schema cannot express.
type problem struct {
	location []string
	text     string
}

const maxGenerated = 1_000_000

// check returns the first problem, or nil.
func (s *Scenario) check() *problem {
	ids := make(map[string]bool)
	isRepeated := func(id string) bool {
		repeated := ids[id]
		ids[id] = true
		return repeated
	}
	for i, client := range s.Clients {
		if isRepeated(client.ID) {
			return &problem{[]string{"clients", strconv.Itoa(i), "id"}, "a second client " + client.ID}
		}
	}
	clear(ids)
	generated := 0
	for i, account := range s.Accounts {
		at := []string{"accounts", strconv.Itoa(i)}
		if isRepeated(account.ID) {
			return &problem{append(at, "id"), "a second account " + account.ID}
		}
		if generated += account.Generated; generated > maxGenerated {
			return &problem{append(at, "generated"), fmt.Sprintf("the accounts have more than %d generated contract actions", maxGenerated)}
		}
		if problem := account.check(append(at, "actions")); problem != nil {
			return problem
		}
	}
	return nil
}

func (a account) check(at []string) *problem {
	ids := make(map[string]bool)
	for i, action := range a.Actions {
		at := append(at[:len(at):len(at)], strconv.Itoa(i))
		if ids[action.ID] {
			return &problem{append(at, "id"), "a second contract action " + action.ID}
		}
		ids[action.ID] = true
		if action.Age > 0 && !action.CreatedAt.IsZero() {
			return &problem{append(at, "age"), "use age or created_at, not both"}
		}
		var last duration
		for j, change := range action.Timeline {
			if change.After <= last {
				return &problem{append(at, "timeline", strconv.Itoa(j), "after"), "use positive durations in ascending order"}
			}
			last = change.After
		}
	}
	return nil
}

// AccountID returns the id of the first account.
func (s *Scenario) AccountID() string {
	if len(s.Accounts) == 0 {
		return sandbox.DefaultAccountID
	}
	return s.Accounts[0].ID
}

// Options returns the options for the clients, and for the accounts if there are any.
// Secrets that the file
// does not have are random, and the same in every server with these options.
func (s *Scenario) Options() []sandbox.Option {
	var options []sandbox.Option
	for i, client := range s.Clients {
		client.Secret = cmp.Or(client.Secret, rand.Text())
		if i > 0 {
			options = append(options, sandbox.WithClients(sandbox.Client{ID: client.ID, Secret: client.Secret, Scopes: client.Scopes}))
			continue
		}
		options = append(options, sandbox.WithClient(client.ID, client.Secret))
		if client.Scopes != nil {
			options = append(options, sandbox.WithScopes(client.Scopes...))
		}
	}
	for _, account := range s.Accounts {
		options = append(options, sandbox.WithGeneratedAccount(account.ID, account.Generated))
		if account.Name != nil || account.CompanyName != nil || account.Status != nil {
			options = append(options, sandbox.WithAccountDetails(account.Account))
		}
		options = append(options, sandbox.WithAccountFault(account.ID, account.Response.ForSandbox()))
	}
	return options
}

// Apply adds the contract actions, their timelines and the faults to a new server.
func (s *Scenario) Apply(server *sandbox.Server, now time.Time) error {
	for _, account := range s.Accounts {
		for _, action := range account.Actions {
			created := now.Add(-time.Duration(action.Age))
			server.Put(account.ID, sandbox.Complete(action.ContractAction, created))
			if len(action.Timeline) == 0 {
				continue
			}
			var changes []sandbox.Change
			for _, change := range action.Timeline {
				changes = append(changes, sandbox.Change{After: time.Duration(change.After), Status: change.Status, Message: change.Message})
			}
			if err := server.Schedule(account.ID, action.ID, changes...); err != nil {
				return err
			}
		}
	}
	for _, fault := range s.Faults {
		fault.Queue(server)
	}
	return nil
}
