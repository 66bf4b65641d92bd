package terminal

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// Progress is a line on a terminal that shows the progress of a listing. Each
// text overwrites the one before.
type Progress struct {
	out   io.Writer
	dumb  bool // whether the terminal cannot erase a line: it gets only notes
	shown bool

	several        bool
	accounts       int // in all; 0 if unknown
	done, failed   int // accounts
	pages, actions int
	begun          time.Time
}

// NewProgress shows the progress on stderr if that is a terminal, and discards
// it otherwise. It also discards it if stdout is a pipe: its reader, such as
// head, may print to the same terminal.
func NewProgress(stdout, stderr io.Writer) *Progress {
	if terminal := terminalOf(stderr); terminal != nil && !isPipe(stdout) {
		return &Progress{out: stderr, dumb: !takesSequences(terminal)}
	}
	return &Progress{out: io.Discard}
}

// Begin sets the number of accounts; 0 if it is unknown.
func (p *Progress) Begin(several bool, accounts int) {
	p.several, p.accounts, p.begun = several, accounts, time.Now()
	p.Show("waiting for the first page")
}

// Page counts a page and shows the progress: of one account, with the service's
// totals if it sends them.
func (p *Progress) Page(page *wrapper.Page) {
	p.pages++
	p.actions += len(page.Actions)
	if page.Last {
		p.done++
	}
	if p.several {
		p.showAccounts()
		return
	}
	p.Show(of(p.actions, page.Total) + " contract actions, page " + of(p.pages, page.TotalPages))
}

// Failed counts an account that failed, and shows the progress.
func (p *Progress) Failed() {
	p.failed++
	p.showAccounts()
}

func (p *Progress) showAccounts() {
	p.Show(accountsProgress(p.done+p.failed, p.accounts, p.actions, p.failed, time.Since(p.begun)))
}

func accountsProgress(done, accounts, actions, failed int, elapsed time.Duration) string {
	perSecond := float64(actions) / max(elapsed.Seconds(), 1)
	return fmt.Sprintf("%s accounts, %s contract actions, %s per second, %s failed",
		of(done, accounts), grouped(actions), grouped(int(perSecond)), grouped(failed))
}

func of(n, total int) string {
	if total == 0 {
		return grouped(n)
	}
	return grouped(n) + " of " + grouped(total)
}

// grouped returns a number with its digits in groups of three.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// Show overwrites the line. The text is cut: a line that is wrapped cannot be
// erased.
func (p *Progress) Show(text string) {
	if p.dumb {
		return
	}
	const usual = 80
	columns := cmp.Or(Of(p.out).Width, usual)
	p.Erase()
	fmt.Fprint(p.out, Cut(text, columns-1)) // some terminals wrap a line that fills them
	p.shown = true
}

// Erase clears the line for other output.
func (p *Progress) Erase() {
	if p.shown {
		// To the beginning of the line, and clear it.
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}

// Note prints a line that stays.
func (p *Progress) Note(text string) { fmt.Fprintln(p.out, text) }
