package output

import (
	"bufio"
	"encoding/csv"
	"strings"
)

// csvTable prints a header and a line for each item.
type csvTable[R any] struct {
	out    *csv.Writer
	fields []Field[R]
	begun  bool
}

func newCSVTable[R any](out *bufio.Writer, fields []Field[R]) *csvTable[R] {
	return &csvTable[R]{out: csv.NewWriter(out), fields: fields}
}

func (c *csvTable[R]) begin() {
	if c.begun {
		return
	}
	c.begun = true
	var names []string
	for _, field := range c.fields {
		names = append(names, field.Name)
	}
	c.write(names)
}

func (c *csvTable[R]) Print(records []R) error {
	c.begin()
	cells := make([]string, len(c.fields))
	for i := range records {
		for k, field := range c.fields {
			cells[k] = field.text(&records[i])
			if field.isText() {
				cells[k] = spreadsheetCell(cells[k])
			}
		}
		c.write(cells)
	}
	return nil
}

func (c *csvTable[R]) Close(string) { c.begin() }

func (c *csvTable[R]) write(cells []string) {
	// The writer below keeps the error.
	_ = c.out.Write(cells)
	c.out.Flush()
}

// spreadsheetCell keeps a spreadsheet from running the service's text as a
// formula, and the text on one line.
func spreadsheetCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + Printable(text)
	}
	return Printable(text)
}
