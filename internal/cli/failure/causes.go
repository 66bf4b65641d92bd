package failure

import (
	"context"
	"fmt"
	"time"
)

// TimeoutError reports that --timeout expired.
type TimeoutError struct{ After time.Duration }

// Error names the flag.
func (e *TimeoutError) Error() string { return fmt.Sprintf("the --timeout of %v expired", e.After) }

// Unwrap returns the context's error, so that the client does not name it as well.
func (e *TimeoutError) Unwrap() error { return context.DeadlineExceeded }

// Advice is an error in the settings, with what to do.
type Advice struct {
	Problem string
	Advice  string
	Err     error
}

// Error returns the problem and what to do.
func (e *Advice) Error() string { return e.Problem + ": " + e.Advice }

// Hint returns what to do.
func (e *Advice) Hint() string { return e.Advice }

// Unwrap returns Err.
func (e *Advice) Unwrap() error { return e.Err }
