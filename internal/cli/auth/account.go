package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// accountRequest is the result of a request for one account.
type accountRequest struct {
	AccountID string `json:"account_id" description:"The id of the Express account."`
	OK        bool   `json:"ok" description:"Whether a page of the account was received."`
	Actions   *int   `json:"contract_actions" description:"The number of all contract actions; null if unknown."`
	Code      string `json:"code,omitempty" description:"The code of the service's error."`
	Error     string `json:"error,omitempty" description:"The error."`

	status int // of an error response; 0 for any other error
}

// requestAccount requests the smallest page of an account.
func requestAccount(ctx context.Context, client *wrapper.Client, accountID string) (*accountRequest, error) {
	request := &accountRequest{AccountID: accountID}
	for page, err := range client.Pages(ctx, accountID, wrapper.MaxPages(1), wrapper.Prefer(wrapper.PerPage(1)), wrapper.NoPrefetch()) {
		if err != nil {
			return request.failed(err), err
		}
		request.OK = true
		if total := max(page.Total, len(page.Actions)); page.Total > 0 || page.Next == "" {
			request.Actions = &total
		}
	}
	return request, nil
}

func (r *accountRequest) failed(err error) *accountRequest {
	r.OK, r.Error = false, err.Error()
	var failure *wrapper.Error
	if errors.As(err, &failure) && failure.StatusCode >= http.StatusBadRequest {
		const columns = 60 // codes have 7 digits, and what else can be sent as one has no limit
		r.Code, r.status = terminal.Cut(failure.Code, columns), failure.StatusCode
	}
	return r
}

// String is for example "Express account 5ea75fe7aa224700012eae40  ok, 425
// contract actions". stderr has the complete error.
func (r *accountRequest) String() string {
	text := "failed"
	switch {
	case r.OK && r.Actions != nil:
		text = "ok, " + terminal.Count(*r.Actions, "contract action")
	case r.OK:
		text = "ok"
	case r.status != 0:
		text = fmt.Sprintf("failed: %d %s", r.status, http.StatusText(r.status))
		if r.Code != "" {
			text += ", code " + r.Code
		}
	}
	return fmt.Sprintf("Express account %s  %s", terminal.Printable(r.AccountID), terminal.Printable(text))
}
