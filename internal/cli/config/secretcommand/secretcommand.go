// Package secretcommand runs the command that prints a client secret.
package secretcommand

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/files"
)

// longest bounds a command that prints a secret. It can wait for a person who unlocks
// a vault.
const longest = 2 * time.Minute

// Run runs a command in a shell, and returns what it prints, without the
// line break at the end. It ends the command after two minutes, or after the timeout
// if that is shorter and not zero. The command's standard input is empty, since that
// of this program can have ids of accounts; its stderr is discarded if stderr is
// nil. The errors contain neither the command nor what it prints.
func Run(ctx context.Context, command string, timeout time.Duration, stderr io.Writer) (string, error) {
	limit := longest
	if timeout > 0 {
		limit = min(longest, timeout)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("did not end within %v", limit))
	defer cancel()
	shell := shellCommand(ctx, command)
	shell.WaitDelay = time.Second // for programs that it has started, and that keep the pipe open
	shell.Stderr = stderr
	text, err := printedBy(shell, cancel)
	var failed *exec.ExitError
	switch secret := strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"); {
	case len(text) > files.MostBytes:
		return "", fmt.Errorf("printed more than the %d bytes that are allowed", files.MostBytes)
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case errors.As(err, &failed):
		return "", fmt.Errorf("failed: %v", failed.ProcessState)
	case err != nil:
		return "", fmt.Errorf("could not be run: %w", err)
	case secret == "":
		return "", errors.New("printed nothing")
	case strings.ContainsAny(secret, "\r\n"):
		return "", errors.New("printed more than one line")
	default:
		return secret, nil
	}
}

// printedBy returns what a command prints, up to one byte over the limit. It then
// ends the command.
func printedBy(command *exec.Cmd, end context.CancelFunc) (string, error) {
	stdout, err := command.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := command.Start(); err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(stdout, files.MostBytes+1))
	if len(text) > files.MostBytes {
		end()
	}
	return string(text), errors.Join(command.Wait(), err)
}
