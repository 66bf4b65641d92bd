package checkpoint

import (
	"errors"
	"math"
	"os"

	"golang.org/x/sys/windows"
)

// lock keeps other processes from locking the file until this one closes it or
// ends. On Windows, nobody else can read what is locked, so a byte is locked that
// no file has.
func lock(file *os.File) error {
	beyond := windows.Overlapped{Offset: math.MaxUint32, OffsetHigh: math.MaxInt32}
	err := windows.LockFileEx(windows.Handle(file.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &beyond)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return errLocked
	}
	return err
}
