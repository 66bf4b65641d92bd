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
	pages, actions int
	byStatus       map[wrapper.ContractActionStatus]int
}

func newSummary() summary {
	return summary{byStatus: make(map[wrapper.ContractActionStatus]int)}
}

func (s *summary) add(page *wrapper.Page) {
	s.pages++
	s.actions += len(page.Actions)
	for _, action := range page.Actions {
		s.byStatus[action.Status]++
	}
}

// String is for example "3 contract actions on 1 page: 2 CREATED, 1 FAILED".
func (s summary) String() string {
	text := counted(s.actions, "contract action") + " on " + counted(s.pages, "page")
	if s.actions == 0 {
		return text
	}
	var parts []string
	for _, status := range s.statuses() {
		parts = append(parts, fmt.Sprintf("%d %s", s.byStatus[status], cell(string(status))))
	}
	return text + ": " + strings.Join(parts, ", ")
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
