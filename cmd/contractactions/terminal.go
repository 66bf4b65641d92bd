package main

import (
	"io"
	"math"
	"os"

	"golang.org/x/term"
)

// terminal is what is known of where a table is printed. The zero value is no
// terminal.
type terminal struct {
	width   int // in columns; 0 if it has no end
	colours bool
}

func terminalOf(writer io.Writer) terminal {
	if !isTerminal(writer) {
		return terminal{}
	}
	width, _, err := term.GetSize(int(writer.(*os.File).Fd()))
	if err != nil {
		width = 0
	}
	// See https://no-color.org.
	return terminal{width: width, colours: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// columns is the width for those who count down.
func (t terminal) columns() int {
	if t.width == 0 {
		return math.MaxInt
	}
	return t.width
}

func isTerminal(writer io.Writer) bool {
	file, ok := writer.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

func isPipe(writer io.Writer) bool {
	file, ok := writer.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeNamedPipe != 0
}
