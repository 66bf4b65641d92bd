package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// progress is a line on a terminal that tells how far a listing is. Each text
// takes the place of the one before.
type progress struct {
	out            io.Writer
	pages, actions int
	shown          bool
}

// newProgress shows the progress on stderr if that is a terminal, and nowhere
// otherwise. Nor does it if the output goes into a pipe: whatever reads that,
// such as head, may well print to the same terminal, into the line.
func newProgress(stdout, stderr io.Writer) *progress {
	if isTerminal(stderr) && !isPipe(stdout) {
		return &progress{out: stderr}
	}
	return &progress{out: io.Discard}
}

func isTerminal(writer io.Writer) bool {
	file, ok := writer.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

func isPipe(writer io.Writer) bool {
	file, ok := writer.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeNamedPipe != 0
}

func (p *progress) begin() { p.show("waiting for the first page") }

// page counts a page in and shows how far that is, by the service's numbers
// where it gives them.
func (p *progress) page(page *wrapper.Page) {
	p.pages++
	p.actions += len(page.Actions)
	p.show("page " + of(p.pages, page.TotalPages) + ", " + of(p.actions, page.Total) + " actions")
}

func of(n, total int) string {
	if total == 0 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d of %d", n, total)
}

func (p *progress) show(text string) {
	p.erase()
	fmt.Fprint(p.out, text)
	p.shown = true
}

// erase leaves the line empty for whatever is printed next.
func (p *progress) erase() {
	if p.shown {
		// To the beginning of the line, and clear it.
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}
