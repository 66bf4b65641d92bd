package main

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/talkdesk-express/contractactions/wrapper"
)

const (
	exitDone           = 0
	exitFailure        = 1
	exitUsage          = 2
	exitAccounts       = 3
	exitAuthentication = 4
	exitRefused        = 5
	exitActionFailed   = 6
	exitTimeOver       = 7
	exitDrift          = 8
	exitInterrupted    = 130 // what shells report for a program that SIGINT ended
)

const exitCodesHelp = `Exit codes:
  0    done
  1    failure: the network, the service, or an unusable or incomplete response
  2    usage: a command, flag, argument or variable is wrong or missing
  3    of several accounts to list, some failed: they are on stderr
  4    authentication: the credentials or the access token were refused;
       auth test: the token lacks a scope
  5    refused by the service: 400, 401 for lack of permission, 403, 404 or 409;
       wait: no such contract action
  6    wait: the contract action FAILED
  7    wait: the --timeout is over
  8    check: the service differs from the contract
  130  interrupted (Ctrl-C); what was received until then has been printed
  141  the reader closed the pipe, as '| head' does (no error is printed)
`

// usageError is an error that the caller of the program can mend.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// errInterrupted stands in for the errors of whatever was under way.
var errInterrupted = errors.New("interrupted")

// exitCode tells scripts what kind of error it was. Code 141 is not among
// them: on a closed pipe the signal SIGPIPE ends the program.
func exitCode(err error) int {
	var usage usageError
	var accounts accountsError
	var drift driftError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.As(err, &drift):
		return exitDrift
	case errors.As(err, &usage), errors.Is(err, wrapper.ErrInvalidAccountID):
		return exitUsage
	case errors.As(err, &accounts):
		return exitAccounts
	case errors.Is(err, errActionFailed):
		return exitActionFailed
	case errors.Is(err, errTimeOver):
		return exitTimeOver
	case errors.Is(err, errScopeMissing), tokenRefused(err), errors.Is(err, wrapper.ErrUnauthorized) && !lacksPermission(err):
		return exitAuthentication
	case lacksPermission(err), errors.Is(err, wrapper.ErrForbidden), errors.Is(err, wrapper.ErrNotFound),
		errors.Is(err, wrapper.ErrBadRequest), errors.Is(err, wrapper.ErrConflict), errors.Is(err, wrapper.ErrActionNotFound):
		return exitRefused
	}
	return exitFailure
}

// tokenRefused reports whether the token endpoint refused the credentials. By
// any other status, it has not come to look at them.
func tokenRefused(err error) bool {
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

// interruptedOr returns the error, unless it comes from the program having
// been asked to end.
func interruptedOr(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return errInterrupted
	}
	return err
}
