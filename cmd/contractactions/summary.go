package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// lifecycle is the order in which a summary names the statuses. Those that are
// unknown come after it.
var lifecycle = []wrapper.ContractActionStatus{
	wrapper.StatusCreated, wrapper.StatusInProgress, wrapper.StatusCompleted, wrapper.StatusFailed,
}

// summary counts what was listed.
type summary struct {
	several, filtered bool // whether there are several accounts, and a selection

	pages, received int // contract actions before the filter
	printed         int // and after it
	byStatus        map[wrapper.ContractActionStatus]int
	accounts        int  // that are whole
	failed          int  // accounts
	before          int  // accounts that an earlier run has done
	more            bool // whether there are pages that were not asked for
}

func newSummary() summary {
	return summary{byStatus: make(map[wrapper.ContractActionStatus]int)}
}

// add counts a page, and what is printed of it.
func (s *summary) add(page wrapper.AccountPage, printed []record) {
	s.pages++
	s.received += len(page.Page.Actions)
	if page.Page.Last {
		s.accounts++
	}
	s.count(printed)
}

// count counts what is printed.
func (s *summary) count(printed []record) {
	s.printed += len(printed)
	for _, record := range printed {
		s.byStatus[record.Status]++
	}
}

// merge adds what another one has counted.
func (s *summary) merge(other summary) {
	s.pages += other.pages
	s.received += other.received
	s.printed += other.printed
	s.accounts += other.accounts
	for status, n := range other.byStatus {
		s.byStatus[status] += n
	}
}

// String is for example "3 contract actions on 1 page: 2 CREATED, 1 FAILED", or
// "1 matching contract action of 2 accounts: 1 FAILED; 1 account failed". How much
// was read for a selection depends on whether the service supports it, so that
// its summary does not mention it.
func (s summary) String() string {
	text := counted(s.received, "contract action")
	switch {
	case s.filtered:
		text = counted(s.printed, "matching contract action")
	case s.printed != s.received:
		text = fmt.Sprintf("%d of %s", s.printed, text)
	}
	// None is whole yet where the list ended early in its first accounts.
	if s.several && (s.accounts+s.failed > 0 || s.pages == 0) {
		text += " of " + counted(s.accounts+s.failed, "account")
	}
	if !s.filtered {
		text += " on " + counted(s.pages, "page")
	}
	if s.printed > 0 {
		text += ": " + strings.Join(s.statusCounts(), ", ")
	}
	if s.failed > 0 {
		text += "; " + counted(s.failed, "account") + " failed"
	}
	if s.before > 0 {
		text += "; " + counted(s.before, "account") + " done before"
	}
	return text
}

func (s summary) statusCounts() []string {
	var parts []string
	for _, status := range s.statuses() {
		text := cell(string(status))
		if status != "" && !status.Valid() {
			text += unknownMark
		}
		parts = append(parts, fmt.Sprintf("%d %s", s.byStatus[status], text))
	}
	return parts
}

// statuses returns those that occurred.
func (s summary) statuses() []wrapper.ContractActionStatus {
	rest := maps.Clone(s.byStatus)
	var ordered []wrapper.ContractActionStatus
	for _, status := range lifecycle {
		if rest[status] > 0 {
			ordered = append(ordered, status)
		}
		delete(rest, status)
	}
	return append(ordered, slices.Sorted(maps.Keys(rest))...)
}

// remark says after a summary that it is not about the whole list, if so.
func remark(ending error, more bool) string {
	switch {
	case errors.Is(ending, errInterrupted):
		return "; interrupted"
	case errors.Is(ending, errEnough):
		return "; ended by --limit"
	case ending != nil:
		return "; the list broke off"
	case more:
		return "; there are more pages"
	}
	return ""
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
