//go:build !windows

package terminal

import "os"

// takesSequences reports whether the terminal understands control sequences.
func takesSequences(*os.File) bool { return !isDumb() }
