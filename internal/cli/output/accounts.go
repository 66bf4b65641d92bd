package output

import (
	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Accounts is the list of accounts.
var Accounts = List[wrapper.Account]{
	fields:  fieldsOf(gen.AccountFields(), func(account *wrapper.Account) *wrapper.Account { return account }),
	columns: []string{"id", "status", "name", "company_name"},
}
