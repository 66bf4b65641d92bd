package list

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// summary counts what was listed.
type summary struct {
	several, filtered bool // whether there are several accounts, and a selection

	pages, received int // contract actions before the filter
	printed         int // and after it
	byStatus        map[wrapper.ContractActionStatus]int
	unnamed         int // of statuses that byStatus has no room for
	accounts        int // that are complete
	failed          int // accounts
}

func newSummary() summary {
	counts := summary{byStatus: make(map[wrapper.ContractActionStatus]int)}
	for _, status := range gen.ContractActionStatusValues() {
		counts.byStatus[status] = 0
	}
	return counts
}

// add counts a page, and what is printed of it.
func (s *summary) add(page wrapper.AccountPage, printed []output.Record) {
	s.pages++
	s.received += len(page.Page.Actions)
	if page.Page.Last {
		s.accounts++
	}
	s.count(printed)
}

// count counts what is printed.
func (s *summary) count(printed []output.Record) {
	s.printed += len(printed)
	for _, record := range printed {
		s.countStatus(record.Status, 1)
	}
}

// mostStatuses is the number of statuses that are counted by name: those of the
// contract, and the first few others. The service can send any number, of any
// length.
var mostStatuses = len(gen.ContractActionStatusValues()) + 5

func (s *summary) countStatus(status wrapper.ContractActionStatus, n int) {
	const widest = 40 // columns
	if !status.Valid() {
		// A clone, since the status shares memory with the rest of its page.
		status = wrapper.ContractActionStatus(strings.Clone(terminal.Cut(string(status), widest)))
		if _, counted := s.byStatus[status]; !counted && len(s.byStatus) >= mostStatuses {
			s.unnamed += n
			return
		}
	}
	s.byStatus[status] += n
}

// String is for example "3 contract actions on 1 page: 2 CREATED, 1 FAILED", or
// "1 matching contract action of 2 accounts: 1 FAILED; 1 account failed". How much
// was read for a selection depends on whether the service supports it, so the
// summary of a selection does not include it.
func (s summary) String() string {
	text := terminal.Count(s.received, "contract action")
	switch {
	case s.filtered:
		text = terminal.Count(s.printed, "matching contract action")
	case s.printed != s.received:
		text = fmt.Sprintf("%d of the %s", s.printed, text)
	}
	// None is complete if the list ended early in its first accounts.
	if s.several && (s.accounts+s.failed > 0 || s.pages == 0) {
		text += " of " + terminal.Count(s.accounts+s.failed, "account")
	}
	if !s.filtered {
		text += " on " + terminal.Count(s.pages, "page")
	}
	if s.printed > 0 {
		text += ": " + strings.Join(s.statusCounts(), ", ")
	}
	if s.failed > 0 {
		text += "; " + terminal.Count(s.failed, "account") + " failed"
	}
	return text
}

func (s summary) statusCounts() []string {
	var parts []string
	for _, status := range s.statuses() {
		text := terminal.Cell(string(status))
		if status != "" && !status.Valid() {
			text += output.UnknownMark
		}
		parts = append(parts, fmt.Sprintf("%d %s", s.byStatus[status], text))
	}
	if s.unnamed > 0 {
		parts = append(parts, fmt.Sprintf("%d with other statuses", s.unnamed))
	}
	return parts
}

// statuses returns those that occurred, in the order of the contract, and then
// those that it does not list.
func (s summary) statuses() []wrapper.ContractActionStatus {
	rest := maps.Clone(s.byStatus)
	var ordered []wrapper.ContractActionStatus
	for _, status := range gen.ContractActionStatusValues() {
		if rest[status] > 0 {
			ordered = append(ordered, status)
		}
		delete(rest, status)
	}
	return append(ordered, slices.Sorted(maps.Keys(rest))...)
}
