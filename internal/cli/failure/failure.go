// Package failure describes errors as objects, for programs.
package failure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Failure is an error as --errors json prints it. Nothing in it is taken from the
// text of an error, except the message.
type Failure struct {
	Kind       Kind     `json:"kind" description:"What the error is about."`
	AccountID  *string  `json:"account_id" description:"The Express account that it concerns; null if it concerns none, or several."`
	Status     *int     `json:"status" description:"The HTTP status; null if there was no response."`
	Code       *string  `json:"code" description:"The code in the response: the service's, or the OAuth error of the token endpoint."`
	RequestID  *string  `json:"request_id" description:"Identifies the request for the vendor's support."`
	Attempts   *int     `json:"attempts" description:"The number of requests that were sent, including the first."`
	RetryAfter *float64 `json:"retry_after" description:"The wait that the response requested, in seconds."`
	Hint       *string  `json:"hint" description:"What to do."`
	Transient  bool     `json:"transient" description:"Whether the same command may succeed later."`
	Message    string   `json:"message" description:"The text that is printed without --errors json."`
}

// Schema returns the schema of a line of --errors json.
func Schema() output.Schema { return output.SchemaOf("contractactions --errors json", Failure{}) }

// Print writes an error as one line of JSON.
func Print(out io.Writer, err error) {
	encoded, failed := output.JSON(Of(err))
	if failed == nil {
		fmt.Fprintf(out, "%s\n", encoded)
	}
}

// Of describes an error.
func Of(err error) Failure {
	failure := Failure{
		Kind: kindOf(err),
		// Of several accounts that failed, the exit code has whether they all may
		// succeed.
		Transient: wrapper.IsTransient(err) || exit.Code(err) == exit.AccountsTransient,
		Message:   output.Printable(err.Error()),
	}
	if account, ok := errors.AsType[*wrapper.AccountError](err); ok {
		failure.AccountID = &account.AccountID
	}
	if refused, ok := errors.AsType[*wrapper.TokenError](err); ok {
		failure.Status, failure.Code, failure.Attempts = known(refused.StatusCode), knownText(refused.Code), known(refused.Attempts)
		failure.RetryAfter = known(refused.RetryAfter.Seconds())
	} else if failed, ok := errors.AsType[*wrapper.Error](err); ok {
		failure.Status, failure.Code, failure.Attempts = known(failed.StatusCode), knownText(failed.Code), known(failed.Attempts)
		failure.RetryAfter, failure.RequestID = known(failed.RetryAfter.Seconds()), knownText(failed.RequestID)
	}
	var advised interface{ Hint() string }
	if errors.As(err, &advised) {
		failure.Hint = known(advised.Hint())
	}
	return failure
}

// known returns nil for the zero value.
func known[T comparable](value T) *T {
	var unknown T
	if value == unknown {
		return nil
	}
	return &value
}

// knownText bounds what the service can send in any length.
func knownText(text string) *string {
	const columns = 300
	return known(output.Cut(text, columns))
}

// Kind is what an error is about.
type Kind string

// The kinds of errors.
const (
	api          Kind = "api"
	token        Kind = "token"
	link         Kind = "link"
	incomplete   Kind = "incomplete"
	notFound     Kind = "action_not_found"
	timeout      Kind = "timeout"
	file         Kind = "file"
	usage        Kind = "usage"
	accounts     Kind = "accounts"
	actionFailed Kind = "action_failed"
	drift        Kind = "drift"
	inUse        Kind = "in_use"
	interrupted  Kind = "interrupted"
	other        Kind = "other"
)

// Choices returns all kinds, for the schema.
func (Kind) Choices() []string {
	var all []string
	for _, kind := range []Kind{
		api, token, link, incomplete, notFound, timeout, file, usage, accounts, actionFailed, drift, inUse, interrupted, other,
	} {
		all = append(all, string(kind))
	}
	return all
}

// byCode are the kinds that an exit code stands for, whatever the cause.
var byCode = map[int]Kind{
	exit.Usage: usage, exit.Accounts: accounts, exit.AccountsTransient: accounts, exit.ActionFailed: actionFailed,
	exit.Timeout: timeout, exit.Drift: drift, exit.InUse: inUse, exit.Interrupted: interrupted,
}

func kindOf(err error) Kind {
	if kind, ok := byCode[exit.Code(err)]; ok {
		return kind
	}
	switch {
	case is[*TimeoutError](err):
		return timeout
	case is[*wrapper.TokenError](err):
		return token
	case is[*wrapper.Error](err):
		return api
	case is[*wrapper.LinkError](err):
		return link
	case is[*wrapper.IncompleteError](err):
		return incomplete
	case errors.Is(err, wrapper.ErrActionNotFound):
		return notFound
	case errors.Is(err, context.DeadlineExceeded):
		return timeout
	case is[*fs.PathError](err):
		return file
	}
	return other
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
