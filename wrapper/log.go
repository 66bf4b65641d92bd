package wrapper

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strconv"
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
		slog.Int("page", pageNumber(c.request.URL)),
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

// pageNumber is the number in a page's link, 0 if there is none. Whatever else
// the server has put there stays out of the log.
func pageNumber(link *url.URL) int {
	number, _ := strconv.Atoi(link.Query().Get("page"))
	return number
}

func logRetry(ctx context.Context, log *slog.Logger, err error, attempt int, wait time.Duration) {
	status, _, _ := answered(err)
	var token *TokenError
	log.LogAttrs(ctx, slog.LevelWarn, "retry",
		slog.Bool("token", errors.As(err, &token)), slog.Int("attempt", attempt), slog.Int("status", status), slog.Duration("wait", wait))
}

func logToken(ctx context.Context, log *slog.Logger, lifetime time.Duration) {
	log.LogAttrs(ctx, slog.LevelInfo, "token obtained", slog.Duration("lifetime", lifetime))
}

func logTokenKept(ctx context.Context, log *slog.Logger, remaining time.Duration) {
	log.LogAttrs(ctx, slog.LevelWarn, "token not renewed early; the present one is still valid", slog.Duration("remaining", remaining))
}
