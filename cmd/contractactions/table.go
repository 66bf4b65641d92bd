package main

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// table prints aligned columns. To be able to print each page as it arrives,
// it takes the widths from the first page that has contract actions, and from
// the longest known values. A later cell that is wider shifts the rest of its
// line.
type table struct {
	out         *bufio.Writer
	fields      []field
	mayLeaveOut bool // whether fields may go to make the rest fit
	terminal    terminal

	widths  []int // of the fields; nil until they are known
	leftOut []string
	marked  bool // whether a value had to be marked as unknown
}

func (t *table) print(records []record) error {
	if len(records) > 0 {
		t.fix(records)
	}
	for _, record := range records {
		t.line(t.cells(record), t.colours(record))
	}
	return nil
}

// close ends the table with the summary, if it is wanted.
func (t *table) close(summary string) {
	t.fix(nil)
	if summary == "" {
		return
	}
	if t.marked {
		summary += "; ? marks what the contract does not list"
	}
	if len(t.leftOut) > 0 {
		summary += "; not shown for want of room: " + strings.Join(t.leftOut, ", ")
	}
	fmt.Fprintln(t.out, summary)
}

// fix fixes the widths and prints the heading, unless that has been done.
func (t *table) fix(records []record) {
	if t.widths != nil {
		return
	}
	rows := [][]string{t.headings(), t.cells(longest)}
	for _, record := range records {
		rows = append(rows, t.cells(record))
	}
	t.marked = false
	t.widths = widthsOf(rows)
	if t.mayLeaveOut {
		t.fit()
	}
	t.line(t.headings(), nil)
}

// longest has the longest known type and status, which later pages may bring.
var longest = record{ContractAction: wrapper.ContractAction{ActionType: wrapper.TypeCancel, Status: wrapper.StatusInProgress}}

func widthsOf(rows [][]string) []int {
	// One monstrous cell should not push everything else off the screen.
	const widest = 40
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = min(widest, max(widths[i], displayWidth(cell)))
		}
	}
	return widths
}

// leastMissed are the fields that are left out on a terminal that is too
// narrow, in this order.
var leastMissed = []string{"created_at", "quantity", "updated_at"}

// fit leaves out fields until the others fit the terminal, and a little of the
// message.
func (t *table) fit() {
	for _, name := range leastMissed {
		if t.needed() <= t.terminal.columns() {
			return
		}
		at := slices.IndexFunc(t.fields, func(field field) bool { return field.name == name })
		t.leftOut = append(t.leftOut, t.fields[at].heading)
		t.fields = slices.Delete(slices.Clone(t.fields), at, at+1)
		t.widths = slices.Delete(t.widths, at, at+1)
	}
}

// gap is between two columns.
const gap = "  "

func (t *table) needed() int {
	const ofMessage = 16
	needed := 0
	for i, width := range t.widths {
		if t.fields[i].name == "status_message" {
			width = min(width, ofMessage)
		}
		needed += width + len(gap)
	}
	return needed - len(gap)
}

// line prints cells, and where the terminal ends, so does the line.
func (t *table) line(cells, colours []string) {
	room := t.terminal.columns()
	for i, cell := range cells {
		if i > 0 {
			t.out.WriteString(gap)
			room -= len(gap)
		}
		last := i == len(cells)-1
		padding := strings.Repeat(" ", max(0, t.widths[i]-displayWidth(cell)))
		if cut := cutToWidth(cell, room); cut != cell || (!last && displayWidth(cell)+len(padding)+len(gap) >= room) {
			t.coloured(cut, colours, i)
			break
		}
		switch {
		case t.fields[i].kind == numberField:
			t.out.WriteString(padding)
			t.coloured(cell, colours, i)
		case last: // nothing to align after it
			t.coloured(cell, colours, i)
		default:
			t.coloured(cell, colours, i)
			t.out.WriteString(padding)
		}
		room -= displayWidth(cell) + len(padding)
	}
	t.out.WriteByte('\n')
}

func (t *table) coloured(cell string, colours []string, i int) {
	if colours == nil || colours[i] == "" {
		t.out.WriteString(cell)
		return
	}
	t.out.WriteString(colours[i] + cell + "\x1b[0m")
}

func (t *table) headings() []string {
	var headings []string
	for _, field := range t.fields {
		headings = append(headings, field.heading)
	}
	return headings
}

func (t *table) cells(record record) []string {
	cells := make([]string, len(t.fields))
	for i, field := range t.fields {
		text := field.text(record)
		if field.kind == timeField {
			text = withoutFraction(text)
		}
		cells[i] = cell(text)
		if text != "" && field.known != nil && !field.known(record) {
			cells[i] += unknownMark
			t.marked = true
		}
	}
	return cells
}

// unknownMark is behind values that the contract does not list.
const unknownMark = "?"

func withoutFraction(text string) string {
	moment, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return moment.Format(time.RFC3339)
}

// statusColours are SGR sequences: what ended is green or red, what is under
// way yellow, what nobody knows magenta.
var statusColours = map[wrapper.ContractActionStatus]string{
	wrapper.StatusCreated:    "",
	wrapper.StatusInProgress: "\x1b[33m",
	wrapper.StatusCompleted:  "\x1b[32m",
	wrapper.StatusFailed:     "\x1b[31m",
}

func (t *table) colours(record record) []string {
	if !t.terminal.colours {
		return nil
	}
	colours := make([]string, len(t.fields))
	for i, field := range t.fields {
		if field.name != "status" {
			continue
		}
		colour, known := statusColours[record.Status]
		if !known {
			colour = "\x1b[35m"
		}
		colours[i] = colour
	}
	return colours
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
