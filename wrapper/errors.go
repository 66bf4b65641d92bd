package wrapper

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/transport"
)

// Errors that stand for a status, for errors.Is with an [*Error]. A
// [*TokenError] matches none of them. The statuses 400, 401, 403 (source: R) and
// 404 (source: V) are documented for this operation; 409, 429 and 5xx are not.
var (
	ErrBadRequest   = errors.New("bad request")       // 400
	ErrUnauthorized = errors.New("unauthorized")      // 401, with a new token too, or with CodeNoPermission
	ErrForbidden    = errors.New("forbidden")         // 403
	ErrNotFound     = errors.New("not found")         // 404
	ErrConflict     = errors.New("conflict")          // 409
	ErrRateLimited  = errors.New("too many requests") // 429
	ErrServer       = errors.New("server error")      // 5xx
)

var sentinels = map[int]error{
	400: ErrBadRequest, 401: ErrUnauthorized, 403: ErrForbidden, 404: ErrNotFound, 409: ErrConflict, 429: ErrRateLimited,
}

// Documented values of Error.Code (source: V; the contract lists all of them).
// The service may send others.
const (
	CodeInvalidParameters = "3110005" // with 400
	CodeNoPermission      = "3110001" // with 401: a new token does not help
	CodeMissingScope      = "3110002" // with 403
	CodeNotFound          = "3110006" // with 404
	CodeRateLimited       = "0012001" // with 429, documented for a different operation
)

// FieldError is a field of the request that the service reports as invalid.
type FieldError = gen.ErrorField

// Error is a failed API request: an error status, an invalid response, or no
// response.
type Error struct {
	// StatusCode is the HTTP status; 0 if there was no response. It is 200 for a
	// success whose body is invalid.
	StatusCode int
	// Code, Message, Description and Fields are those of the documented error
	// body. They are empty if the body is a different one, or larger than 64 KiB.
	Code, Message, Description string
	Fields                     []FieldError
	// RequestID identifies the request for the vendor's support: the response's
	// X-Request-Id or platform-tid header (source: the vendor's FAQ). It is empty
	// if the response has neither.
	RequestID string
	// RetryAfter is the wait that the service requested; 0 if it requested none.
	RetryAfter time.Duration
	// Attempts is the number of requests sent, including the first.
	Attempts int
	// Elapsed is the duration of all attempts and the waits between them.
	Elapsed time.Duration
	// Header and Body are the response's. Body is at most 1 MiB. A value that
	// contains an access token of the request is replaced.
	Header http.Header
	Body   []byte

	problem     string // with the response, or why there is none
	cause       error
	interrupted bool       // a success with an incomplete body
	needed      [][]string // of a 403: the scopes of the operation
	granted     string     // of a 403: the token's scope, if it is not sufficient
}

// Error returns what went wrong and, if known, what to do. It never includes a
// body that is not the documented one.
func (e *Error) Error() string {
	var text errorText
	text.add(": ", transport.StatusLine(e.StatusCode), e.Code, e.Message, e.Description, e.problem)
	const shown = 3
	for _, field := range e.Fields[:min(len(e.Fields), shown)] {
		text.add("; ", field.Name+": "+field.Description)
	}
	if more := len(e.Fields) - shown; more > 0 {
		text.add("; ", fmt.Sprintf("and %d more fields", more))
	}
	return text.finish(e.cause, e.RequestID, e.RetryAfter, e.Attempts, e.Elapsed, e.Hint())
}

// errorText joins what is known of a failure to one printable line.
type errorText struct{ strings.Builder }

// add appends the parts that are not empty, each after the separator.
func (t *errorText) add(separator string, parts ...string) {
	for _, part := range parts {
		if part = strings.TrimSuffix(part, "."); part == "" {
			continue
		}
		if t.Len() > 0 {
			t.WriteString(separator)
		}
		t.WriteString(printable(part))
	}
}

// finish adds the cause, what the attempts took, and what to do.
func (t *errorText) finish(cause error, requestID string, retryAfter time.Duration, attempts int, elapsed time.Duration, hint string) string {
	if cause != nil {
		t.add(": ", cause.Error())
	}
	var details []string
	if requestID != "" {
		details = append(details, "request id "+printable(requestID))
	}
	if retryAfter > 0 {
		details = append(details, "retry after "+retryAfter.String())
	}
	if attempts > 1 {
		details = append(details, fmt.Sprintf("%d attempts in %v", attempts, elapsed.Round(time.Millisecond)))
	}
	if len(details) > 0 {
		t.WriteString(" (" + strings.Join(details, ", ") + ")")
	}
	if hint != "" {
		t.WriteString("; " + hint)
	}
	return t.String()
}

// Hint returns what to do, as the text of the error has it: by the code if it is a
// documented one, otherwise by the status. It is empty if nothing is known.
func (e *Error) Hint() string {
	switch {
	case e.Code == CodeNoPermission:
		return "the client has no permission for this request: ask the vendor for the entitlement, or check the account id"
	case e.Code == CodeMissingScope:
		return e.scopeHint()
	case e.Code == CodeNotFound:
		return "check the account id"
	case e.Code == CodeRateLimited, e.StatusCode == http.StatusTooManyRequests:
		return "reduce the request rate"
	case e.StatusCode == http.StatusUnauthorized:
		return "check that the credentials, or the token source, belong to this region"
	case e.StatusCode == http.StatusForbidden:
		return e.scopeHint() + "; check the account id and the entitlement for this API too"
	case e.StatusCode == http.StatusNotFound:
		return "check the account id and the region"
	}
	return ""
}

func (e *Error) scopeHint() string {
	var alternatives []string
	for _, scopes := range e.needed {
		alternatives = append(alternatives, strings.Join(scopes, " and "))
	}
	needed := "the client must be granted the scope " + cmp.Or(strings.Join(alternatives, " or "), "of this operation")
	if e.granted == "" {
		return needed
	}
	return fmt.Sprintf("the token has the scope %s: %s", printable(strconv.Quote(e.granted)), needed)
}

// Unwrap returns the cause, for example a *net.OpError, a context's error or
// io.ErrUnexpectedEOF. It is nil if the response itself is the problem.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is the error, such as [ErrForbidden], that stands for
// the status.
func (e *Error) Is(target error) bool {
	return sentinels[e.StatusCode] == target || e.StatusCode >= 500 && target == ErrServer
}

// statusError returns the Error for a response that is not a success.
func statusError(response *apiResponse) *Error {
	var body gen.ErrorBody
	if len(response.body) <= maxDecoded {
		_ = json.Unmarshal(response.body, &body) // fields of the wrong type stay empty
	}
	if body.Code == "" && body.Message == "" {
		return responseError(response, describeBody(response), nil)
	}
	e := responseError(response, "", nil)
	e.Code = response.sent.Withhold(body.Code, CodeInvalidParameters, CodeNoPermission, CodeMissingScope, CodeNotFound, CodeRateLimited)
	e.Message = response.sent.Withhold(body.Message)
	if body.Description != nil {
		e.Description = response.sent.Withhold(*body.Description)
	}
	for _, field := range body.Fields {
		e.Fields = append(e.Fields, FieldError{Name: response.sent.Withhold(field.Name), Description: response.sent.Withhold(field.Description)})
	}
	return e
}

// responseError returns the Error for a response that cannot be used.
func responseError(response *apiResponse, problem string, cause error) *Error {
	wait := transport.RetryAfter(response.header, time.Now()) // before the header is withheld
	header := response.sent.WithholdHeader(response.header)
	body := response.body[:min(len(response.body), maxErrorBody)]
	return &Error{
		StatusCode: response.status,
		RequestID:  requestID(header),
		RetryAfter: wait,
		Header:     header,
		Body:       []byte(response.sent.Withhold(string(body))),
		problem:    response.sent.Withhold(problem),
		cause:      withholdError(response.sent, cause),
	}
}

// describeBody describes a body that is not the documented error body.
func describeBody(response *apiResponse) string {
	if len(response.body) == 0 {
		return "the body is empty"
	}
	media, _, err := mime.ParseMediaType(response.header.Get("Content-Type"))
	if err != nil {
		media = "of an unknown type"
	}
	if media != "application/json" {
		return fmt.Sprintf("the body is %s, not the API's: a proxy may have responded", media)
	}
	return "the body is not the documented error body"
}

// requestID returns the id that the vendor's support needs.
func requestID(header http.Header) string {
	return cmp.Or(header.Get("X-Request-Id"), header.Get("Platform-Tid"))
}

// withContextError adds the context's error if err does not contain it: err may
// only contain the context's cause.
func withContextError(ctx context.Context, err error) error {
	if ended := ctx.Err(); err != nil && ended != nil && !errors.Is(err, ended) {
		return fmt.Errorf("%w: %w", ended, err)
	}
	return err
}

// printable makes a server's text safe for a message: one line, no control
// characters, at most 300 bytes.
func printable(text string) string {
	const longest = 300
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	if utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return text
	}
	return strconv.Quote(text)
}
