package failure

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
