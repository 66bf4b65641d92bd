package list

import (
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
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
	if counts.printed != counts.received {
		t.Errorf("%d of %d are counted as printed", counts.printed, counts.received)
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
