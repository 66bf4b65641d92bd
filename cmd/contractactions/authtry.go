package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// accountRequest is how the service answered a request for one account.
type accountRequest struct {
	AccountID string `json:"account_id"`
	OK        bool   `json:"ok"`
	Actions   *int   `json:"contract_actions"` // nil if unknown
	Code      string `json:"code,omitempty"`
	Error     string `json:"error,omitempty"`

	status int // of a refusal; 0 for any other error
}

// tryAccount requests the smallest page of an account.
func tryAccount(ctx context.Context, client *wrapper.Client, accountID string) (*accountRequest, error) {
	tried := &accountRequest{AccountID: accountID}
	for page, err := range client.Pages(ctx, accountID, wrapper.MaxPages(1), wrapper.Prefer(wrapper.PerPage(1)), wrapper.NoPrefetch()) {
		if err != nil {
			return tried.failed(err), err
		}
		tried.OK = true
		if total := max(page.Total, len(page.Actions)); page.Total > 0 || page.Next == "" {
			tried.Actions = &total
		}
	}
	return tried, nil
}

func (r *accountRequest) failed(err error) *accountRequest {
	r.OK, r.Error = false, err.Error()
	var failure *wrapper.Error
	if errors.As(err, &failure) && failure.StatusCode >= http.StatusBadRequest {
		r.Code, r.status = failure.Code, failure.StatusCode
	}
	return r
}

// String is for example "Account 5ea75fe7aa224700012eae40  ok, 425 contract
// actions". The whole text of an error is on stderr.
func (r *accountRequest) String() string {
	text := "failed"
	switch {
	case r.OK && r.Actions != nil:
		text = "ok, " + counted(*r.Actions, "contract action")
	case r.OK:
		text = "ok"
	case r.status != 0:
		text = fmt.Sprintf("failed: %d %s", r.status, http.StatusText(r.status))
		if r.Code != "" {
			text += ", code " + r.Code
		}
	}
	return fmt.Sprintf("Account %s  %s", printable(r.AccountID), printable(text))
}
