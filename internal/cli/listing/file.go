package listing

import (
	"bufio"
	"bytes"

	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
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

// Heading returns what a file in the format begins with.
func Heading(list output.List[output.Record], format output.Format) []byte {
	var text bytes.Buffer
	out := bufio.NewWriter(&text)
	list.NewPrinter(format, out).Close("")
	out.Flush()
	return text.Bytes()
}
