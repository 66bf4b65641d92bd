package scenario

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/control"
)

func read(t *testing.T, text string) (*Scenario, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "scenario.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(t.Context(), name)
}

func TestContents(t *testing.T) {
	scenario, err := read(t, `
accounts:
  - id: acme
    name: Acme
    status: CHURNED
    generated: 3
    actions:
      - {id: "1", age: 48h, quantity: 7, timeline: [{after: 30s, status: IN_PROGRESS}, {after: 1m30s, status: FAILED, status_message: Not today.}]}
      - {id: "2", created_at: 2026-11-01T00:00:00Z, action_type: CANCELTDE, status: COMPLETED}
  - id: empty
`)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	server := sandbox.New(append(scenario.Options(), sandbox.WithClock(func() time.Time { return now }))...)
	if err := scenario.Apply(server, now); err != nil {
		t.Fatal(err)
	}
	find := func(id string) gen.ContractAction {
		for _, action := range server.Actions("acme") {
			if action.ID == id {
				return action
			}
		}
		t.Fatalf("no action %s", id)
		return gen.ContractAction{}
	}
	if n, empty := len(server.Actions("acme")), server.Actions("empty"); n != 5 || empty == nil || len(empty) > 0 {
		t.Errorf("%d actions, want 5; the empty account has %v", n, empty)
	}
	if got := find("2"); got.ActionType != "CANCELTDE" || got.Status != "COMPLETED" || got.CreatedAt.Day() != 1 || got.UpdatedAt != got.CreatedAt {
		t.Errorf("%+v", got)
	}
	first := find("1")
	if first.Status != "CREATED" || first.ActionType != "NEWTDE" || *first.Quantity != 7 || first.CreatedAt != now.Add(-48*time.Hour) ||
		first.StatusMessage != "Contract action created successfully." {
		t.Errorf("%+v", first)
	}
	now = now.Add(30 * time.Second)
	if got := find("1"); got.Status != "IN_PROGRESS" || got.UpdatedAt != now {
		t.Errorf("%+v", got)
	}
	now = now.Add(time.Minute)
	if got := find("1"); got.Status != "FAILED" || got.StatusMessage != "Not today." {
		t.Errorf("%+v", got)
	}
}

// What people copy first.
func TestTheScenarioOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../../docs/sandbox.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(strings.ReplaceAll(string(page), "\r\n", "\n"), "```yaml\n")
	text, _, _ = strings.Cut(text, "```")
	scenario, err := read(t, text)
	if err != nil {
		t.Fatal(err)
	}
	if len(scenario.Clients) != 2 || len(scenario.Accounts) != 2 || len(scenario.Faults) != 3 {
		t.Errorf("%+v", scenario)
	}
	if err := scenario.Apply(sandbox.New(scenario.Options()...), time.Now()); err != nil {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "the file is empty"},
		{"only a comment", "# later", "the file is empty"},
		{"only a mark", "---", "the file: got null, want object"},
		{"no mapping", "- a", "line 1: the file: got array, want object"},
		{"no YAML", "accounts: [", "line 1:"},
		{"two documents", "faults: []\n---\nfaults: []", "more than one YAML document"},
		{"repeated key", "faults: []\nfaults: []", "line 2: mapping key"},
		{"key that is no text", "1: a", "every key must be a text"},
		{"unknown key", "faults: []\nacounts: []", `line 2: the file: unknown key "acounts"`},
		{"unknown key below", "accounts:\n  - id: a\n    actions:\n      - id: '1'\n        state: FAILED", `line 5: accounts[0].actions[0]: unknown key "state"`},
		{"missing key", "accounts:\n  - name: a", "line 2: accounts[0]: missing property 'id'"},
		{"id that YAML takes for a number", "accounts:\n  - id: 000000000000000000000404", "line 2: accounts[0].id: got number, want string"},
		{"unknown status", "accounts:\n- id: a\n  status: GONE", "line 3: accounts[0].status: value must be one of 'ACTIVE',"},
		{"unknown status of an action", "accounts:\n- id: a\n  actions:\n  - {id: b,\n     status: ACTIVE}", "line 5: accounts[0].actions[0].status: value must be one of 'CREATED',"},
		{"time", "accounts: [{id: a, actions: [{id: b, created_at: yesterday}]}]", "is not valid date-time"},
		{"number beyond the type", "accounts: [{id: a, actions: [{id: b, quantity: 3000000000}]}]", "quantity"},
		{"duration", "faults: [{delay: 10}]", "line 1: faults[0].delay: got number, want string"},
		{"negative duration", "faults: [{delay: -1s}]", "faults[0].delay: '-1s' does not match pattern"},
		{"long duration", "faults: [{delay: 1000000h}]", "faults[0].delay"},
		{"many faults", "faults: [{times: 1001}]", "faults[0].times: maximum: got 1,001, want 1,000"},
		{"header", "faults: [{headers: {'a b': c}}]", "'a b' does not match pattern"},
		{"header of two lines", `faults: [{headers: {a: "b\nc"}}]`, "faults[0].headers.a"},
		{"status of a fault", "faults: [{status: 100}]", "faults[0].status: minimum: got 100, want 200"},
		{"client id", "clients: [{id: 'a:b'}]", "clients[0].id: 'a:b' does not match pattern"},
		{"two clients", "clients:\n- id: a\n- id: a", "line 3: a second client a"},
		{"two accounts", "accounts:\n- id: a\n- id: a", "line 3: a second account a"},
		{"two actions", "accounts:\n- id: a\n  actions:\n  - id: '1'\n  - id: '1'", "line 5: a second contract action 1"},
		{"too much", "accounts:\n- {id: a, generated: 600000}\n- {id: b, generated: 600000}", "line 3: the accounts have more than 1000000"},
		{"age and time", "accounts: [{id: a, actions: [{id: b, age: 1h, created_at: 2026-01-01T00:00:00Z}]}]", "use age or created_at, not both"},
		{"timeline", "accounts:\n- id: a\n  actions:\n  - id: b\n    timeline:\n    - {after: 2s, status: FAILED}\n    - {after: 2s, status: FAILED}", "line 7: use positive durations in ascending order"},
		{"timeline at once", "accounts: [{id: a, actions: [{id: b, timeline: [{after: 0s, status: FAILED}]}]}]", "use positive durations"},
		{"aliases without end", "a: &a [x, x, x, x, x, x, x, x, x]\n" + aliases(9), "excessive aliasing"},
		{"long file", "# " + strings.Repeat("x", 2<<20), "more than the 1048576 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := read(t, test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("accounts: [{id: a, actions: [{id: b, age: 1h, timeline: [{after: 1s, status: FAILED}]}]}]"))
	f.Add([]byte("a: &a {b: *a}\n<<: *a"))
	f.Fuzz(func(t *testing.T, content []byte) {
		scenario, err := parse(content)
		if err != nil || len(content) > 1000 {
			return
		}
		for i := range scenario.Accounts {
			scenario.Accounts[i].Generated = 0 // which takes time
		}
		server := sandbox.New(scenario.Options()...)
		if err := scenario.Apply(server, time.Now()); err != nil {
			t.Error(err)
		}
	})
}

// aliases returns lists of which each has the one before nine times.
func aliases(depth int) string {
	var text strings.Builder
	for i := range depth {
		fmt.Fprintf(&text, "%c: &%[1]c [%s]\n", 'b'+i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", 'a'+i), 9), ", "))
	}
	return text.String()
}

// A key in a type that the schema does not have could never be set, and one in the
// schema alone would have no effect.
func TestTheSchemaHasTheKeysOfTheTypes(t *testing.T) {
	for definition, value := range map[string]any{
		"client": client{}, "account": account{}, "action": action{}, "change": change{}, "fault": control.Fault{},
	} {
		properties := schema()["definitions"].(object)[definition].(object)["properties"].(object)
		want := slices.Sorted(maps.Keys(properties))
		got := keys(reflect.TypeOf(value))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s has the keys %q, and in the schema %q", definition, got, want)
		}
	}
}

func keys(t reflect.Type) (names []string) {
	for _, field := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); !field.Anonymous {
			names = append(names, name)
		}
	}
	return names
}
