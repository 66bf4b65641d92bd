package changes

import (
	"fmt"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestPositions(t *testing.T) {
	noon := time.Date(2024, time.March, 1, 12, 0, 0, 0, time.UTC)
	// updated are contract actions 0, 1 and so on, updated this long after noon.
	updated := func(after ...time.Duration) []wrapper.ContractAction {
		var actions []wrapper.ContractAction
		for i, after := range after {
			actions = append(actions, wrapper.ContractAction{ID: fmt.Sprint(i), Status: wrapper.StatusCreated, UpdatedAt: noon.Add(after)})
		}
		return actions
	}
	const never = 100_000 * time.Hour
	for name, test := range map[string]struct {
		pages [][]wrapper.ContractAction
		since time.Duration // of the next position, after noon
		known int
	}{
		"nothing":                        {nil, 0, 0},
		"nothing new":                    {[][]wrapper.ContractAction{updated(-time.Hour)}, 0, 0},
		"the latest first":               {[][]wrapper.ContractAction{updated(time.Hour, 56*time.Minute, time.Minute)}, 55 * time.Minute, 2},
		"less than the look back":        {[][]wrapper.ContractAction{updated(time.Minute)}, 0, 1},
		"a later update on a later page": {[][]wrapper.ContractAction{updated(time.Hour), updated(3 * time.Hour)}, 55 * time.Minute, 2},
		"one in the future":              {[][]wrapper.ContractAction{updated(never, time.Hour)}, 55 * time.Minute, 2},
		"only one in the future":         {[][]wrapper.ContractAction{updated(never)}, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			account := reading{from: position{since: noon}}
			for _, page := range append(test.pages, nil) {
				account.add(page, noon.AddDate(1, 0, 0))
			}
			if next := account.next; !next.since.Equal(noon.Add(test.since)) || len(next.known) != test.known {
				t.Errorf("since %v with %d", next.since, len(next.known))
			}
			text := account.next.String()
			parsed, err := parsePosition(text)
			if err != nil {
				t.Fatal(err)
			}
			clitest.Compare(t, parsed.String(), text)
			for _, page := range test.pages {
				for _, action := range page {
					if !parsed.has(&action) {
						t.Errorf("%s is not known", action.ID)
					}
					local := action
					local.UpdatedAt = action.UpdatedAt.In(time.FixedZone("", 3600))
					if !parsed.has(&local) {
						t.Errorf("%s is not known in a different zone", action.ID)
					}
					action.Status = wrapper.StatusFailed // without a different time
					if recent := !action.UpdatedAt.Before(parsed.since); parsed.has(&action) == recent {
						t.Errorf("%s is known with a different status", action.ID)
					}
				}
			}
		})
	}
	for _, text := range []string{"", "yesterday ", "2024-03-01T12:00:00Z ?", "2024-03-01T12:00:00Z AAAA"} {
		if _, err := parsePosition(text); err == nil {
			t.Errorf("%q is a position", text)
		}
	}
}
