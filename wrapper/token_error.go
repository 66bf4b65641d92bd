package wrapper

import (
	"cmp"
	"net/http"
	"strings"
	"time"
)

// TokenError reports that no access token could be had: the token endpoint
// refused, or what it answered was not a token.
type TokenError struct {
	// StatusCode is the HTTP status; 0 if no answer came, or not all of a
	// success. It is 200 when there was a success, but not a token that can be
	// used.
	StatusCode int
	// Endpoint is the token endpoint's address; empty with [Tokens].
	Endpoint string
	// Code and Description are the token endpoint's error and
	// error_description (RFC 6749, section 5.2), if it sent them.
	Code, Description string
	// RetryAfter is how long the token endpoint asked to wait; 0 if it did not.
	RetryAfter time.Duration
	// Attempts counts the requests made, the first included; 0 if the caller's
	// context ended before it was known what came of them.
	Attempts int
	// Elapsed is the time that it took, waiting included.
	Elapsed time.Duration

	source string // what stands for the endpoint where there is none
	cause  error
}

// Error says what was refused and what to check.
func (e *TokenError) Error() string {
	var text strings.Builder
	text.WriteString("get a token")
	if from := cmp.Or(e.Endpoint, e.source); from != "" {
		text.WriteString(" from " + from)
	}
	if e.StatusCode != 0 {
		text.WriteString(": " + statusLine(e.StatusCode))
	}
	for _, part := range []string{e.Code, e.Description} {
		if part != "" {
			text.WriteString(": " + printable(strings.TrimSuffix(part, ".")))
		}
	}
	if e.cause != nil {
		text.WriteString(": " + printable(e.cause.Error()))
	}
	if details := patience(e.RetryAfter, e.Attempts, e.Elapsed); details != nil {
		text.WriteString(" (" + strings.Join(details, ", ") + ")")
	}
	switch {
	case e.Code == "invalid_client" || e.StatusCode == http.StatusUnauthorized:
		text.WriteString("; check the client id and its secret or key, and that they belong to this account and region")
	case e.Code == "invalid_scope":
		text.WriteString("; request no scope to get all that the client was granted, or only scopes that it was granted")
	case e.StatusCode == http.StatusNotFound:
		text.WriteString("; check the token URL, or the account name and the region")
	}
	return text.String()
}

// Unwrap returns what caused the error where that was not an answer of the
// token endpoint.
func (e *TokenError) Unwrap() error { return e.cause }
