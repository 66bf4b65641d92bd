// Package files reads small files and pipes until a context ends.
package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"

	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// MostBytes bounds what is read of a file: settings, keys and time zones are much
// smaller.
const MostBytes = 1 << 20

// Read reads a small file, or what a program writes into a pipe. A pipe can block:
// it returns when the context ends.
func Read(ctx context.Context, name string) ([]byte, error) {
	file, err := ReadPrivate(ctx, name)
	return file.Content, err
}

// Private is a file that may contain a secret.
type Private struct {
	Content []byte
	Exposed error // if others can read or change it: what to do
}

// ReadPrivate is [Read] for a file that may contain a secret.
func ReadPrivate(ctx context.Context, name string) (Private, error) {
	if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() {
		return openAndRead(name)
	}
	return Await(ctx, func() (Private, error) { return openAndRead(name) })
}

// Await returns what a function returns, or why the context ended. The function's
// goroutine is then abandoned: neither opening a pipe that has no writer nor reading
// from a terminal can be cancelled.
func Await[T any](ctx context.Context, read func() (T, error)) (value T, err error) {
	type result struct {
		value T
		err   error
	}
	ended := make(chan result, 1)
	go func() {
		value, err := read()
		ended <- result{value, err}
	}()
	select {
	case <-ctx.Done():
		return value, context.Cause(ctx)
	case result := <-ended:
		return result.value, result.err
	}
}

func openAndRead(name string) (Private, error) {
	file, err := os.Open(name)
	if err != nil {
		return Private{}, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, MostBytes+1))
	if err == nil && len(content) > MostBytes {
		err = fmt.Errorf("%s has more than the %d bytes that are allowed", name, MostBytes)
	}
	if err != nil {
		return Private{}, err
	}
	return Private{content, exposed(file)}, nil
}

// exposed returns an error for a file that others than its owner can read or
// change. It accepts what containers get as secrets: a file on a read-only file
// system, or one of a different owner that only the owner can change. On Windows
// the mode has no meaning: access lists decide, and those of a user's own
// directories exclude others. A pipe is read once.
func exposed(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	mode := info.Mode()
	if runtime.GOOS == "windows" || !mode.IsRegular() || mode.Perm()&0o077 == 0 {
		return nil
	}
	// Setting the mode that it has fails exactly where chmod would.
	unchangeable := file.Chmod(mode)
	if errors.Is(unchangeable, syscall.EROFS) || unchangeable != nil && mode.Perm()&0o022 == 0 {
		return nil
	}
	return fmt.Errorf("%s contains a secret, and others can read or change it (mode %04o): run chmod 600 %s",
		file.Name(), mode.Perm(), terminal.ShellQuote(file.Name()))
}
