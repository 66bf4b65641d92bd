package cli

import (
	"io"
	"strings"

	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// helpWidth returns the width of help in columns: that of the terminal, up to a
// width that can be read well, and 80 in a pipe.
func helpWidth(out io.Writer) int {
	const usual, narrowest, widest = 80, 40, 120
	if width := terminal.Of(out).Width; width > 0 {
		return min(max(width, narrowest), widest)
	}
	return usual
}

// wrapped breaks the lines of a text for a width. Lines that begin with spaces are
// the rows of a table: a name, two spaces or more, and a text, which continues on
// lines with more spaces in front. Lines that begin with a tab are commands to copy.
func wrapped(text string, width int) string {
	var out strings.Builder
	block := paragraph{width: width}
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		row, isRow := strings.CutPrefix(line, "  ")
		switch continues := strings.HasPrefix(row, " "); {
		case line == "":
			block.flush(&out)
			out.WriteByte('\n')
		case strings.HasPrefix(line, "\t"):
			block.flush(&out)
			out.WriteString("  " + line[1:] + "\n")
		case isRow && !continues:
			block.flush(&out)
			block.beginRow(row)
		case isRow && continues && block.isRow && block.indent == 2:
			// The name has a line of its own.
			block.indent = len(line) - len(strings.TrimLeft(line, " "))
			out.WriteString("  " + strings.Join(block.words, " ") + "\n")
			block.first, block.words = strings.Repeat(" ", block.indent), strings.Fields(line)
		default:
			if !isRow && block.isRow {
				block.flush(&out)
			}
			block.words = append(block.words, strings.Fields(line)...)
		}
	}
	block.flush(&out)
	return out.String()
}

// paragraph is a text that is broken into lines.
type paragraph struct {
	width  int
	isRow  bool
	first  string // what the first line begins with
	indent int    // of the other lines
	words  []string
}

// beginRow begins a row of a table, given without its indentation.
func (p *paragraph) beginRow(row string) {
	p.isRow, p.first, p.indent = true, "  ", 2
	if name, text, found := strings.Cut(row, "  "); found {
		p.indent = 2 + len(row) - len(strings.TrimLeft(text, " "))
		p.first, row = "  "+name+strings.Repeat(" ", p.indent-2-len(name)), text
	}
	p.words = strings.Fields(row)
}

// flush writes the lines, and makes room for another paragraph.
func (p *paragraph) flush(out *strings.Builder) {
	if len(p.words) > 0 {
		line := p.first
		for i, word := range p.words {
			switch {
			case i == 0:
				line += word
			case terminal.Width(line)+1+terminal.Width(word) > p.width:
				out.WriteString(line + "\n")
				line = strings.Repeat(" ", p.indent) + word
			default:
				line += " " + word
			}
		}
		out.WriteString(line + "\n")
	}
	*p = paragraph{width: p.width}
}
