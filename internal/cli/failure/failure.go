// Package failure gives errors their exit codes, and describes them as objects, for
// programs.
package failure

import (
	"errors"
	"fmt"
	"io"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
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
	kind := kindOf(err)
	failure := Failure{
		Kind: kind,
		// Of several accounts that failed, the exit code has whether they all may
		// succeed.
		Transient: wrapper.IsTransient(err) || exit.Code(err) == exit.AccountsTransient || kind.passes(),
		Message:   terminal.Printable(err.Error()),
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
	return known(terminal.Cut(text, columns))
}
