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
		var page wrapper.Page
		var printed []record
		for _, status := range statuses {
			action := wrapper.ContractAction{Status: status}
			page.Actions = append(page.Actions, action)
			printed = append(printed, record{ContractAction: action})
		}
		counts.add(wrapper.AccountPage{Page: &page}, printed)
	}
	compare(t, counts.String(),
		"7 contract actions on 3 pages: 1 CREATED, 1 IN_PROGRESS, 1 COMPLETED, 2 FAILED, 1 PAUSED?, 1 ZZZ?")
}

func TestSummaryInTheSingular(t *testing.T) {
	counts := newSummary()
	action := wrapper.ContractAction{Status: wrapper.StatusCreated}
	counts.add(wrapper.AccountPage{Page: &wrapper.Page{Actions: []wrapper.ContractAction{action}}}, []record{{ContractAction: action}})
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
		{errEnough, true, "; ended by --limit"},
		{errInterrupted, true, "; interrupted"},
	} {
		t.Run(test.want, func(t *testing.T) { compare(t, remark(test.ending, test.more), test.want) })
	}
}
