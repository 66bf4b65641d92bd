package output

import (
	"bufio"
	"encoding/csv"
	"regexp"
	"strings"

	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
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

// formula matches what spreadsheets take for the beginning of a formula, at the
// beginning of a cell and where those that separate cells by semicolons begin one.
// Some read full-width characters as well.
var formula = regexp.MustCompile(`(^|;)('*[=+\-@＝＋－＠﹦﹢﹣﹫\t\r])`)

// spreadsheetCell keeps a spreadsheet from running the service's text as a
// formula, and the text on one line. It can be undone: a ' where one is added is
// doubled, and so is each backslash.
func spreadsheetCell(text string) string {
	return terminal.Printable(strings.ReplaceAll(formula.ReplaceAllString(text, "$1'$2"), `\`, `\\`))
}
