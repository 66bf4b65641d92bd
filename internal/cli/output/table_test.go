package output

import (
	"bufio"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// The first page is printed before the widths of the others can be known.
func TestTableTakesItsWidthsFromTheFirstPageWithContractActions(t *testing.T) {
	var text strings.Builder
	out := bufio.NewWriter(&text)
	table := ContractActionsOf(false).NewPrinter(Format{Name: "table"}, out)
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
	clitest.Golden(t, "table-widths", text.String())
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
	table := ContractActionsOf(severalAccounts).NewPrinter(format, out)
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
	var all strings.Builder
	for _, test := range []struct {
		name    string
		width   int
		several bool
		fields  []string
	}{
		{"wide", 200, false, nil},
		{"a little narrower", 110, false, nil},
		{"the usual 80", 80, false, nil},
		{"the usual 80, several accounts", 80, true, nil},
		{"very narrow", 20, false, nil},
		{"fields that were asked for", 30, false, []string{"created_at", "id", "status"}},
	} {
		got := aTable(t, Format{Terminal: terminal.Terminal{Width: test.width}, Fields: test.fields}, test.several, long)
		for _, line := range strings.Split(got, "\n")[:2] {
			if terminal.Width(line) > test.width {
				t.Errorf("%s: %q is %d wide", test.name, line, terminal.Width(line))
			}
		}
		all.WriteString("# " + test.name + "\n" + got)
	}
	clitest.Golden(t, "table-fits", all.String())
}

func TestOnlyStatusesHaveColours(t *testing.T) {
	var records []Record
	for _, status := range append([]wrapper.ContractActionStatus{"PAUSED"}, gen.ContractActionStatusValues()...) {
		records = append(records, Record{ContractAction: wrapper.ContractAction{ID: "1", Status: status}})
	}
	clitest.Golden(t, "table-colours", aTable(t, Format{Terminal: terminal.Terminal{Colours: true}, Fields: []string{"status", "id"}}, false, records...))
}
