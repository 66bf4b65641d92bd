// Package output prints lists as a table, JSON, NDJSON or CSV. Whatever the service
// sends is made safe for a terminal.
package output

import (
	"strings"

	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// Printer prints a list in one of the formats. It need not check its writes:
// the writer keeps the first error and returns it when it is flushed.
type Printer[R any] interface {
	// Print prints the next items, if any, and before the first of them the
	// beginning of the list.
	Print([]R) error
	// Close prints the end of the list, with the summary if the format has room
	// for one.
	Close(summary string)
}

// Formats are the names of the formats, the default first. The default is the
// same in a pipe: the output of a script does not depend on where it runs.
var Formats = []string{"table", "json", "ndjson", "csv"}

// FormatUsage is the help of a flag for the format.
var FormatUsage = strings.Join(Formats[:len(Formats)-1], ", ") + " or " + Formats[len(Formats)-1]

// FormatsHelp describes the formats.
var FormatsHelp = `Formats, on a terminal and in a pipe alike:
  table   for people: aligned columns and a summary at the end
  json    one JSON array; it is closed even if the list ends early: check the
          exit code
  ndjson  one JSON object per line
  csv     a header, and a line for each contract action
json, ndjson and csv always have the same fields in the same order:
` + Indented(ContractActions.FieldNames()) + `
A field that the service did not send is null, or an empty text if it is a text
that the contract requires; in csv it is empty. Times are in UTC; a table omits
fractions of a second. Characters that can control a terminal are escaped in all
formats. A type or status that the contract does not list is printed unchanged;
a table marks it with ?. On a terminal, a table fits the width (columns are
omitted, as the summary says, and messages cut), and statuses have colours,
unless the variable NO_COLOR is set.

Texts in csv are on one line: a line break is \n, other such characters are
escaped in the same way, and \ is \\. What a spreadsheet would take for the
beginning of a formula (= + - @ also if full-width, a tab or a carriage return)
has a ' in front, at the beginning of a text and after a ; in it. A ' that is
there already is doubled. Numbers are not changed.

--raw of list prints each contract action as the service sent it, with fields
that the contract does not have and every value unchanged, beside its account:
  {"account_id":"...","action":{...}}
Filters and --sort apply as without it. Times stay as they are with --local.

--fields chooses other fields, in any order. 'contractactions schema' prints the
JSON Schema of each output.`

// Indented joins names with commas into lines of at most 80 columns.
func Indented(names []string) string {
	const columns = 80
	text, width := "", 0
	for i, name := range names {
		if i < len(names)-1 {
			name += ","
		}
		switch {
		case i == 0:
			text, width = "  "+name, 2+len(name)
		case width+1+len(name) > columns:
			text, width = text+"\n  "+name, 2+len(name)
		default:
			text, width = text+" "+name, width+1+len(name)
		}
	}
	return text
}

// Format is how a list is printed.
type Format struct {
	Name     string
	Fields   []string // names; nil for the format's own
	Terminal terminal.Terminal
}

// Continuable are the formats that can be continued.
var Continuable = []string{"ndjson", "csv"}
