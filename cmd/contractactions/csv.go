package main

import (
	"bufio"
	"encoding/csv"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// csvTable prints a header and a line for each contract action.
type csvTable struct{ out *csv.Writer }

func newCSVTable(out *bufio.Writer) csvTable {
	printer := csvTable{csv.NewWriter(out)}
	printer.write("id", "action_type", "status", "quantity", "status_message", "created_at", "updated_at")
	return printer
}

func (c csvTable) page(page *wrapper.Page) error {
	for _, action := range page.Actions {
		c.write(
			spreadsheetCell(action.ID),
			spreadsheetCell(string(action.ActionType)),
			spreadsheetCell(string(action.Status)),
			quantityText(action.Quantity),
			spreadsheetCell(action.StatusMessage),
			timeText(action.CreatedAt, time.RFC3339Nano),
			timeText(action.UpdatedAt, time.RFC3339Nano),
		)
	}
	c.out.Flush()
	return nil
}

func (csvTable) close(error) {}

func (c csvTable) write(cells ...string) {
	// Errors stay with the writer below.
	_ = c.out.Write(cells)
}

// spreadsheetCell keeps a spreadsheet from running the service's text as a
// formula, and the text on one line.
func spreadsheetCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + printable(text)
	}
	return printable(text)
}
