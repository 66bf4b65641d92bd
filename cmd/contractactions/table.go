package main

import (
	"bufio"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// columns is the number of columns of a table.
const columns = 7

// row is the cells of a line.
type row [columns]string

const quantityColumn, messageColumn = 3, columns - 1

var heading = row{"ID", "TYPE", "STATUS", "QUANTITY", "CREATED", "UPDATED", "MESSAGE"}

// longest is the longest known type and status, which later pages may bring.
var longest = row{1: string(wrapper.TypeCancel), 2: string(wrapper.StatusInProgress)}

// table prints aligned columns. To be able to print each page as it arrives,
// it takes the widths from the first page that has contract actions, and from
// the longest known values. A later cell that is wider shifts the rest of its
// line.
type table struct {
	out     *bufio.Writer
	widths  *[columns]int // nil until they are known
	summary summary
	more    bool // whether the last page had a link to another
}

func newTable(out *bufio.Writer) *table { return &table{out: out, summary: newSummary()} }

func (t *table) page(page *wrapper.Page) error {
	t.summary.add(page)
	t.more = page.Next != ""
	if len(page.Actions) == 0 {
		return nil
	}
	rows := make([]row, len(page.Actions))
	for i, action := range page.Actions {
		rows[i] = rowOf(action)
	}
	t.begin(rows)
	for _, row := range rows {
		t.line(row)
	}
	return nil
}

// close ends the table with the summary.
func (t *table) close(ending error) {
	t.begin(nil)
	fmt.Fprintln(t.out, t.summary.String()+remark(ending, t.more))
}

// begin fixes the widths and prints the heading, unless that has been done.
func (t *table) begin(rows []row) {
	if t.widths != nil {
		return
	}
	t.widths = widthsOf(append(rows, heading, longest))
	t.line(heading)
}

func widthsOf(rows []row) *[columns]int {
	// One monstrous cell should not push everything else off the screen.
	const widest = 40
	widths := new([columns]int)
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = min(widest, max(widths[i], utf8.RuneCountInString(cell)))
		}
	}
	return widths
}

func (t *table) line(row row) {
	for i, cell := range row {
		switch i {
		case messageColumn: // the last one: nothing to align after it
			fmt.Fprintln(t.out, cell)
		case quantityColumn:
			fmt.Fprintf(t.out, "%*s  ", t.widths[i], cell)
		default:
			fmt.Fprintf(t.out, "%-*s  ", t.widths[i], cell)
		}
	}
}

func rowOf(action wrapper.ContractAction) row {
	return row{
		cell(action.ID),
		cell(string(action.ActionType)),
		cell(string(action.Status)),
		cell(quantityText(action.Quantity)),
		cell(timeText(action.CreatedAt, time.RFC3339)),
		cell(timeText(action.UpdatedAt, time.RFC3339)),
		cell(action.StatusMessage),
	}
}

// cell makes a text fit for a table. An empty one becomes a dash, so that
// programs that count columns by the spaces between them find the same number
// in each line.
func cell(text string) string {
	if text == "" {
		return "-"
	}
	return printable(text)
}

func quantityText(quantity *int32) string {
	if quantity == nil {
		return ""
	}
	return strconv.Itoa(int(*quantity))
}

func timeText(moment time.Time, layout string) string {
	if moment.IsZero() {
		return ""
	}
	return moment.UTC().Format(layout)
}
