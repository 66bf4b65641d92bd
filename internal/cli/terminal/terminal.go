// Package terminal writes for people: it makes texts safe for a terminal and fits
// them to its width, and shows progress on it.
package terminal

import (
	"io"
	"math"
	"os"

	"golang.org/x/term"
)

// Terminal describes the terminal that a table is printed on. The zero value is
// not a terminal: the width is unlimited and there are no colours.
type Terminal struct {
	Width   int // in columns; 0 if unlimited
	Colours bool
}

// Of describes the terminal that a writer writes to.
func Of(writer io.Writer) Terminal {
	file := terminalOf(writer)
	if file == nil {
		return Terminal{}
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		width = 0
	}
	// See https://no-color.org.
	return Terminal{Width: width, Colours: os.Getenv("NO_COLOR") == "" && takesSequences(file)}
}

// isDumb reports whether the environment says that terminals understand no control
// sequences.
func isDumb() bool { return os.Getenv("TERM") == "dumb" }

// Columns returns the width; the largest number if it is unlimited.
func (t Terminal) Columns() int {
	if t.Width == 0 {
		return math.MaxInt
	}
	return t.Width
}

// terminalOf returns nil if a writer is not a terminal.
func terminalOf(writer io.Writer) *os.File {
	if file, ok := writer.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return file
	}
	return nil
}

func isPipe(writer io.Writer) bool {
	file, ok := writer.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeNamedPipe != 0
}
