package cli_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestTable(t *testing.T) {
	startSmall(t)
	clitest.Compare(t, succeed(t, "list", accountID), `ID            TYPE       STATUS         QUANTITY  CREATED               UPDATED               MESSAGE
123245132132  NEWTDE     CREATED              10  2022-03-10T12:00:00Z  2022-03-10T12:00:00Z  Contract action created successfully.
7             CANCELTDE  FAILED                -  2022-03-10T12:00:00Z  2022-03-10T12:01:00Z  =1+1\x1b[31m\nred\u009b
8             AMENDTDE   IN_PROGRESS  2147483647  2022-03-10T12:00:00Z  2022-03-10T12:00:01Z  Größe "M", <1 von 2>
3 contract actions on 1 page: 1 CREATED, 1 IN_PROGRESS, 1 FAILED
`)
}

func TestTableOfAnEmptyAccount(t *testing.T) {
	start(t, sandbox.WithAccount(accountID))
	clitest.Compare(t, succeed(t, "list", accountID),
		"ID  TYPE       STATUS       QUANTITY  CREATED  UPDATED  MESSAGE\n0 contract actions on 1 page\n")
}

func TestTableShowsUnknownValuesAsTheyAre(t *testing.T) {
	server := startSmall(t)
	server.Fail(sandbox.Fault{Rewrite: func(body []byte) []byte {
		replaced := strings.NewReplacer(`"IN_PROGRESS"`, `"PAUSED"`, `"AMENDTDE"`, `"MERGE\u001b[2J"`, `"FAILED"`, `""`)
		return []byte(replaced.Replace(string(body)))
	}})
	lines := strings.Split(succeed(t, "list", accountID), "\n")
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
	start(t, sandbox.WithAccount(accountID, short, long))
	clitest.Compare(t, succeed(t, "list", accountID, "--per-page", "1"), `ID  TYPE       STATUS       QUANTITY  CREATED               UPDATED               MESSAGE
1   NEWTDE     FAILED              -  2022-03-10T12:00:00Z  2022-03-10T12:00:00Z  short
2   CANCELTDE  IN_PROGRESS         -  2022-03-10T12:00:00Z  2022-03-10T12:00:00Z  long
2 contract actions on 2 pages: 1 IN_PROGRESS, 1 FAILED
`)
}

const csvHeader = "account_id,id,action_type,status,quantity,status_message,created_at,updated_at\n"

func TestCSV(t *testing.T) {
	startSmall(t)
	clitest.Compare(t, succeed(t, "list", accountID, "--output", "csv", "--per-page", "2"), csvHeader+
		`5ea75fe7aa224700012eae40,123245132132,NEWTDE,CREATED,10,Contract action created successfully.,2022-03-10T12:00:00Z,2022-03-10T12:00:00Z
5ea75fe7aa224700012eae40,7,CANCELTDE,FAILED,,'=1+1\x1b[31m\nred\u009b,2022-03-10T12:00:00Z,2022-03-10T12:01:00Z
5ea75fe7aa224700012eae40,8,AMENDTDE,IN_PROGRESS,2147483647,"Größe ""M"", <1 von 2>",2022-03-10T12:00:00Z,2022-03-10T12:00:01.5Z
`)
}

func TestCSVOfAnEmptyAccount(t *testing.T) {
	start(t, sandbox.WithAccount(accountID))
	clitest.Compare(t, succeed(t, "list", accountID, "--output", "csv"), csvHeader)
}

func TestJSON(t *testing.T) {
	startSmall(t)
	clitest.Compare(t, succeed(t, "list", accountID, "--output", "json"), "[\n"+strings.Join(smallAsJSON, ",\n")+"\n]\n")
}

// smallAsJSON is the account of startSmall.
var smallAsJSON = []string{
	`{"account_id":"5ea75fe7aa224700012eae40","id":"123245132132","action_type":"NEWTDE","status":"CREATED","quantity":10,"status_message":"Contract action created successfully.","created_at":"2022-03-10T12:00:00Z","updated_at":"2022-03-10T12:00:00Z"}`,
	`{"account_id":"5ea75fe7aa224700012eae40","id":"7","action_type":"CANCELTDE","status":"FAILED","quantity":null,"status_message":"=1+1\u001b[31m\nred\u009b","created_at":"2022-03-10T12:00:00Z","updated_at":"2022-03-10T12:01:00Z"}`,
	`{"account_id":"5ea75fe7aa224700012eae40","id":"8","action_type":"AMENDTDE","status":"IN_PROGRESS","quantity":2147483647,"status_message":"Größe \"M\", <1 von 2>","created_at":"2022-03-10T12:00:00Z","updated_at":"2022-03-10T12:00:01.5Z"}`,
}

func TestJSONOfAnEmptyAccount(t *testing.T) {
	start(t, sandbox.WithAccount(accountID))
	clitest.Compare(t, succeed(t, "list", accountID, "--output", "json"), "[]\n")
}

func TestJSONIsOneArrayOverAllPages(t *testing.T) {
	server := start(t, sandbox.WithGeneratedAccount(accountID, 7))
	var actions []wrapper.ContractAction
	if err := json.Unmarshal([]byte(succeed(t, "list", accountID, "-o", "json", "--per-page", "2")), &actions); err != nil {
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
		startSmall(t)
		clitest.Compare(t, succeed(t, "list", accountID, "--output", "ndjson", "--per-page", "2"),
			strings.Join(smallAsJSON, "\n")+"\n")
	})
	t.Run("none", func(t *testing.T) {
		start(t, sandbox.WithAccount(accountID))
		clitest.Compare(t, succeed(t, "list", accountID, "--output", "ndjson"), "")
	})
}

func TestFieldsAreThoseAskedForInTheirOrder(t *testing.T) {
	startSmall(t)
	for format, want := range map[string]string{
		"csv":    "status,id,quantity\nCREATED,123245132132,10\nFAILED,7,\nIN_PROGRESS,8,2147483647\n",
		"ndjson": `{"status":"CREATED","id":"123245132132","quantity":10}` + "\n" + `{"status":"FAILED","id":"7","quantity":null}` + "\n" + `{"status":"IN_PROGRESS","id":"8","quantity":2147483647}` + "\n",
		"table": `STATUS       ID              QUANTITY
CREATED      123245132132          10
FAILED       7                      -
IN_PROGRESS  8             2147483647
3 contract actions on 1 page: 1 CREATED, 1 IN_PROGRESS, 1 FAILED
`,
	} {
		t.Run(format, func(t *testing.T) {
			clitest.Compare(t, succeed(t, "list", accountID, "-o", format, "--fields", "status,id", "--fields", "quantity"), want)
		})
	}
}
