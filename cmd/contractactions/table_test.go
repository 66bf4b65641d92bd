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

// aTable prints records on a terminal.
func aTable(t *testing.T, shape shape, severalAccounts bool, records ...record) string {
	t.Helper()
	var text strings.Builder
	out := bufio.NewWriter(&text)
	shape.format = "table"
	table := shape.newPrinter(out, severalAccounts)
	if err := table.print(records); err != nil {
		t.Fatal(err)
	}
	table.close("summary")
	out.Flush()
	return text.String()
}

func TestATableFitsTheTerminal(t *testing.T) {
	noon := time.Date(2022, time.March, 10, 12, 0, 0, 0, time.UTC)
	long := record{accountID, wrapper.ContractAction{
		ID: "123245132132", ActionType: wrapper.TypeNew, Status: wrapper.StatusCreated,
		StatusMessage: "漢字 Contract action created successfully.", CreatedAt: noon, UpdatedAt: noon,
	}}
	for _, test := range []struct {
		name    string
		width   int
		several bool
		fields  []string
		want    string
	}{
		{"wide", 200, false, nil, `ID            TYPE       STATUS       QUANTITY  CREATED               UPDATED               MESSAGE
123245132132  NEWTDE     CREATED             -  2022-03-10T12:00:00Z  2022-03-10T12:00:00Z  漢字 Contract action created successfully.
summary
`},
		{"a little narrower", 110, false, nil, `ID            TYPE       STATUS       QUANTITY  CREATED               UPDATED               MESSAGE
123245132132  NEWTDE     CREATED             -  2022-03-10T12:00:00Z  2022-03-10T12:00:00Z  漢字 Contract act…
summary
`},
		{"the usual 80", 80, false, nil, `ID            TYPE       STATUS       UPDATED               MESSAGE
123245132132  NEWTDE     CREATED      2022-03-10T12:00:00Z  漢字 Contract actio…
summary; not shown for want of room: CREATED, QUANTITY
`},
		{"the usual 80, several accounts", 80, true, nil, `ACCOUNT                   ID            TYPE       STATUS       MESSAGE
5ea75fe7aa224700012eae40  123245132132  NEWTDE     CREATED      漢字 Contract a…
summary; not shown for want of room: CREATED, QUANTITY, UPDATED
`},
		{"very narrow", 20, false, nil, `ID            TYPE
123245132132  NEWTDE
summary; not shown for want of room: CREATED, QUANTITY, UPDATED
`},
		{"fields that were asked for", 30, false, []string{"created_at", "id", "status"}, `CREATED               ID
2022-03-10T12:00:00Z  1232451…
summary
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := aTable(t, shape{terminal: terminal{width: test.width}, fields: fieldsNamed(test.fields)}, test.several, long)
			compare(t, got, test.want)
			lines := strings.Split(got, "\n")
			for _, line := range lines[:2] {
				if displayWidth(line) > test.width {
					t.Errorf("%q is %d wide", line, displayWidth(line))
				}
			}
		})
	}
}

func TestOnlyStatusesHaveColours(t *testing.T) {
	var records []record
	for _, status := range append([]wrapper.ContractActionStatus{"PAUSED"}, lifecycle...) {
		records = append(records, record{ContractAction: wrapper.ContractAction{ID: "1", Status: status}})
	}
	compare(t, aTable(t, shape{terminal: terminal{colours: true}, fields: fieldsNamed([]string{"status", "id"})}, false, records...),
		"STATUS       ID\n"+
			"\x1b[35mPAUSED?\x1b[0m      1\n"+
			"CREATED      1\n"+
			"\x1b[33mIN_PROGRESS\x1b[0m  1\n"+
			"\x1b[32mCOMPLETED\x1b[0m    1\n"+
			"\x1b[31mFAILED\x1b[0m       1\n"+
			"summary; ? marks what the contract does not list\n")
}
