package terminal

import (
	"os"

	"golang.org/x/sys/windows"
)

// takesSequences turns on control sequences, which consoles of Windows have off by
// default, and reports whether the terminal understands them. Those before Windows
// 10 do not.
func takesSequences(terminal *os.File) bool {
	console := windows.Handle(terminal.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(console, &mode); err != nil || isDumb() {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
