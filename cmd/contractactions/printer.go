package main

import (
	"bufio"
	"time"

	"github.com/spf13/cobra"
)

// printer prints a list in one of the formats. It need not check its writes:
// the writer keeps the first error and returns it when it is flushed.
type printer interface {
	// print prints the next contract actions, of which there may be none, and
	// before the first of them what belongs there.
	print([]record) error
	// close prints what belongs after the last one, with the summary where the
	// format has room for one.
	close(summary string)
}

// formats are the names of the formats, the default first. It is the default
// in a pipe as well: what a script gets should not depend on where it runs.
var formats = []string{"table", "json", "ndjson", "csv"}

const formatsHelp = `Formats, on a terminal and in a pipe alike:
  table   for people: aligned columns and a summary at the end
  json    one JSON array; even if the list breaks off, the array is closed: look
          at the exit code
  ndjson  one JSON object a line
  csv     a header and a line for each contract action
Of json, ndjson and csv the fields and their order are always the same:
  account_id, id, action_type, status, quantity, status_message, created_at,
  updated_at
What the service did not send is null, or empty in csv. Times are in UTC, and in
a table without fractions of a second. Characters that could steer a terminal
are escaped in all formats. In csv, cells that a spreadsheet would take for a
formula (they begin with = + - @, tab or carriage return) have a ' in front.
A type or status that the contract does not list is shown as it is; in a table a
? behind it marks it. On a terminal, a table is made to fit its width (columns
are left out, which the summary says, and messages cut), and statuses have
colours, unless the variable NO_COLOR is set.`

// shape is what a list looks like.
type shape struct {
	format   string
	fields   []field // nil for those that the format has by itself
	zone     *time.Location
	terminal terminal // what it is printed on
}

func (s shape) newPrinter(out *bufio.Writer, severalAccounts bool) printer {
	if s.format == "table" {
		chosen := s.fields
		if chosen == nil {
			chosen = tableFields(severalAccounts)
		}
		return &table{out: out, fields: chosen, mayLeaveOut: s.fields == nil, terminal: s.terminal}
	}
	chosen := s.fields
	if chosen == nil {
		chosen = fields
	}
	switch s.format {
	case "json":
		return &jsonArray{out: out, fields: chosen}
	case "csv":
		return newCSVTable(out, chosen)
	}
	return jsonLines{out, chosen}
}

// newContinuation returns a printer that goes on where another run has ended.
// Only some formats allow that.
func (s shape) newContinuation(out *bufio.Writer) printer {
	printer := s.newPrinter(out, true)
	if table, ok := printer.(*csvTable); ok {
		table.begun = true
	}
	return printer
}

// continuable are the formats that allow it.
var continuable = []string{"ndjson", "csv"}

func addOutputFlag(command *cobra.Command, output *string) {
	command.Flags().VarP(oneOf(output, "FORMAT", formats...), "output", "o", "table, json, ndjson or csv")
}
