package output

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// table prints aligned columns. To be able to print each page as it arrives,
// it takes the widths from the first page that has items, and from
// the longest known values. A later cell that is wider shifts the rest of its
// line.
type table[R any] struct {
	out      *bufio.Writer
	fields   []Field[R]
	mayOmit  bool // whether to omit columns that do not fit the terminal
	terminal terminal.Terminal

	widths  []int // of the fields; nil until they are known
	omitted []string
	marked  bool // whether a value had to be marked as unknown
}

func (t *table[R]) Print(records []R) error {
	if len(records) > 0 {
		t.fix(records)
	}
	for i := range records {
		t.line(t.cells(&records[i]), t.colours(&records[i]))
	}
	return nil
}

// Close ends the table with the summary, if it is wanted.
func (t *table[R]) Close(summary string) {
	t.fix(nil)
	if summary == "" {
		return
	}
	if t.marked {
		summary += "; ? marks what the contract does not list"
	}
	if len(t.omitted) > 0 {
		summary += "; columns omitted to fit the terminal: " + strings.Join(t.omitted, ", ")
	}
	fmt.Fprintln(t.out, summary)
}

// fix fixes the widths and prints the heading, unless that has been done.
func (t *table[R]) fix(records []R) {
	if t.widths != nil {
		return
	}
	rows := [][]string{t.headings(), t.longest()}
	for i := range records {
		rows = append(rows, t.cells(&records[i]))
	}
	t.widths = widthsOf(rows)
	if t.mayOmit {
		t.fit()
	}
	t.line(t.headings(), nil)
}

// longest returns the longest documented value of each enumeration, which later
// pages may have.
func (t *table[R]) longest() []string {
	cells := make([]string, len(t.fields))
	for i, field := range t.fields {
		for _, value := range field.values {
			if len(value) > len(cells[i]) {
				cells[i] = value
			}
		}
	}
	return cells
}

func widthsOf(rows [][]string) []int {
	// A very long cell should not push the other columns off the screen.
	const widest = 40
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = min(widest, max(widths[i], terminal.Width(cell)))
		}
	}
	return widths
}

// leastImportant are the columns that are omitted on a narrow terminal, in this
// order.
var leastImportant = []string{"created_at", "quantity", "updated_at"}

// fit omits columns until the others fit the terminal, with a part of the
// message.
func (t *table[R]) fit() {
	for _, name := range leastImportant {
		if t.needed() <= t.terminal.Columns() {
			return
		}
		at := slices.IndexFunc(t.fields, func(field Field[R]) bool { return field.Name == name })
		if at < 0 {
			continue
		}
		t.omitted = append(t.omitted, t.fields[at].heading())
		t.fields = slices.Delete(slices.Clone(t.fields), at, at+1)
		t.widths = slices.Delete(t.widths, at, at+1)
	}
}

// gap is between two columns.
const gap = "  "

func (t *table[R]) needed() int {
	const ofMessage = 16
	needed := 0
	for i, width := range t.widths {
		if t.fields[i].Name == messageColumn {
			width = min(width, ofMessage)
		}
		needed += width + len(gap)
	}
	return needed - len(gap)
}

// line prints cells, cut at the width of the terminal.
func (t *table[R]) line(cells, colours []string) {
	room := t.terminal.Columns()
	for i, cell := range cells {
		if i > 0 {
			t.out.WriteString(gap)
			room -= len(gap)
		}
		last := i == len(cells)-1
		padding := strings.Repeat(" ", max(0, t.widths[i]-terminal.Width(cell)))
		if cut := terminal.Cut(cell, room); cut != cell || (!last && terminal.Width(cell)+len(padding)+len(gap) >= room) {
			t.coloured(cut, colours, i)
			break
		}
		switch {
		case t.fields[i].isNumber():
			t.out.WriteString(padding)
			t.coloured(cell, colours, i)
		case last: // nothing to align after it
			t.coloured(cell, colours, i)
		default:
			t.coloured(cell, colours, i)
			t.out.WriteString(padding)
		}
		room -= terminal.Width(cell) + len(padding)
	}
	t.out.WriteByte('\n')
}

func (t *table[R]) coloured(cell string, colours []string, i int) {
	if colours == nil || colours[i] == "" {
		t.out.WriteString(cell)
		return
	}
	t.out.WriteString(colours[i] + cell + "\x1b[0m")
}

func (t *table[R]) headings() []string {
	var headings []string
	for _, field := range t.fields {
		headings = append(headings, field.heading())
	}
	return headings
}

func (t *table[R]) cells(record *R) []string {
	cells := make([]string, len(t.fields))
	for i, field := range t.fields {
		text := field.text(record)
		if field.kind == gen.KindTime {
			text = withoutFraction(text)
		}
		cells[i] = terminal.Cell(text)
		if field.isUnknown(text) {
			cells[i] += UnknownMark
			t.marked = true
		}
	}
	return cells
}

// UnknownMark follows values that the contract does not list.
const UnknownMark = "?"

func withoutFraction(text string) string {
	moment, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return moment.Format(time.RFC3339)
}

// statusColours are SGR sequences: green and red for the end, yellow for
// progress. Values that the contract does not list are magenta.
var statusColours = map[string]string{
	string(wrapper.StatusInProgress): "\x1b[33m",
	string(wrapper.StatusCompleted):  "\x1b[32m",
	string(wrapper.StatusFailed):     "\x1b[31m",
}

func (t *table[R]) colours(record *R) []string {
	if !t.terminal.Colours {
		return nil
	}
	colours := make([]string, len(t.fields))
	for i, field := range t.fields {
		if field.Name != "status" {
			continue
		}
		text := field.text(record)
		colours[i] = statusColours[text]
		if field.isUnknown(text) {
			colours[i] = "\x1b[35m"
		}
	}
	return colours
}
