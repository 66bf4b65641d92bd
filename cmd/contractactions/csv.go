package main

import (
	"bufio"
	"encoding/csv"
	"strings"
)

// csvTable prints a header and a line for each contract action.
type csvTable struct {
	out    *csv.Writer
	fields []field
	begun  bool
}

func newCSVTable(out *bufio.Writer, fields []field) *csvTable {
	return &csvTable{out: csv.NewWriter(out), fields: fields}
}

func (c *csvTable) begin() {
	if c.begun {
		return
	}
	c.begun = true
	var names []string
	for _, field := range c.fields {
		names = append(names, field.name)
	}
	c.write(names)
}

func (c *csvTable) print(records []record) error {
	c.begin()
	for _, record := range records {
		cells := make([]string, len(c.fields))
		for i, field := range c.fields {
			cells[i] = field.text(record)
			if field.kind == textField {
				cells[i] = spreadsheetCell(cells[i])
			}
		}
		c.write(cells)
	}
	return nil
}

func (c *csvTable) close(string) { c.begin() }

func (c *csvTable) write(cells []string) {
	// Errors stay with the writer below.
	_ = c.out.Write(cells)
	c.out.Flush()
}

// spreadsheetCell keeps a spreadsheet from running the service's text as a
// formula, and the text on one line.
func spreadsheetCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + printable(text)
	}
	return printable(text)
}
