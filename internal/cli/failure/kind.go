package failure

import (
	"context"
	"errors"
	"io/fs"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Kind is what an error is about.
type Kind string

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

// kinds are all kinds, and what they mean.
var kinds = []struct {
	kind Kind
	text string
}{
	{api, "a failed API request: an error status, an invalid response, or none"},
	{token, "no access token could be obtained"},
	{link, "a link or redirect was refused"},
	{incomplete, "by the service's own counters, something is missing"},
	{notFound, "the account has no such contract action"},
	{timeout, "--timeout expired"},
	{file, "a file, standard input or standard output cannot be read or written"},
	{usage, "a command, flag, argument or setting is wrong or missing"},
	{accounts, "some of several accounts failed; each has an object of its own"},
	{actionFailed, "wait: a contract action FAILED"},
	{drift, "check: the service differs from the contract"},
	{inUse, "a file is in use by a different run"},
	{interrupted, "Ctrl-C, or a signal to end"},
	{other, "anything else"},
}

// Choices returns all kinds, for the schema.
func (Kind) Choices() []string {
	var all []string
	for _, known := range kinds {
		all = append(all, string(known.kind))
	}
	return all
}

// passes reports whether the same command may succeed later, whatever the cause.
func (k Kind) passes() bool { return k == timeout || k == inUse }

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
