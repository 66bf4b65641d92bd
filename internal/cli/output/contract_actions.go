package output

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Record is a contract action as it is printed: with its account, and a zone for
// its times.
type Record struct {
	AccountID string
	wrapper.ContractAction
	Zone *time.Location  // nil for the zone of each time
	Raw  json.RawMessage // as the service sent it; for RawContractActions only
}

// ContractActions is the list of contract actions of several accounts. All fields
// but the account are those of the contract. A table has the message, which can be
// long, last.
var ContractActions = List[Record]{
	fields: contractActionFields(),
	columns: []string{
		accountField.Name, "id", "action_type", "status", "quantity", "created_at", "updated_at", messageColumn,
	},
}

// ContractActionsOf returns [ContractActions], without the column of the account if
// there is only one.
func ContractActionsOf(severalAccounts bool) List[Record] {
	if severalAccounts {
		return ContractActions
	}
	return ContractActions.Without(accountField.Name)
}

// RawContractActions is the list of contract actions as the service sent them,
// each beside its account. It is for json and ndjson.
var RawContractActions = List[Record]{fields: []Field[Record]{
	accountField,
	{
		Name: "action", kind: gen.KindOther, description: "The contract action as the service sent it.", required: true,
		value: func(r *Record) any { return r.Raw },
	},
}}

var accountField = Field[Record]{
	Name: "account_id", kind: gen.KindString, description: "The id of the Express account.", required: true,
	value: func(r *Record) any { return r.AccountID },
}

const messageColumn = "status_message"

// established are the fields that json, ndjson and csv begin with, so that scripts
// can read csv by position. Fields that are added to the contract follow in its
// order.
var established = []string{"account_id", "id", "action_type", "status", "quantity", messageColumn, "created_at", "updated_at"}

func contractActionFields() []Field[Record] {
	all := []Field[Record]{accountField}
	for _, field := range fieldsOf(gen.ContractActionFields(), func(r *Record) *wrapper.ContractAction { return &r.ContractAction }) {
		value := field.value
		field.value = func(r *Record) any {
			moment, ok := value(r).(time.Time)
			if !ok || moment.IsZero() || r.Zone == nil {
				return value(r)
			}
			return moment.In(r.Zone)
		}
		all = append(all, field)
	}
	position := func(field Field[Record]) int {
		if at := slices.Index(established, field.Name); at >= 0 {
			return at
		}
		return len(established)
	}
	slices.SortStableFunc(all, func(a, b Field[Record]) int { return position(a) - position(b) })
	return all
}
