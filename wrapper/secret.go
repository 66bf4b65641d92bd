package wrapper

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a string that does not show itself: through fmt, encoding/json,
// encoding.TextMarshaler and log/slog it prints as [redacted]. Convert it with
// string(secret) to use it.
//
// Three ways around it remain, where nobody asks the secret how to print:
// package fmt in an unexported field of a struct of yours and with the verbs
// %p and %w (which go vet refuses for it), and encoding/json in the key of a
// map. Keep secrets in exported fields, and in values.
type Secret string

const redacted = "[redacted]"

// String returns [redacted].
func (Secret) String() string { return redacted }

// GoString returns [redacted].
func (Secret) GoString() string { return redacted }

// Format writes [redacted], whatever the verb.
func (Secret) Format(state fmt.State, _ rune) { io.WriteString(state, redacted) }

// MarshalJSON returns "[redacted]", quoted.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText returns [redacted].
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns [redacted].
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
