package wrapper

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"
)

// EventKind is what an [Event] reports, and the message of its log record.
type EventKind string

// The kinds of events.
const (
	// EventRequest is a request that was sent, with or without a response, or
	// that was not sent because its context had ended. Logged at debug.
	EventRequest EventKind = "request"
	// EventRetry is a failed request that will be retried. Logged at warn.
	EventRetry EventKind = "retry"
	// EventToken is a new access token. Logged at info.
	EventToken EventKind = "token obtained"
	// EventTokenKept is an early renewal that failed. The current token is still
	// valid and stays in use. Logged at warn.
	EventTokenKept EventKind = "token not renewed early"
	// EventScopeMissing is an access token that, according to the token
	// endpoint, has neither [ScopeRead] nor [ScopeWrite]. Logged at warn.
	EventScopeMissing EventKind = "token without a scope for listing"
	// EventPreferencesRefused is a listing that starts again without its
	// preferences, because the service responded to them with 400, see [Prefer].
	// Logged at warn.
	EventPreferencesRefused EventKind = "parameters refused, listing without them"
	// EventOrderIgnored is a listing that reads the whole list, because the
	// service did not honour the order, see [StopBefore]. Logged at warn.
	EventOrderIgnored EventKind = "order not honoured, reading everything"
)

// Values of Event.Operation. Those of lists are the operationIds in the contract.
const (
	OperationList         = "listContractActions"
	OperationListAccounts = "listAccounts"
	OperationToken        = "token"
	OperationRaw          = "raw" // through [Client.Raw]
)

// Event reports a step of an operation to [WithObserver] and [WithLogger]. A
// field that does not apply is zero.
//
// An Event never contains a header, a body, a URL or the text of an error: those
// can contain credentials.
type Event struct {
	Kind      EventKind
	Operation string
	AccountID string
	// Page is the page number in the request's URL; 0 if it has none.
	Page int
	// Attempt is the number of the request within the operation, from 1.
	Attempt int
	// Status is the HTTP status; 0 if there was no response.
	Status int
	// Duration is the time from sending the request to the last byte of the body.
	Duration time.Duration
	// Wait is the wait before the retry.
	Wait time.Duration
	// Lifetime is the remaining lifetime of the token.
	Lifetime time.Duration
	// RequestID identifies the request for the vendor's support: the response's
	// X-Request-Id or platform-tid header, if it has one.
	RequestID string
}

func (k EventKind) level() slog.Level {
	switch k {
	case EventRequest:
		return slog.LevelDebug
	case EventToken:
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

// attributes returns the fields that are not zero.
func (e Event) attributes() []slog.Attr {
	all := append(make([]slog.Attr, 0, 8), slog.String("operation", e.Operation))
	add := func(present bool, attribute slog.Attr) {
		if present {
			all = append(all, attribute)
		}
	}
	add(e.AccountID != "", slog.String("account_id", e.AccountID))
	add(e.Page != 0, slog.Int("page", e.Page))
	add(e.Attempt != 0, slog.Int("attempt", e.Attempt))
	add(e.Status != 0, slog.Int("status", e.Status))
	add(e.Duration != 0, slog.Duration("duration", e.Duration))
	add(e.Wait != 0, slog.Duration("wait", e.Wait))
	add(e.Lifetime != 0, slog.Duration("lifetime", e.Lifetime))
	add(e.RequestID != "", slog.String("request_id", e.RequestID))
	return all
}

// observer passes events to the logger and to the caller's function.
type observer struct {
	log  *slog.Logger                 // nil: none
	hook func(context.Context, Event) // nil: none
}

func (o observer) observe(ctx context.Context, event Event) {
	if o.log != nil && o.log.Enabled(ctx, event.Kind.level()) {
		o.log.LogAttrs(ctx, event.Kind.level(), string(event.Kind), event.attributes()...)
	}
	if o.hook != nil {
		o.hook(ctx, event)
	}
}

// event describes the latest attempt.
func (r *apiRequest) event(kind EventKind, response *apiResponse, err error) Event {
	event := Event{Kind: kind, Operation: r.operation, AccountID: r.accountID, Attempt: r.attempts}
	event.Page, _ = strconv.Atoi(r.request.URL.Query().Get("page")) // only a number: links are the service's
	if response != nil {
		event.Status, event.RequestID = response.status, printable(r.sent.Withhold(requestID(response.header)))
	} else if failed, ok := errors.AsType[*Error](err); ok {
		event.Status, event.RequestID = failed.StatusCode, printable(failed.RequestID)
	}
	return event
}
