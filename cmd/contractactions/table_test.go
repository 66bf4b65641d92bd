package main

import (
	"bufio"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestTable(t *testing.T) {
	startSmall(t)
	compare(t, succeed(t, "list", accountID), `ID            TYPE       STATUS         QUANTITY  CREATED               UPDATED               MESSAGE
123245132132  NEWTDE     CREATED              10  2022-03-10T12:00:00Z  2022-03-10T12:00:00Z  Contract action created successfully.
7             CANCELTDE  FAILED                -  2022-03-10T12:00:00Z  2022-03-10T12:01:00Z  =1+1\x1b[31m\nred\u009b
8             AMENDTDE   IN_PROGRESS  2147483647  2022-03-10T12:00:00Z  2022-03-10T12:00:01Z  Größe "M", <1 von 2>
3 contract actions on 1 page: 1 CREATED, 1 IN_PROGRESS, 1 FAILED
`)
}

func TestTableOfAnEmptyAccount(t *testing.T) {
	start(t, sandbox.WithAccount(accountID))
	compare(t, succeed(t, "list", accountID),
		"ID  TYPE       STATUS       QUANTITY  CREATED  UPDATED  MESSAGE\n0 contract actions on 1 page\n")
}

func TestTableShowsUnknownValuesAsTheyAre(t *testing.T) {
	server := startSmall(t)
	server.Fail(sandbox.Fault{Rewrite: func(body []byte) []byte {
		replaced := strings.NewReplacer(`"IN_PROGRESS"`, `"PAUSED"`, `"AMENDTDE"`, `"MERGE\u001b[2J"`, `"FAILED"`, `""`)
		return []byte(replaced.Replace(string(body)))
	}})
	lines := strings.Split(succeed(t, "list", accountID), "\n")
	compare(t, strings.Join(strings.Fields(lines[3])[:3], " "), `8 MERGE\x1b[2J? PAUSED?`)
	compare(t, lines[4], "3 contract actions on 1 page: 1 CREATED, 1 -, 1 PAUSED?; ? marks what the contract does not list")
}

// The first page is printed before the widths of the others can be known.
func TestTableTakesItsWidthsFromTheFirstPageWithContractActions(t *testing.T) {
	var text strings.Builder
	out := bufio.NewWriter(&text)
	table := shape{format: "table"}.newPrinter(out, false)
	for _, records := range [][]record{
		{},
		{recordOf("12345", "first")},
		{recordOf("1", "narrow"), recordOf("1234567", "wide")},
	} {
		if err := table.print(records); err != nil {
			t.Fatal(err)
		}
	}
	out.Flush()
	compare(t, text.String(), `ID     TYPE       STATUS       QUANTITY  CREATED  UPDATED  MESSAGE
12345  NEWTDE     CREATED             -  -        -        first
1      NEWTDE     CREATED             -  -        -        narrow
1234567  NEWTDE     CREATED             -  -        -        wide
`)
}

func recordOf(id, message string) record {
	return record{ContractAction: wrapper.ContractAction{
		ID: id, ActionType: wrapper.TypeNew, Status: wrapper.StatusCreated, StatusMessage: message,
	}}
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
	compare(t, succeed(t, "list", accountID, "--per-page", "1"), `ID  TYPE       STATUS       QUANTITY  CREATED               UPDATED               MESSAGE
1   NEWTDE     FAILED              -  2022-03-10T12:00:00Z  2022-03-10T12:00:00Z  short
2   CANCELTDE  IN_PROGRESS         -  2022-03-10T12:00:00Z  2022-03-10T12:00:00Z  long
2 contract actions on 2 pages: 1 IN_PROGRESS, 1 FAILED
`)
}

func TestOneMonstrousCellDoesNotWidenItsColumn(t *testing.T) {
	widths := widthsOf([][]string{{"ID"}, {strings.Repeat("x", 1000)}})
	if widths[0] != 40 {
		t.Errorf("the column is %d wide", widths[0])
	}
}
