package auth

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"

	"golang.org/x/term"

	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/internal/cli/files"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// prompter asks on a terminal.
type prompter struct {
	ctx      context.Context
	terminal *term.Terminal
	restore  func()
}

// newPrompter returns nil if standard input is not a terminal. Until close, the
// terminal passes on every key: what is typed is shown only where it should be,
// and Ctrl-C is a key, not a signal.
func newPrompter(ctx context.Context, stdin io.Reader, out io.Writer) (*prompter, error) {
	file, ok := stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil, nil
	}
	state, err := term.MakeRaw(int(file.Fd()))
	if err != nil {
		return nil, err
	}
	streams := struct {
		io.Reader
		io.Writer
	}{file, out}
	restore := sync.OnceFunc(func() { _ = term.Restore(int(file.Fd()), state) })
	return &prompter{ctx, term.NewTerminal(streams, ""), restore}, nil
}

// close gives the terminal back.
func (p *prompter) close() {
	if p != nil {
		p.restore()
	}
}

// note prints a line.
func (p *prompter) note(text string) {
	// If it cannot be written, the next question fails.
	_, _ = io.WriteString(p.terminal, terminal.Printable(text)+"\n")
}

func (p *prompter) ask(prompt string) (string, error) {
	return p.answer(func() (string, error) {
		p.terminal.SetPrompt(prompt)
		return p.terminal.ReadLine()
	})
}

// askSecret does not show the answer.
func (p *prompter) askSecret(prompt string) (string, error) {
	return p.answer(func() (string, error) { return p.terminal.ReadPassword(prompt) })
}

func (p *prompter) answer(read func() (string, error)) (string, error) {
	answer, err := files.Await(p.ctx, read)
	if errors.Is(err, io.EOF) { // Ctrl-C or Ctrl-D
		err = exit.ErrInterrupted
	}
	return answer, err
}
