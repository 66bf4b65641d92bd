package wrapper

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/internal/redact"
	"github.com/talkdesk-express/contractactions/internal/transport"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// TokenError reports that an access token could not be obtained: the token
// endpoint refused, its response was not a token, or there was no response.
type TokenError struct {
	// StatusCode is the HTTP status; 0 if there was no response, or an incomplete
	// success. It is 200 for a success without a valid token.
	StatusCode int
	// Endpoint is the URL of the token endpoint; empty with [Tokens].
	Endpoint string
	// Code and Description are the error and error_description of the response
	// (RFC 6749, section 5.2). They are empty if it has none.
	Code, Description string
	// RetryAfter is the wait that the token endpoint requested; 0 if it requested
	// none.
	RetryAfter time.Duration
	// Attempts is the number of requests sent, including the first; 0 if the
	// caller's context ended before the result was known.
	Attempts int
	// Elapsed is the duration of all attempts and the waits between them.
	Elapsed time.Duration

	source string // in place of an endpoint
	// clockAhead is how far this machine's clock is ahead of the token endpoint's; 0
	// if unknown or unimportant.
	clockAhead time.Duration
	cause      error
}

// Error returns what was refused and what to check.
func (e *TokenError) Error() string {
	var text errorText
	text.add(": ", strings.TrimSuffix("get a token from "+cmp.Or(e.Endpoint, e.source), " from "), transport.StatusLine(e.StatusCode), e.Code, e.Description)
	return text.finish(e.cause, "", e.RetryAfter, e.Attempts, e.Elapsed, e.Hint())
}

// Hint returns what to check, as the text of the error has it; empty if nothing is
// known.
func (e *TokenError) Hint() string {
	switch {
	case e.Code == "invalid_client" || e.StatusCode == http.StatusUnauthorized:
		return e.clockHint() + "check the client id and its secret or key, and that they belong to this account and region"
	case e.Code == "invalid_scope":
		return "request no scope to get all that the client was granted, or only scopes that it was granted"
	case e.StatusCode == http.StatusNotFound:
		return "check the token URL, or the account name and the region"
	}
	return ""
}

// clockHint compares the clocks if they differ too much for a client assertion.
func (e *TokenError) clockHint() string {
	if e.clockAhead.Abs() <= assertionAge {
		return ""
	}
	direction := "ahead of"
	if e.clockAhead < 0 {
		direction = "behind"
	}
	return fmt.Sprintf("this machine's clock is %v %s the token endpoint's: correct it, because the assertion contains the time; ",
		e.clockAhead.Abs().Round(time.Second), direction)
}

// Unwrap returns the cause; nil if the token endpoint's response is the problem.
func (e *TokenError) Unwrap() error { return e.cause }

// tokenEndpoint sends requests for tokens.
type tokenEndpoint struct {
	url      string
	client   *http.Client // follows no redirect
	settings *settings
	signs    bool // the credential is an assertion
}

// credential returns what a token request sends, and what is secret in it.
type credential func() (clientcredentials.Config, redact.Secrets, error)

// fetcher returns a function that requests a token, with retries.
func (e tokenEndpoint) fetcher(credential credential) fetchToken {
	return func(ctx context.Context) (*oauth2.Token, error) {
		begun, event := time.Now(), Event{Operation: OperationToken}
		onRetry := func(_ error, wait time.Duration) {
			event.Kind, event.Duration, event.Wait = EventRetry, 0, wait
			e.settings.observer.observe(ctx, event)
		}
		return retry(ctx, e.settings.retry, onRetry, func() (*oauth2.Token, error) {
			started := time.Now()
			token, failed := e.attempt(ctx, credential)
			event = Event{Kind: EventRequest, Operation: OperationToken, Attempt: event.Attempt + 1, Status: http.StatusOK, Duration: time.Since(started)}
			if failed != nil {
				event.Status = failed.StatusCode
			}
			e.settings.observer.observe(ctx, event)
			if failed != nil {
				failed.Attempts, failed.Elapsed = event.Attempt, time.Since(begun)
				return nil, failed
			}
			return token, nil
		})
	}
}

func (e tokenEndpoint) attempt(ctx context.Context, credential credential) (*oauth2.Token, *TokenError) {
	ctx, cancel := e.settings.attemptContext(ctx)
	defer cancel()
	config, sent, err := credential()
	if err != nil {
		return nil, e.error(err, sent)
	}
	config.TokenURL, config.Scopes = e.url, e.settings.scopes
	token, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, e.client))
	if err == nil {
		err = checkToken(token)
	}
	if err != nil {
		return nil, e.error(err, sent)
	}
	if token.Extra("scope") == nil && len(config.Scopes) > 0 {
		// Without a scope in the response, what was requested was granted (RFC
		// 6749, section 5.1).
		token = token.WithExtra(map[string]any{"scope": strings.Join(config.Scopes, " ")})
	}
	return token, nil
}

// error converts an error of golang.org/x/oauth2, whose text contains the
// response's body: a server may repeat the request in it.
func (e tokenEndpoint) error(err error, sent redact.Secrets) *TokenError {
	failed := &TokenError{Endpoint: e.url}
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil {
		failed.StatusCode = refused.Response.StatusCode
		// The values of RFC 6749, section 5.2, are not credentials.
		failed.Code = sent.Withhold(refused.ErrorCode, "invalid_request", "invalid_client", "invalid_grant",
			"unauthorized_client", "unsupported_grant_type", "invalid_scope")
		failed.Description = sent.Withhold(refused.ErrorDescription)
		failed.RetryAfter = transport.RetryAfter(refused.Response.Header, time.Now())
		if date, err := http.ParseTime(refused.Response.Header.Get("Date")); err == nil && e.signs {
			failed.clockAhead = time.Since(date)
		}
	} else if connection, ok := errors.AsType[*url.Error](err); ok {
		failed.cause = withholdError(sent, connection.Err)
	} else {
		failed.StatusCode, failed.cause = http.StatusOK, withholdError(sent, fmt.Errorf("not a usable token: %w", err))
	}
	return failed
}

// checkToken refuses a token that cannot be sent as a bearer token.
func checkToken(token *oauth2.Token) error {
	switch {
	case token == nil || token.AccessToken == "":
		return errors.New("the response has no access token")
	case !strings.EqualFold(token.Type(), "Bearer"):
		return errors.New("the token's type is not Bearer")
	case strings.ContainsFunc(token.AccessToken, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return errors.New("the token contains characters that cannot be sent in a header")
	}
	return nil
}

// tokenClient derives the client for the token endpoint from the caller's.
func tokenClient(s *settings) *http.Client {
	derived := *s.httpClient
	derived.Transport = tokenTransport{s.transport, s.header.Get("User-Agent")}
	derived.CheckRedirect = func(request *http.Request, _ []*http.Request) error {
		return &LinkError{Link: withoutUser(request.URL), Reason: "a token endpoint must not redirect: check the token URL"}
	}
	return &derived
}

// tokenTransport adds two things to golang.org/x/oauth2: the User-Agent, and an
// error for a body that is incomplete or too large, which the library would cut.
type tokenTransport struct {
	next      http.RoundTripper
	userAgent string
}

func (t tokenTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("User-Agent", t.userAgent)
	response, err := t.next.RoundTrip(request)
	if err != nil || response == nil || response.Body == nil {
		return response, err
	}
	defer response.Body.Close()
	var body bytes.Buffer
	err = transport.ReadBody(&body, response, maxDecoded)
	if success := response.StatusCode < 300; success && err != nil {
		return nil, fmt.Errorf("read the response: %w", err)
	}
	// The status of an error matters more than an incomplete body.
	response.Body = io.NopCloser(&body)
	return response, nil
}
