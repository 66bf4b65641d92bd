package listing

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// rawItems returns the JSON of each contract action of a page.
func rawItems(page *wrapper.Page) ([]json.RawMessage, error) {
	items, err := gen.SplitContractActionPage(page.Raw)
	if err != nil || len(items) == len(page.Actions) {
		return items, err
	}
	// With --since, the page does not have those that an earlier page had.
	left := page.Actions
	items = slices.DeleteFunc(items, func(item json.RawMessage) bool {
		var action wrapper.ContractAction
		same := len(left) > 0 && json.Unmarshal(item, &action) == nil && action.ID == left[0].ID && action.UpdatedAt.Equal(left[0].UpdatedAt)
		if same {
			left = left[1:]
		}
		return !same
	})
	if len(left) > 0 {
		return nil, errors.New("--raw: a page has contract actions that its JSON does not have")
	}
	return items, nil
}
