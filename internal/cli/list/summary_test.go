package list

import (
	"errors"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
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
		var printed []output.Record
		for _, status := range statuses {
			action := wrapper.ContractAction{Status: status}
			page.Actions = append(page.Actions, action)
			printed = append(printed, output.Record{ContractAction: action})
		}
		counts.add(wrapper.AccountPage{Page: &page}, printed)
	}
	clitest.Compare(t, counts.String(),
		"7 contract actions on 3 pages: 1 CREATED, 1 IN_PROGRESS, 1 COMPLETED, 2 FAILED, 1 PAUSED?, 1 ZZZ?")
}

func TestSummaryInTheSingular(t *testing.T) {
	counts := newSummary()
	action := wrapper.ContractAction{Status: wrapper.StatusCreated}
	counts.add(wrapper.AccountPage{Page: &wrapper.Page{Actions: []wrapper.ContractAction{action}}}, []output.Record{{ContractAction: action}})
	clitest.Compare(t, counts.String(), "1 contract action on 1 page: 1 CREATED")
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
		{errLimitReached, true, "; ended by --limit"},
		{exit.ErrInterrupted, true, "; interrupted"},
	} {
		t.Run(test.want, func(t *testing.T) { clitest.Compare(t, remark(test.ending, test.more), test.want) })
	}
}
