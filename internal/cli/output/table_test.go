package output

import (
	"bufio"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// The first page is printed before the widths of the others can be known.
func TestTableTakesItsWidthsFromTheFirstPageWithContractActions(t *testing.T) {
	var text strings.Builder
	out := bufio.NewWriter(&text)
	table := Format{Name: "table"}.NewPrinter(out, false)
	for _, records := range [][]Record{
		{},
		{recordOf("12345", "first")},
		{recordOf("1", "narrow"), recordOf("1234567", "wide")},
	} {
		if err := table.Print(records); err != nil {
			t.Fatal(err)
		}
	}
	out.Flush()
	clitest.Compare(t, text.String(), `ID     TYPE       STATUS       QUANTITY  CREATED  UPDATED  MESSAGE
12345  NEWTDE     CREATED             -  -        -        first
1      NEWTDE     CREATED             -  -        -        narrow
1234567  NEWTDE     CREATED             -  -        -        wide
`)
}

func recordOf(id, message string) Record {
	return Record{ContractAction: wrapper.ContractAction{
		ID: id, ActionType: wrapper.TypeNew, Status: wrapper.StatusCreated, StatusMessage: message,
	}}
}

func TestOneMonstrousCellDoesNotWidenItsColumn(t *testing.T) {
	widths := widthsOf([][]string{{"ID"}, {strings.Repeat("x", 1000)}})
	if widths[0] != 40 {
		t.Errorf("the column is %d wide", widths[0])
	}
}

// aTable prints records on a terminal.
func aTable(t *testing.T, format Format, severalAccounts bool, records ...Record) string {
	t.Helper()
	var text strings.Builder
	out := bufio.NewWriter(&text)
	format.Name = "table"
	table := format.NewPrinter(out, severalAccounts)
	if err := table.Print(records); err != nil {
		t.Fatal(err)
	}
	table.Close("summary")
	out.Flush()
	return text.String()
}

func TestATableFitsTheTerminal(t *testing.T) {
	noon := time.Date(2022, time.March, 10, 12, 0, 0, 0, time.UTC)
	long := Record{AccountID: "5ea75fe7aa224700012eae40", ContractAction: wrapper.ContractAction{
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
summary; columns omitted to fit the terminal: CREATED, QUANTITY
`},
		{"the usual 80, several accounts", 80, true, nil, `ACCOUNT                   ID            TYPE       STATUS       MESSAGE
5ea75fe7aa224700012eae40  123245132132  NEWTDE     CREATED      漢字 Contract a…
summary; columns omitted to fit the terminal: CREATED, QUANTITY, UPDATED
`},
		{"very narrow", 20, false, nil, `ID            TYPE
123245132132  NEWTDE
summary; columns omitted to fit the terminal: CREATED, QUANTITY, UPDATED
`},
		{"fields that were asked for", 30, false, []string{"created_at", "id", "status"}, `CREATED               ID
2022-03-10T12:00:00Z  1232451…
summary
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := aTable(t, Format{Terminal: Terminal{Width: test.width}, Fields: FieldsNamed(test.fields)}, test.several, long)
			clitest.Compare(t, got, test.want)
			lines := strings.Split(got, "\n")
			for _, line := range lines[:2] {
				if Width(line) > test.width {
					t.Errorf("%q is %d wide", line, Width(line))
				}
			}
		})
	}
}

func TestOnlyStatusesHaveColours(t *testing.T) {
	var records []Record
	for _, status := range append([]wrapper.ContractActionStatus{"PAUSED"}, gen.ContractActionStatusValues()...) {
		records = append(records, Record{ContractAction: wrapper.ContractAction{ID: "1", Status: status}})
	}
	clitest.Compare(t, aTable(t, Format{Terminal: Terminal{Colours: true}, Fields: FieldsNamed([]string{"status", "id"})}, false, records...),
		"STATUS       ID\n"+
			"\x1b[35mPAUSED?\x1b[0m      1\n"+
			"CREATED      1\n"+
			"\x1b[33mIN_PROGRESS\x1b[0m  1\n"+
			"\x1b[32mCOMPLETED\x1b[0m    1\n"+
			"\x1b[31mFAILED\x1b[0m       1\n"+
			"summary; ? marks what the contract does not list\n")
}
