package main

import (
	"errors"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestSummaryNamesStatusesInTheirOrderAndUnknownOnesLast(t *testing.T) {
	counts := newSummary()
	for _, statuses := range [][]wrapper.ContractActionStatus{
		{"ZZZ", wrapper.StatusFailed, wrapper.StatusCompleted},
		{},
		{"PAUSED", wrapper.StatusInProgress, wrapper.StatusCreated, wrapper.StatusFailed},
	} {
		page := new(wrapper.Page)
		for _, status := range statuses {
			page.Actions = append(page.Actions, wrapper.ContractAction{Status: status})
		}
		counts.add(page)
	}
	compare(t, counts.String(),
		"7 contract actions on 3 pages: 1 CREATED, 1 IN_PROGRESS, 1 COMPLETED, 2 FAILED, 1 PAUSED, 1 ZZZ")
}

func TestSummaryInTheSingular(t *testing.T) {
	counts := newSummary()
	counts.add(&wrapper.Page{Actions: []wrapper.ContractAction{{Status: wrapper.StatusCreated}}})
	compare(t, counts.String(), "1 contract action on 1 page: 1 CREATED")
}

func TestRemarkTellsWhyTheListIsNotWhole(t *testing.T) {
	for _, test := range []struct {
		ending error
		more   bool
		want   string
	}{
		{nil, false, ""},
		{nil, true, "; there are more pages"},
		{errors.New("any"), true, "; the list broke off"},
		{errInterrupted, true, "; interrupted"},
	} {
		t.Run(test.want, func(t *testing.T) { compare(t, remark(test.ending, test.more), test.want) })
	}
}
