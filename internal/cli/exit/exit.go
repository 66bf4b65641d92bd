// Package exit defines the exit codes of the command, and errors that carry
// one.
package exit

import (
	"context"
	"errors"
)

// The exit codes. See [Help] for what each means.
const (
	Done              = 0
	Failure           = 1
	Usage             = 2
	Accounts          = 3
	Authentication    = 4
	Refused           = 5
	ActionFailed      = 6
	Timeout           = 7
	Drift             = 8
	InUse             = 9
	AccountsTransient = 10
	Interrupted       = 130 // what shells report for a program that SIGINT ended
)

// Help is the part of a command's help that lists the exit codes. Code 141 has
// no constant: SIGPIPE ends the program when the pipe is closed.
const Help = `Exit codes:
  0    success
  1    failure: the network, the service, an unusable or incomplete response, or
       output that cannot be written
  2    usage: a command, flag, argument or variable is wrong or missing
  3    several accounts: some failed, and not all failures are temporary; stderr
       lists them
  4    authentication: the credentials or the access token were refused;
       auth test without an account: the token lacks a scope
  5    refused by the service: 400, 401 for lack of permission, 403, 404 or 409;
       get, wait: no such contract action
  6    wait: a contract action FAILED
  7    wait: the --timeout expired
  8    check: the service differs from the contract
  9    list --into, changes: a file is in use by a different run
  10   several accounts: some failed, and all failures are temporary; run the
       same command again later
  130  interrupted (Ctrl-C, SIGTERM, or SIGHUP from a terminal that closes);
       everything received before has been printed
  141  the reader closed the pipe, as '| head' does (no error is printed)
`

// Error is an error with the exit code that it leads to.
type Error struct {
	Code int
	Err  error
}

// With returns the error with an exit code; nil if err is nil.
func With(code int, err error) error {
	if err == nil {
		return nil
	}
	return &Error{code, err}
}

// Error returns the text of Err.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Code returns the exit code for the end of the program: that of the outermost
// [Error], Done for nil, and Failure for any other error.
func Code(err error) int {
	var coded *Error
	switch {
	case err == nil:
		return Done
	case errors.As(err, &coded):
		return coded.Code
	}
	return Failure
}

// ErrInterrupted reports that the program was asked to end.
var ErrInterrupted = With(Interrupted, errors.New("interrupted"))

// IfInterrupted returns [ErrInterrupted] in place of the error if the context
// was cancelled, since the error is then a consequence of that.
func IfInterrupted(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ErrInterrupted
	}
	return err
}
