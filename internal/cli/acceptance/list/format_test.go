package list_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestTable(t *testing.T) {
	acceptance.StartSmall(t)
	clitest.Golden(t, "table", acceptance.Succeed(t, "list", accountID))
}

func TestTableOfAnEmptyAccount(t *testing.T) {
	acceptance.Start(t, sandbox.WithAccount(accountID))
	clitest.Golden(t, "table-empty", acceptance.Succeed(t, "list", accountID))
}

func TestTableShowsUnknownValuesAsTheyAre(t *testing.T) {
	server := acceptance.StartSmall(t)
	server.Fail(sandbox.Fault{Rewrite: func(body []byte) []byte {
		replaced := strings.NewReplacer(`"IN_PROGRESS"`, `"PAUSED"`, `"AMENDTDE"`, `"MERGE\u001b[2J"`, `"FAILED"`, `""`)
		return []byte(replaced.Replace(string(body)))
	}})
	lines := strings.Split(acceptance.Succeed(t, "list", accountID), "\n")
	clitest.Compare(t, strings.Join(strings.Fields(lines[3])[:3], " "), `8 MERGE\x1b[2J? PAUSED?`)
	clitest.Compare(t, lines[4], "3 contract actions on 1 page: 1 CREATED, 1 -, 1 PAUSED?; ? marks what the contract does not list")
}

func TestKnownValuesOnLaterPagesDoNotShiftColumns(t *testing.T) {
	noon := time.Date(2022, time.March, 10, 12, 0, 0, 0, time.UTC)
	short := wrapper.ContractAction{
		ID: "1", ActionType: wrapper.TypeNew, Status: wrapper.StatusFailed,
		StatusMessage: "short", CreatedAt: noon, UpdatedAt: noon,
	}
	long := short
	long.ID, long.ActionType, long.Status, long.StatusMessage = "2", wrapper.TypeCancel, wrapper.StatusInProgress, "long"
	acceptance.Start(t, sandbox.WithAccount(accountID, short, long))
	clitest.Golden(t, "table-later-pages", acceptance.Succeed(t, "list", accountID, "--per-page", "1"))
}

func TestCSV(t *testing.T) {
	acceptance.StartSmall(t)
	clitest.Golden(t, "csv", acceptance.Succeed(t, "list", accountID, "--output", "csv", "--per-page", "2"))
}

func TestCSVOfAnEmptyAccount(t *testing.T) {
	acceptance.Start(t, sandbox.WithAccount(accountID))
	clitest.Golden(t, "csv-empty", acceptance.Succeed(t, "list", accountID, "--output", "csv"))
}

func TestJSON(t *testing.T) {
	acceptance.StartSmall(t)
	clitest.Golden(t, "json", acceptance.Succeed(t, "list", accountID, "--output", "json"))
}

func TestJSONOfAnEmptyAccount(t *testing.T) {
	acceptance.Start(t, sandbox.WithAccount(accountID))
	clitest.Compare(t, acceptance.Succeed(t, "list", accountID, "--output", "json"), "[]\n")
}

func TestJSONIsOneArrayOverAllPages(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 7))
	var actions []wrapper.ContractAction
	if err := json.Unmarshal([]byte(acceptance.Succeed(t, "list", accountID, "-o", "json", "--per-page", "2")), &actions); err != nil {
		t.Fatal(err)
	}
	want := server.Actions(accountID)
	slices.Reverse(want) // oldest first
	if !slices.EqualFunc(actions, want, sameID) {
		t.Errorf("listed %v", actions)
	}
}

func sameID(a, b wrapper.ContractAction) bool { return a.ID == b.ID }

func TestNDJSON(t *testing.T) {
	t.Run("three contract actions", func(t *testing.T) {
		acceptance.StartSmall(t)
		clitest.Golden(t, "ndjson", acceptance.Succeed(t, "list", accountID, "--output", "ndjson", "--per-page", "2"))
	})
	t.Run("none", func(t *testing.T) {
		acceptance.Start(t, sandbox.WithAccount(accountID))
		clitest.Compare(t, acceptance.Succeed(t, "list", accountID, "--output", "ndjson"), "")
	})
}

func TestFieldsAreThoseAskedForInTheirOrder(t *testing.T) {
	acceptance.StartSmall(t)
	var all strings.Builder
	for _, format := range output.Formats {
		all.WriteString("# " + format + "\n" + acceptance.Succeed(t, "list", accountID, "-o", format, "--fields", "status,id", "--fields", "quantity"))
	}
	clitest.Golden(t, "fields", all.String())
}

func TestFieldsThatTheServiceLeavesOut(t *testing.T) {
	for _, leaveOut := range []func(action map[string]any, name string){
		func(action map[string]any, name string) { delete(action, name) },
		func(action map[string]any, name string) { action[name] = nil },
	} {
		change := acceptance.ChangeActions(func(_ int, action map[string]any) {
			for _, name := range []string{"action_type", "status", "quantity", "created_at", "updated_at"} {
				leaveOut(action, name)
			}
		})
		server := acceptance.StartSmall(t)
		server.Fail(change, change, change)
		const null = `{"id":"123245132132","action_type":null,"status":null,"quantity":null,` +
			`"status_message":"Contract action created successfully.","created_at":null,"updated_at":null}`
		list := func(format string) string {
			return acceptance.Succeed(t, "list", accountID, "--limit", "1", "-o", format,
				"--fields", "id,action_type,status,quantity,status_message,created_at,updated_at")
		}
		clitest.Compare(t, list("ndjson"), null+"\n")
		clitest.Compare(t, list("json"), "[\n"+null+"\n]\n")
		_, line, _ := strings.Cut(list("csv"), "\n")
		clitest.Compare(t, line, "123245132132,,,,Contract action created successfully.,,\n")
	}
}

// Scripts rely on it, also when the contract gets new fields.
func TestTheOrderOfFieldsIsStable(t *testing.T) {
	acceptance.StartSmall(t)
	header, _, _ := strings.Cut(acceptance.Succeed(t, "list", accountID, "-o", "csv"), "\n")
	if !strings.HasPrefix(header+",", "account_id,id,action_type,status,quantity,status_message,created_at,updated_at,") {
		t.Error(header)
	}
	for line := range strings.Lines(acceptance.Succeed(t, "list", accountID, "-o", "ndjson")) {
		if !strings.HasPrefix(line, `{"account_id":"5ea75fe7aa224700012eae40","id":"`) {
			t.Error(line)
		}
	}
}
