package wrapper

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
)

// The kinds of refusal that programs tell apart, for errors.Is on an [*Error].
// A [*TokenError] is none of them. 400, 401, 403 (source: R) and 404 (source: V)
// are documented for this operation; 409, 429 and 5xx are not.
var (
	ErrBadRequest   = errors.New("bad request")       // 400
	ErrUnauthorized = errors.New("unauthorized")      // 401, for a new token as well, or with CodeNoPermission
	ErrForbidden    = errors.New("forbidden")         // 403
	ErrNotFound     = errors.New("not found")         // 404
	ErrConflict     = errors.New("conflict")          // 409
	ErrRateLimited  = errors.New("too many requests") // 429
	ErrServer       = errors.New("server error")      // 5xx
)

// The documented values of Error.Code that programs tell apart (source: V, see
// the contract, which lists all of them). There may be others.
const (
	CodeInvalidParameters = "3110005" // with 400
	CodeNoPermission      = "3110001" // with 401: a new token does not help
	CodeMissingScope      = "3110002" // with 403
	CodeNotFound          = "3110006" // with 404
	CodeRateLimited       = "0012001" // with 429, documented for another operation
)

var documentedCodes = []string{CodeInvalidParameters, CodeNoPermission, CodeMissingScope, CodeNotFound, CodeRateLimited}

// FieldError is one field of the request that the service found wrong.
type FieldError = gen.ErrorField

// Error reports a request to the API that did not give a good answer: the
// service refused it, or what came was not what the contract promises, or
// nothing came.
type Error struct {
	// StatusCode is the HTTP status; 0 if no answer came. It is 200 when the
	// answer was a success whose body could not be used.
	StatusCode int
	// Code, Message, Description and Fields are what the service said, where
	// its body is the documented one. Otherwise they are empty.
	Code, Message, Description string
	Fields                     []FieldError
	// RequestID identifies the request to the vendor's support: the response's
	// X-Request-Id or platform-tid header (source: the vendor's FAQ), if it has
	// one.
	RequestID string
	// RetryAfter is how long the service asked to wait; 0 if it did not.
	RetryAfter time.Duration
	// Attempts counts the requests made, the first included.
	Attempts int
	// Elapsed is the time that it took, waiting included.
	Elapsed time.Duration
	// Header and Body are the answer's. The body is cut at 1 MiB, and a token
	// that the server repeated in either is replaced.
	Header http.Header
	Body   []byte

	problem     string // what was wrong with the answer, where the status does not say
	cause       error
	interrupted bool   // a success whose body broke off
	granted     string // of a 403: the token's scope, if it does not allow listing
}

// Error says what went wrong, and where it can, what to do about it. It
// never contains the body of an answer that is not the documented one.
func (e *Error) Error() string {
	var text strings.Builder
	if e.StatusCode == 0 {
		text.WriteString(e.problem)
	} else {
		text.WriteString(statusLine(e.StatusCode))
		for _, part := range []string{e.Code, e.Message, e.Description, e.problem} {
			if part != "" {
				text.WriteString(": " + printable(strings.TrimSuffix(part, ".")))
			}
		}
		const shown = 3
		for _, field := range e.Fields[:min(len(e.Fields), shown)] {
			text.WriteString("; " + printable(field.Name) + ": " + printable(field.Description))
		}
		if more := len(e.Fields) - shown; more > 0 {
			fmt.Fprintf(&text, "; and %d more fields", more)
		}
	}
	if e.cause != nil {
		text.WriteString(": " + printable(e.cause.Error()))
	}
	if details := e.details(); details != "" {
		text.WriteString(" (" + details + ")")
	}
	if hint := e.hint(); hint != "" {
		text.WriteString("; " + hint)
	}
	return text.String()
}

func (e *Error) details() string {
	var details []string
	if e.RequestID != "" {
		details = append(details, "request id "+printable(e.RequestID))
	}
	return strings.Join(append(details, patience(e.RetryAfter, e.Attempts, e.Elapsed)...), ", ")
}

// patience says how long the service asked to wait and how often it was asked.
func patience(retryAfter time.Duration, attempts int, elapsed time.Duration) []string {
	var details []string
	if retryAfter > 0 {
		details = append(details, "retry after "+retryAfter.String())
	}
	if attempts > 1 {
		details = append(details, fmt.Sprintf("%d attempts in %v", attempts, elapsed.Round(time.Millisecond)))
	}
	return details
}

// hint is what to do about it: by the code where it is a documented one, and
// otherwise by the status.
func (e *Error) hint() string {
	switch e.Code {
	case CodeNoPermission:
		return "the client has no permission for this request: ask the vendor for the entitlement, or check the account id"
	case CodeMissingScope:
		return e.scopeHint()
	case CodeNotFound:
		return "check the account id"
	case CodeRateLimited:
		return "reduce the request rate"
	}
	switch e.StatusCode {
	case http.StatusUnauthorized:
		return "check that the credentials, or the token source, belong to this region"
	case http.StatusForbidden:
		return e.scopeHint() + "; check the account id and the entitlement for this API too"
	case http.StatusNotFound:
		return "check the account id and the region"
	case http.StatusTooManyRequests:
		return "reduce the request rate"
	}
	return ""
}

func (e *Error) scopeHint() string {
	const needed = "the client must be granted the scope " + ScopeRead + " or " + ScopeWrite
	if e.granted == "" {
		return needed
	}
	return fmt.Sprintf("the token has the scope %s: %s", printable(strconv.Quote(e.granted)), needed)
}

// Unwrap returns what caused the error, for example a *net.OpError, a
// context's error or io.ErrUnexpectedEOF; nil if the answer itself did.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is the sentinel, such as [ErrForbidden], that
// stands for the status.
func (e *Error) Is(target error) bool {
	switch e.StatusCode {
	case http.StatusBadRequest:
		return target == ErrBadRequest
	case http.StatusUnauthorized:
		return target == ErrUnauthorized
	case http.StatusForbidden:
		return target == ErrForbidden
	case http.StatusNotFound:
		return target == ErrNotFound
	case http.StatusConflict:
		return target == ErrConflict
	case http.StatusTooManyRequests:
		return target == ErrRateLimited
	}
	return e.StatusCode >= 500 && target == ErrServer
}

// LogValue logs the fields that are safe and short: neither header nor body.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Int("status", e.StatusCode),
		slog.String("code", printable(e.Code)),
		slog.String("message", e.Error()),
		slog.String("request_id", printable(e.RequestID)),
		slog.Int("attempts", e.Attempts),
	)
}

// unanswered is the Error for a request that no answer came to.
func unanswered(problem string, cause error) *Error {
	return &Error{problem: problem, cause: cause}
}

// refusal is the Error for an answer that is not a success.
func refusal(answer *apiResponse) *Error {
	e := unusable(answer, "", nil)
	var body gen.ErrorBody
	// What fits is taken, even if something else in the body does not.
	_ = json.Unmarshal(answer.body, &body)
	if body.Code == "" && body.Message == "" {
		e.problem = describeBody(answer)
		return e
	}
	e.Code, e.Message, e.Fields = body.Code, answer.sent.withhold(body.Message), body.Fields
	if !slices.Contains(documentedCodes, body.Code) { // those are no credential, even if a short token is in them
		e.Code = answer.sent.withhold(body.Code)
	}
	if body.Description != nil {
		e.Description = answer.sent.withhold(*body.Description)
	}
	for i := range e.Fields {
		e.Fields[i].Name = answer.sent.withhold(e.Fields[i].Name)
		e.Fields[i].Description = answer.sent.withhold(e.Fields[i].Description)
	}
	return e
}

// unusable is the Error for an answer whose body cannot be used.
func unusable(answer *apiResponse, problem string, cause error) *Error {
	if cause != nil { // a trailer, for example, that is not one
		cause = answer.sent.withholdError(cause)
	}
	header := answer.sent.withholdHeader(answer.header)
	body := []byte(answer.sent.withhold(string(answer.body[:min(len(answer.body), maxErrorBody)])))
	return &Error{
		StatusCode: answer.status,
		RequestID:  requestID(header),
		RetryAfter: retryAfter(header, time.Now()),
		Header:     header,
		Body:       body,
		problem:    answer.sent.withhold(problem),
		cause:      cause,
	}
}

// describeBody says what came in place of the documented error body.
func describeBody(answer *apiResponse) string {
	if len(answer.body) == 0 {
		return "the body is empty"
	}
	media, _, err := mime.ParseMediaType(answer.header.Get("Content-Type"))
	if err != nil {
		media = "of an unknown type"
	}
	if media != "application/json" {
		return fmt.Sprintf("the body is %s, not the API's: something in between may have answered", media)
	}
	return "the body is not the documented one"
}

// requestID is what the vendor's support asks for.
func requestID(header http.Header) string {
	return cmp.Or(header.Get("X-Request-Id"), header.Get("Platform-Tid"))
}

// statusLine is the status as people know it; some have no name.
func statusLine(status int) string {
	return strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
}

// withContextError adds the context's error where it ended what failed, but the
// failure only names its cause.
func withContextError(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		return fmt.Errorf("%w: %w", ended, err)
	}
	return err
}
