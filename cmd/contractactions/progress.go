package main

import (
	"fmt"
	"io"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// progress is a line on a terminal that tells how far a listing is. Each text
// takes the place of the one before.
type progress struct {
	out   io.Writer
	shown bool

	pages, actions int
	several        bool
	accounts       int // in all; 0 if nobody knows
	begun          time.Time
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

// begin takes the number of accounts, 0 if nobody knows it.
func (p *progress) begin(several bool, accounts int) {
	p.several, p.accounts, p.begun = several, accounts, time.Now()
	p.show("waiting for the first page")
}

// page counts a page in and shows how far that is, of one account by the
// service's numbers where it gives them.
func (p *progress) page(page *wrapper.Page, counts *summary, failed int) {
	p.pages++
	p.actions += len(page.Actions)
	if p.several {
		p.failed(counts, failed)
		return
	}
	p.show("page " + of(p.pages, page.TotalPages) + ", " + of(p.actions, page.Total) + " actions")
}

// failed shows how far several accounts are.
func (p *progress) failed(counts *summary, failed int) {
	p.show(accountsProgress(counts.accounts+failed, p.accounts, p.actions, failed, time.Since(p.begun)))
}

func accountsProgress(done, accounts, actions, failed int, elapsed time.Duration) string {
	perSecond := float64(actions) / max(elapsed.Seconds(), 1)
	return fmt.Sprintf("%s accounts, %d actions, %.0f per second, %d failed", of(done, accounts), actions, perSecond, failed)
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

// note prints a line that stays.
func (p *progress) note(text string) { fmt.Fprintln(p.out, text) }
