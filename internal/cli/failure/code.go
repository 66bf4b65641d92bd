package failure

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// WithCode returns the client's error with its exit code: that of an interrupt if
// the context was cancelled, since the error is then a consequence of that.
func WithCode(ctx context.Context, err error) error {
	return exit.IfInterrupted(ctx, exit.With(code(err), err))
}

// refusals are the statuses with which the service refuses a request although it
// accepted the access token.
var refusals = []error{
	wrapper.ErrForbidden, wrapper.ErrNotFound, wrapper.ErrBadRequest, wrapper.ErrConflict, wrapper.ErrActionNotFound,
}

func code(err error) int {
	switch {
	case errors.Is(err, wrapper.ErrInvalidAccountID):
		return exit.Usage
	case lacksPermission(err):
		return exit.Refused
	case CredentialsRefused(err), errors.Is(err, wrapper.ErrUnauthorized):
		return exit.Authentication
	case slices.ContainsFunc(refusals, func(refusal error) bool { return errors.Is(err, refusal) }):
		return exit.Refused
	}
	return exit.Failure
}

// CredentialsRefused reports whether the token endpoint refused the credentials.
// With any other status, it did not verify them.
func CredentialsRefused(err error) bool {
	var token *wrapper.TokenError
	return errors.As(err, &token) && slices.Contains(
		[]int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden}, token.StatusCode)
}

// lacksPermission reports whether the service refused a request although it
// accepted the access token. The status is 401 for both.
func lacksPermission(err error) bool {
	var failure *wrapper.Error
	return errors.As(err, &failure) && failure.StatusCode == http.StatusUnauthorized && failure.Code == wrapper.CodeNoPermission
}
