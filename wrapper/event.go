package wrapper

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strconv"
	"time"
)

// EventKind says what an [Event] reports. It is also the message of the log
// record.
type EventKind string

// What happens on the way to a page.
const (
	// EventRequest is one request, answered or not; also one that did not
	// leave since its context had ended. Logged at debug.
	EventRequest EventKind = "request"
	// EventRetry is the decision to repeat a request. Logged at warn.
	EventRetry EventKind = "retry"
	// EventToken is a new access token. Logged at info.
	EventToken EventKind = "token obtained"
	// EventTokenKept is an early renewal that failed while the present token
	// is still valid, and used. Logged at warn.
	EventTokenKept EventKind = "token not renewed early"
	// EventScopeMissing is an access token that, according to the token
	// endpoint, has neither [ScopeRead] nor [ScopeWrite]. Logged at warn.
	EventScopeMissing EventKind = "token without a scope for listing"
	// EventPreferencesRefused is a listing that starts again without its
	// preferences, since the service answered 400 to them, see [Prefer]. Logged
	// at warn.
	EventPreferencesRefused EventKind = "parameters refused, listing without them"
	// EventOrderIgnored is a listing that is read to its end, since the service
	// did not honour the order, see [StopBefore]. Logged at warn.
	EventOrderIgnored EventKind = "order not honoured, reading everything"
)

// Values of Event.Operation. The first is the operationId of the contract.
const (
	OperationList  = "listContractActions"
	OperationToken = "token"
	OperationRaw   = "raw" // through [Client.Raw]
)

// Event is what an observer is told, and what the log records, see
// [WithObserver] and [WithLogger]. A field that does not apply is zero.
//
// It holds what is listed here and never a header, a body, a URL or the text
// of an error: those can carry what must not be logged.
type Event struct {
	Kind      EventKind
	Operation string
	AccountID string
	// Page is the number in the page's link, if it has one.
	Page int
	// Attempt counts the requests of the operation, from 1.
	Attempt int
	// Status is the HTTP status; 0 if no answer came.
	Status int
	// Duration is how long the request took, until the last byte.
	Duration time.Duration
	// Wait is how long the client waits before it repeats the request.
	Wait time.Duration
	// Lifetime is how long the token is valid from now on.
	Lifetime time.Duration
	// RequestID identifies the request to the vendor's support: the response's
	// X-Request-Id or platform-tid header, if it has one.
	RequestID string
}

var levels = map[EventKind]slog.Level{
	EventRequest:            slog.LevelDebug,
	EventRetry:              slog.LevelWarn,
	EventToken:              slog.LevelInfo,
	EventTokenKept:          slog.LevelWarn,
	EventScopeMissing:       slog.LevelWarn,
	EventPreferencesRefused: slog.LevelWarn,
	EventOrderIgnored:       slog.LevelWarn,
}

// attributes are the Event's fields as the log has them.
func (e Event) attributes() []slog.Attr {
	attributes := append(make([]slog.Attr, 0, 7), slog.String("operation", e.Operation))
	switch e.Kind {
	case EventRequest, EventRetry:
	case EventPreferencesRefused, EventOrderIgnored:
		return append(attributes, slog.String("account_id", e.AccountID))
	default:
		return append(attributes, slog.Duration("lifetime", e.Lifetime))
	}
	if e.Operation == OperationList {
		attributes = append(attributes, slog.String("account_id", e.AccountID), slog.Int("page", e.Page))
	}
	attributes = append(attributes, slog.Int("attempt", e.Attempt), slog.Int("status", e.Status))
	if e.Kind == EventRetry {
		return append(attributes, slog.Duration("wait", e.Wait))
	}
	return append(attributes, slog.Duration("duration", e.Duration), slog.String("request_id", e.RequestID))
}

// observer passes events on. With neither a log nor a hook it costs nothing.
type observer struct {
	log  *slog.Logger
	hook func(context.Context, Event)
}

// observe passes an event on. It is made only if somebody wants it.
func (o observer) observe(ctx context.Context, kind EventKind, describe func() Event) {
	logged := o.log.Enabled(ctx, levels[kind])
	if !logged && o.hook == nil {
		return
	}
	event := describe()
	event.Kind = kind
	if logged {
		o.log.LogAttrs(ctx, levels[kind], string(kind), event.attributes()...)
	}
	if o.hook != nil {
		o.hook(ctx, event)
	}
}

// event describes the call's latest attempt.
func (c *apiRequest) event(result *apiResponse, err error) Event {
	event := Event{Operation: c.operation, AccountID: c.accountID, Page: pageNumber(c.request.URL), Attempt: c.attempts}
	if result != nil {
		event.Status, event.RequestID = result.status, printable(c.sent.withhold(requestID(result.header)))
	}
	var failure *Error
	if errors.As(err, &failure) {
		event.Status, event.RequestID = failure.StatusCode, printable(failure.RequestID)
	}
	return event
}

// pageNumber is the number in a page's link, 0 if there is none. Whatever else
// the server has put there stays out of the log.
func pageNumber(link *url.URL) int {
	number, _ := strconv.Atoi(link.Query().Get("page"))
	return number
}
