package listing

import (
	"bufio"
	"bytes"
	"fmt"

	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// FilePrinter prints to a file that is written exactly once.
type FilePrinter struct {
	file    *checkpoint.File
	printer output.Printer[output.Record]
	out     *bufio.Writer
	buffer  *bytes.Buffer
}

// NewFilePrinter returns a printer that continues a file.
func NewFilePrinter(file *checkpoint.File, list output.List[output.Record], format output.Format) FilePrinter {
	buffer := new(bytes.Buffer)
	out := bufio.NewWriter(buffer)
	return FilePrinter{file, list.NewContinuation(format, out), out, buffer}
}

// Append adds records to the part of an account that is not complete.
func (p FilePrinter) Append(accountID string, records []output.Record) error {
	if err := p.printer.Print(records); err != nil {
		return err
	}
	if err := p.out.Flush(); err != nil {
		return err
	}
	defer p.buffer.Reset()
	return p.file.Append(accountID, p.buffer.Bytes())
}

// NoteDiscarded reports what was removed from the file when it was opened.
func (l Listing) NoteDiscarded(file *checkpoint.File) {
	if discarded := file.Discarded(); discarded > 0 {
		l.Note(fmt.Sprintf("%s: discarded %s after the last complete account, left by an interrupted run",
			file.Name(), terminal.Count(int(discarded), "byte")))
	}
}

// Heading returns what a file in the format begins with.
func Heading(list output.List[output.Record], format output.Format) []byte {
	var text bytes.Buffer
	out := bufio.NewWriter(&text)
	list.NewPrinter(format, out).Close("")
	out.Flush()
	return text.Bytes()
}
