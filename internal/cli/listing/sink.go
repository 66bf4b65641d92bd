package listing

import (
	"errors"

	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Sink brings the contract actions that pass the filter to the output.
type Sink interface {
	// Page takes the next page of an account, and the records that pass.
	Page(wrapper.AccountPage, []output.Record) error
	// Failed ends an account that is not complete.
	Failed(accountID string) error
}

// ErrLimitReached is returned by a sink to end a listing at its --limit.
var ErrLimitReached = errors.New("the limit is reached")
