package wrapper

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// Types of package gen, so that a program needs one import only.
type (
	// ContractAction is a change of a subscription, and its progress.
	ContractAction = gen.ContractAction
	// ContractActionStatus is the progress of a contract action.
	ContractActionStatus = gen.ContractActionStatus
	// ContractActionType is the kind of change.
	ContractActionType = gen.ContractActionType
)

// The documented types and statuses (source: R). The service may send others: Valid
// reports false for them.
const (
	TypeNew    = gen.ContractActionTypeNEWTDE
	TypeAmend  = gen.ContractActionTypeAMENDTDE
	TypeCancel = gen.ContractActionTypeCANCELTDE

	StatusCreated    = gen.ContractActionStatusCREATED
	StatusInProgress = gen.ContractActionStatusINPROGRESS
	StatusCompleted  = gen.ContractActionStatusCOMPLETED
	StatusFailed     = gen.ContractActionStatusFAILED
)

// Page is one page of a list.
type Page struct {
	// Actions are the contract actions on the page, in the service's order.
	Actions []ContractAction
	// Number, PerPage, Count, Total and TotalPages are the counters that the
	// service sent; 0 for one that it did not send.
	Number, PerPage, Count, Total, TotalPages int
	// Next is the link to the next page, and the point to resume from, see
	// [From]. It is empty on the last page.
	Next string
	// Last reports whether this page ends the listing with nothing missing:
	// there is no next link, or [StopBefore] ended it. It is false if [MaxPages]
	// ended the listing earlier, and if an error follows.
	Last bool
	// Raw is the body as the service sent it, with [KeepRaw]; otherwise nil.
	Raw json.RawMessage
	// Header is the header of the response. A value that contains an access token
	// of the request is replaced.
	Header http.Header
}

// Pages lists the contract actions of an Express account page by page. Each
// range over the sequence starts a new listing.
//
// The listing follows the service's next links and nothing else, and ends after
// the page without one. It can end with an error, whose page is nil, after every
// page received before has been delivered:
//
//   - [*Error]: an error status, an invalid response, or no response
//   - [*TokenError]: no access token could be obtained
//   - [*LinkError]: a next link or redirect was refused
//   - [*IncompleteError]: the list is shorter than the service's own counters,
//     or changed while being read
//   - [ErrInvalidAccountID]: nothing was sent
//   - the context's error
//
// The next page is fetched while the caller works on the current one, see
// [NoPrefetch]. Leaving the loop cancels that request.
func (c *Client) Pages(ctx context.Context, accountID string, options ...ListOption) iter.Seq2[*Page, error] {
	return func(yield func(*Page, error) bool) {
		err := c.deliver(ctx, accountID, options, func(page *Page) bool { return yield(page, nil) })
		if err != nil {
			yield(nil, fmt.Errorf("list contract actions of %w", &AccountError{accountID, err}))
		}
	}
}

// deliver passes the pages of an account to yield. Its error does not name the
// account.
func (c *Client) deliver(ctx context.Context, accountID string, options []ListOption, yield func(*Page) bool) error {
	if err := checkAccountID(accountID); err != nil {
		return err
	}
	return list(ctx, c, contractActionsOf(accountID), options, func(page page[ContractAction]) bool {
		page.Actions = page.items
		return yield(page.Page)
	})
}

// Actions lists the contract actions of an Express account one by one. It is
// [Client.Pages] without the pages.
func (c *Client) Actions(ctx context.Context, accountID string, options ...ListOption) iter.Seq2[ContractAction, error] {
	return func(yield func(ContractAction, error) bool) {
		for page, err := range c.Pages(ctx, accountID, options...) {
			if err != nil {
				yield(ContractAction{}, err)
				return
			}
			for _, action := range page.Actions {
				if !yield(action, nil) {
					return
				}
			}
		}
	}
}

// Changes lists the contract actions of an Express account that were updated at or
// after since, each once for each update that it sees, the latest first. To continue
// later, use the UpdatedAt of the first one as since: what is updated during the
// listing is not older, whether or not the service honours the order. Contract
// actions updated at that very instant are listed again, because more of them may
// have appeared.
//
// It is a listing with [StopBefore], and it reads only the front of the list if the
// service honours the order. The zero time lists all. Options other than [OrderBy]
// apply; the memory for a listing grows with the number of changes.
func (c *Client) Changes(ctx context.Context, accountID string, since time.Time, options ...ListOption) iter.Seq2[ContractAction, error] {
	if since.IsZero() {
		since = time.Unix(0, 0)
	}
	return func(yield func(ContractAction, error) bool) {
		for action, err := range c.Actions(ctx, accountID, append(slices.Clip(options), StopBefore(since))...) {
			if (err != nil || !action.UpdatedAt.Before(since)) && !yield(action, err) {
				return
			}
		}
	}
}

// contractActionsOf describes the list of an account's contract actions.
func contractActionsOf(accountID string) operation[ContractAction] {
	return operation[ContractAction]{
		name:      OperationList,
		accountID: accountID,
		scopes:    gen.ListContractActionsScopes(),
		order:     CreatedAtAscending,
		request: func(base string, parameters *parameters) (*http.Request, error) {
			return gen.NewListContractActionsRequest(base, accountID, parameters)
		},
		decode:  gen.ParseContractActionPage,
		id:      func(action *ContractAction) string { return action.ID },
		updated: func(action *ContractAction) time.Time { return action.UpdatedAt },
	}
}
