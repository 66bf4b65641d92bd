package config

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/gen"
	"github.com/talkdesk-express/contractactions/internal/redact"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// debugging logs each request of a client: neither headers nor bodies, and no
// credential.
func debugging(log *slog.Logger) wrapper.Option {
	return wrapper.WithTransport(func(next http.RoundTripper) http.RoundTripper {
		return debugTransport{next, log}
	})
}

type debugTransport struct {
	next http.RoundTripper
	log  *slog.Logger
}

func (t debugTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	var secrets redact.Secrets
	secrets.Learn(request)
	started := time.Now()
	attributes := []slog.Attr{
		slog.String("method", request.Method), slog.String("url", secrets.Withhold(shownURL(request.URL))),
	}
	response, err := t.next.RoundTrip(request)
	attributes = append(attributes, slog.Duration("header_after", time.Since(started)))
	if err != nil {
		// Its text can contain what the server sent. The error of the command
		// has it, without credentials.
		t.log.LogAttrs(request.Context(), slog.LevelDebug, "http", append(attributes, slog.String("error", "no response"))...)
		return response, err
	}
	attributes = append(attributes, slog.String("protocol", response.Proto), slog.Int("status", response.StatusCode))
	if id := cmp.Or(response.Header.Get("X-Request-Id"), response.Header.Get("Platform-Tid")); id != "" {
		attributes = append(attributes, slog.String("request_id", secrets.Withhold(id)))
	}
	response.Body = &debuggedBody{ReadCloser: response.Body, ended: func(size int64) {
		attributes = append(attributes, slog.Int64("bytes", size), slog.Duration("body_after", time.Since(started)))
		t.log.LogAttrs(context.WithoutCancel(request.Context()), slog.LevelDebug, "http", attributes...)
	}}
	return response, nil
}

// debuggedBody counts what is read.
type debuggedBody struct {
	io.ReadCloser
	size  int64
	ended func(size int64) // nil after it was called
}

func (b *debuggedBody) Read(data []byte) (int, error) {
	n, err := b.ReadCloser.Read(data)
	b.size += int64(n)
	return n, err
}

func (b *debuggedBody) Close() error {
	if b.ended != nil {
		b.ended(b.size)
		b.ended = nil
	}
	return b.ReadCloser.Close()
}

// shownURL returns a URL without user information, and without values of the query
// that this program cannot know to be harmless: a link can have a cursor, and a
// token endpoint a key.
func shownURL(address *url.URL) string {
	shown := *address
	shown.User = nil
	parameters := strings.Split(address.RawQuery, "&")
	for i, parameter := range parameters {
		name, value, _ := strings.Cut(parameter, "=")
		if value, err := url.QueryUnescape(value); err != nil || !isHarmless(name, value) {
			parameters[i] = name + "=..."
		}
	}
	if shown.RawQuery != "" {
		shown.RawQuery = strings.Join(parameters, "&")
	}
	return shown.String()
}

// isHarmless reports whether a parameter is one of the contract's with a value that
// it can have: a number, a value of an enumeration, or a filter.
func isHarmless(name, value string) bool {
	all := slices.Concat(gen.ListContractActionsParameters(), gen.ListAccountsParameters())
	return slices.ContainsFunc(all, func(parameter gen.Parameter) bool {
		if parameter.Name != name {
			return false
		}
		switch parameter.Kind {
		case gen.KindInteger:
			_, err := strconv.ParseUint(value, 10, 64)
			return err == nil
		case gen.KindEnumeration:
			return slices.Contains(parameter.Values, value)
		}
		return parameter.Kind == gen.KindString
	})
}
