package wrapper

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Log records carry an allowlist of attributes and never a header, a body, a
// URL or the text of an error: those can carry what must not be logged.

func logAttempt(log *slog.Logger, c *call, result *answer, err error, duration time.Duration) {
	ctx := c.request.Context()
	if !log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attributes := append(make([]slog.Attr, 0, 6),
		slog.String("account_id", c.accountID),
		slog.String("page", c.request.URL.Query().Get("page")),
		slog.Int("attempt", c.attempts),
		slog.Duration("duration", duration),
	)
	var failure *Error
	switch {
	case errors.As(err, &failure):
		attributes = append(attributes, slog.Int("status", failure.StatusCode), slog.String("request_id", printable(failure.RequestID)))
	case err == nil:
		requestID := hide(result.header.Get("X-Request-Id"), c.token)
		attributes = append(attributes, slog.Int("status", result.status), slog.String("request_id", printable(requestID)))
	}
	log.LogAttrs(ctx, slog.LevelDebug, "request", attributes...)
}

func logRetry(ctx context.Context, log *slog.Logger, err error, attempt int, wait time.Duration) {
	var status int
	var token *TokenError
	var api *Error
	switch {
	case errors.As(err, &token):
		status = token.StatusCode
	case errors.As(err, &api):
		status = api.StatusCode
	}
	log.LogAttrs(ctx, slog.LevelWarn, "retry",
		slog.Bool("token", token != nil), slog.Int("attempt", attempt), slog.Int("status", status), slog.Duration("wait", wait))
}

func logToken(ctx context.Context, log *slog.Logger, lifetime time.Duration) {
	log.LogAttrs(ctx, slog.LevelInfo, "token obtained", slog.Duration("lifetime", lifetime))
}

func logTokenKept(ctx context.Context, log *slog.Logger, remaining time.Duration) {
	log.LogAttrs(ctx, slog.LevelWarn, "token not renewed early; the present one is still valid", slog.Duration("remaining", remaining))
}
