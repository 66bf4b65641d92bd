package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// commandTimeout bounds a command that prints a secret. It can wait for a person
// who unlocks a vault.
const commandTimeout = 2 * time.Minute

// printedSecret runs a command in a shell, and returns what it prints, without the
// line break at the end. Its standard input is empty, since that of this program
// can have ids of accounts; its stderr is that of this program. The errors contain
// neither the command nor what it prints.
func (c *Config) printedSecret(ctx context.Context, command string) (string, error) {
	limit := commandTimeout
	if c.Timeout > 0 {
		limit = min(limit, c.Timeout)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("did not end within %v", limit))
	defer cancel()
	shell := shellCommand(ctx, command)
	shell.WaitDelay = time.Second // for programs that it has started, and that keep the pipe open
	if !c.ErrorsJSON {
		shell.Stderr = c.stderr
	}
	text, err := printedBy(shell, cancel)
	var failed *exec.ExitError
	switch secret := strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"); {
	case len(text) > mostBytes:
		return "", fmt.Errorf("printed more than the %d bytes that are allowed", mostBytes)
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
	text, err := io.ReadAll(io.LimitReader(stdout, mostBytes+1))
	if len(text) > mostBytes {
		end()
	}
	return string(text), errors.Join(command.Wait(), err)
}
