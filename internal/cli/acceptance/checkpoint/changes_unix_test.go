//go:build unix

package checkpoint_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// changingService is a sandbox whose contract actions change as those of a real
// service can.
type changingService struct {
	*sandbox.Server
	*rand.Rand
	accounts []string
	latest   map[string]time.Time // update of each account
	versions int
	current  map[string]string // what is to be printed last for each contract action
}

func startChanging(t *testing.T, random *rand.Rand, options ...sandbox.Option) *changingService {
	s := &changingService{Rand: random, latest: make(map[string]time.Time), current: make(map[string]string)}
	for i := range 6 {
		id := fmt.Sprint("account-", i+1)
		s.accounts = append(s.accounts, id)
		s.latest[id] = time.Date(2024, time.March, 1, 0, 0, 0, 0, time.UTC)
		options = append(options, sandbox.WithAccount(id))
	}
	s.Server = acceptance.Start(t, options...)
	for range 60 {
		s.change()
	}
	return s
}

// change updates or adds a contract action: later than all others of the account, in
// the same instant as the latest, somewhat earlier (as when a server is late), or in
// the future.
func (s *changingService) change() {
	account := s.accounts[s.IntN(len(s.accounts))]
	action := wrapper.ContractAction{ID: fmt.Sprint(1000 + s.versions), ActionType: wrapper.TypeAmend, CreatedAt: s.latest[account]}
	if actions := s.Actions(account); len(actions) > 0 && s.IntN(3) > 0 {
		action = actions[s.IntN(len(actions))]
	}
	updated := s.latest[account]
	switch s.IntN(8) {
	case 0, 1:
	case 2:
		updated = updated.Add(-time.Duration(s.IntN(240)) * time.Second)
	case 3:
		if s.IntN(10) == 0 {
			updated = updated.AddDate(500, 0, 0)
		}
	default:
		updated = updated.Add(time.Duration(s.IntN(600)) * time.Second)
		s.latest[account] = updated
	}
	s.versions++
	action.Status, action.StatusMessage, action.UpdatedAt = wrapper.StatusInProgress, fmt.Sprint("Version ", s.versions), updated
	if action.UpdatedAt.Before(action.CreatedAt) {
		action.CreatedAt = action.UpdatedAt
	}
	s.Put(account, action)
	s.current[account+" "+action.ID] = action.StatusMessage
}

// hasPrinted fails the test unless what has been printed ends, for each contract
// action, with its current version. mayRepeat are the versions that may be there
// twice.
func (s *changingService) hasPrinted(t *testing.T, printed string, mayRepeat map[string]bool) {
	t.Helper()
	last, times := make(map[string]string), make(map[string]int)
	for line := range strings.Lines(printed) {
		var action struct {
			Account string `json:"account_id"`
			ID      string `json:"id"`
			Version string `json:"status_message"`
		}
		if err := json.Unmarshal([]byte(line), &action); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		last[action.Account+" "+action.ID] = action.Version
		if times[action.Version]++; times[action.Version] > 1 && !mayRepeat[action.Version] {
			t.Fatalf("%s of %s of %s is there %d times", action.Version, action.ID, action.Account, times[action.Version])
		}
	}
	for action, version := range s.current {
		if last[action] != version {
			t.Fatalf("%s is there as %q, not as %q", action, last[action], version)
		}
	}
}

var changingServices = map[string]struct {
	option sandbox.Option
	part   int // of the kills
}{
	"honours the order": {sandbox.WithSeed(0), 1},
	"ignores the order": {sandbox.WithIgnoredParameters("order_by"), 4},
	"refuses the order": {sandbox.WithRefusedParameters("order_by"), 4},
}

func TestKilledAtAnyMomentChangesPrintsEachOnce(t *testing.T) {
	for name, service := range changingServices {
		t.Run(name, func(t *testing.T) {
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			s := startChanging(t, rand.New(rand.NewPCG(seed, 0)), service.option)
			folder := t.TempDir()
			state, into := filepath.Join(folder, "state"), filepath.Join(folder, "new.ndjson")
			arguments := append([]string{"changes", "--quiet", "--state", state, "--into", into, "--per-page", "4"}, s.accounts...)
			var taken strings.Builder
			killed, completed := 0, 0
			for killed < *kills/service.part || completed == 0 {
				for range s.IntN(5) {
					s.change()
				}
				command, stderr := acceptance.Program(t, arguments...)
				moment := s.momentOfARun(killed < *kills/service.part, state, into)
				changeAt, mayChange, changed := s.ActionRequests()+s.IntN(20), killed < *kills/service.part && s.IntN(2) == 0, false
				if killWhen(t, command, func() bool {
					if mayChange && s.ActionRequests() > changeAt {
						s.change()
						changed = true
						changeAt += 1 + s.IntN(4)
					}
					return moment()
				}) {
					killed++
					continue
				}
				// Where the order is not honoured, a list that changes is incomplete.
				if code := command.ProcessState.ExitCode(); code != exit.Done && !(changed && code == exit.Accounts) {
					t.Fatalf("exit code %d, stderr %q", code, stderr)
				}
				if changed {
					continue // perhaps too late for this run
				}
				completed++
				s.hasPrinted(t, taken.String()+acceptance.ReadFile(t, into), nil)
				if s.IntN(2) == 0 {
					taken.WriteString(acceptance.ReadFile(t, into))
					if err := os.Remove(into); err != nil {
						t.Fatal(err)
					}
				}
			}
			t.Logf("killed %d times, completed %d times, %d versions", killed, completed, s.versions)
		})
	}
}

// momentOfARun returns a condition that becomes true at a random moment of a run:
// after a request, or when a file has been written to. It can be beyond the end, and
// is if no more runs are to be killed: otherwise more might change between the runs
// than any of them can print.
func (s *changingService) momentOfARun(more bool, files ...string) func() bool {
	if !more {
		return func() bool { return false }
	}
	if s.IntN(3) == 0 {
		at := s.ActionRequests() + s.IntN(20)
		return func() bool { return s.ActionRequests() > at }
	}
	watched := files[s.IntN(len(files))]
	size := sizeOf(watched) + s.Int64N(500)
	return func() bool { return sizeOf(watched) > size }
}

// Without --into, what is printed when the program is killed can be printed again.
func TestKilledAtAnyMomentChangesLosesNothing(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	s := startChanging(t, rand.New(rand.NewPCG(seed, 0)))
	state := filepath.Join(t.TempDir(), "state")
	arguments := append([]string{"changes", "--quiet", "--state", state, "--per-page", "4"}, s.accounts...)
	var all strings.Builder
	mayRepeat := make(map[string]bool)
	killed, completed := 0, 0
	for killed < *kills/2 || completed == 0 {
		for range s.IntN(5) {
			s.change()
		}
		command, stderr := acceptance.Program(t, arguments...)
		var stdout bytes.Buffer
		command.Stdout = &stdout
		if killWhen(t, command, s.momentOfARun(killed < *kills/2, state)) {
			killed++
			whole := stdout.String()[:bytes.LastIndexByte(stdout.Bytes(), '\n')+1]
			for _, version := range strings.SplitAfter(whole, `"status_message":"`) {
				version, _, _ = strings.Cut(version, `"`)
				mayRepeat[version] = true
			}
			all.WriteString(whole)
			continue
		}
		if code := command.ProcessState.ExitCode(); code != exit.Done {
			t.Fatalf("exit code %d, stderr %q", code, stderr)
		}
		completed++
		all.Write(stdout.Bytes())
		s.hasPrinted(t, all.String(), mayRepeat)
	}
	t.Logf("killed %d times, completed %d times, %d versions", killed, completed, s.versions)
}
