package listing

import (
	"fmt"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// A page that is read again with --since has less contract actions than its JSON.
func TestRawItemsAreThoseOfTheContractActions(t *testing.T) {
	body := `{"_embedded":{"contract_actions":[
		{"id":"1","updated_at":"2022-03-12T00:00:00Z"},{"id":"2","updated_at":"2022-03-11T00:00:00.000Z"},
		{"id":"1","updated_at":"2022-03-10T00:00:00Z"},{"id":"3","updated_at":"2022-03-10T00:00:00Z"}]}}`
	at := func(id string, day int) wrapper.ContractAction {
		return wrapper.ContractAction{ID: id, UpdatedAt: time.Date(2022, time.March, day, 0, 0, 0, 0, time.UTC)}
	}
	for _, test := range []struct {
		name    string
		actions []wrapper.ContractAction
		want    string
	}{
		{"all", []wrapper.ContractAction{at("1", 12), at("2", 11), at("1", 10), at("3", 10)},
			`[{"id":"1","updated_at":"2022-03-12T00:00:00Z"} {"id":"2","updated_at":"2022-03-11T00:00:00.000Z"}` +
				` {"id":"1","updated_at":"2022-03-10T00:00:00Z"} {"id":"3","updated_at":"2022-03-10T00:00:00Z"}] <nil>`},
		{"some", []wrapper.ContractAction{at("2", 11), at("1", 10)},
			`[{"id":"2","updated_at":"2022-03-11T00:00:00.000Z"} {"id":"1","updated_at":"2022-03-10T00:00:00Z"}] <nil>`},
		{"none", nil, "[] <nil>"},
		{"one that is not there", []wrapper.ContractAction{at("9", 11)}, "[] --raw: a page has contract actions that its JSON does not have"},
	} {
		t.Run(test.name, func(t *testing.T) {
			items, err := rawItems(&wrapper.Page{Actions: test.actions, Raw: []byte(body)})
			clitest.Compare(t, fmt.Sprintf("%s %v", items, err), test.want)
		})
	}
}
