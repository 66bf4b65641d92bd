package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// printer prints a list in one of the formats. It need not check its writes:
// the writer keeps the first error and returns it when it is flushed.
type printer interface {
	// page prints the contract actions of the next page.
	page(*wrapper.Page) error
	// close prints what belongs after the last one. The error is what ended
	// the list before its time, nil if nothing did. It is called only if
	// there was a page.
	close(ending error)
}

// formats are the names of the formats, the default first. It is the default
// in a pipe as well: what a script gets should not depend on where it runs.
var formats = []string{"table", "json", "ndjson", "csv"}

const formatsHelp = `Formats, on a terminal and in a pipe alike:
  table   for people: aligned columns, times in UTC, and a summary at the end
  json    one JSON array, with the fields as in the API; even if the list breaks
          off, the array is closed: look at the exit code
  ndjson  one JSON object a line
  csv     a header and a line for each contract action, times in UTC
Characters that could steer a terminal are escaped in all of them. In csv, cells
that a spreadsheet would take for a formula (they begin with = + - @, tab or
carriage return) have a ' put in front.`

func newPrinter(format string, out *bufio.Writer) printer {
	switch format {
	case "json":
		return &jsonArray{out: out}
	case "ndjson":
		return jsonLines{out}
	case "csv":
		return newCSVTable(out)
	}
	return newTable(out)
}

func addOutputFlag(command *cobra.Command, output *string) {
	command.Flags().VarP(oneOf(output, "FORMAT", formats...), "output", "o", "table, json, ndjson or csv")
}
