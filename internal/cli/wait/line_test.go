package wait

import (
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestLine(t *testing.T) {
	type action = wrapper.ContractAction
	type moment struct {
		second int
		seen   []action // by a poll, if there was one
		ended  int
		want   string
	}
	for wanted, moments := range map[int][]moment{
		1: {
			{second: 1, want: "looking for the contract action, 1s"},
			{3, []action{{Status: wrapper.StatusCreated}}, 0, "CREATED, 3s, next poll in about 2s"},
			{5, []action{{Status: wrapper.StatusInProgress}}, 0, "IN_PROGRESS, 5s, next poll in about 3s"},
			{second: 6, want: "IN_PROGRESS, 6s, next poll in about 2s"},
			{72, []action{{Status: "\x1b[2J"}}, 0, `\x1b[2J, 1m12s, next poll in about 4s`},
			{second: 77, want: `\x1b[2J, 1m17s, next poll now`},
		},
		2: {
			{second: 1, want: "looking for 2 contract actions, 1s"},
			{3, []action{{ID: "1"}, {ID: "2"}}, 0, "0 of 2 contract actions COMPLETED or FAILED, 3s, next poll in about 2s"},
			{5, []action{{ID: "1"}, {ID: "2"}}, 1, "1 of 2 contract actions COMPLETED or FAILED, 5s, next poll in about 3s"},
			{8, []action{{ID: "2"}}, 0, "1 of 2 contract actions COMPLETED or FAILED, 8s, next poll in about 4s"},
		},
	} {
		line := newLine(wanted, 2*time.Second, 4*time.Second)
		for _, moment := range moments {
			now := line.started.Add(time.Duration(moment.second) * time.Second)
			for _, action := range moment.seen {
				line.saw(action, now)
			}
			line.ended += moment.ended
			if got := line.at(now); got != moment.want {
				t.Errorf("after %ds the line is %q, want %q", moment.second, got, moment.want)
			}
		}
	}
}
