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

	"golang.org/x/oauth2"
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

// tokenEndpoint is where and how tokens are asked for.
type tokenEndpoint struct {
	url      string
	err      error    // why there is no url, for credentials that need one
	scopes   []string // to request; without any, the token has all that were granted
	client   *http.Client
	retry    RetryPolicy
	observer observer
}

// fetch makes exchanges under the retry policy, over a client that follows no
// redirect, with errors that do not repeat what was sent.
func (e tokenEndpoint) fetch(once func(context.Context) (token *oauth2.Token, sent traces, err error)) fetchToken {
	return func(ctx context.Context) (*oauth2.Token, error) {
		begun, attempts := time.Now(), 0
		observe := func(kind EventKind, describe func(*Event)) {
			e.observer.observe(ctx, kind, func() Event {
				event := Event{Operation: OperationToken, Attempt: attempts}
				describe(&event)
				return event
			})
		}
		onRetry := func(err error, wait time.Duration) {
			observe(EventRetry, func(event *Event) { event.Status, _, _ = answered(err); event.Wait = wait })
		}
		return retry(ctx, e.retry, onRetry, func() (*oauth2.Token, error) {
			attempts++
			started := time.Now()
			token, failure := e.attempt(ctx, once)
			observe(EventRequest, func(event *Event) {
				event.Status, event.Duration = http.StatusOK, time.Since(started)
				if failure != nil {
					event.Status = failure.StatusCode
				}
			})
			if failure != nil {
				failure.Attempts, failure.Elapsed = attempts, time.Since(begun)
				return nil, failure
			}
			return token, nil
		})
	}
}

func (e tokenEndpoint) attempt(ctx context.Context, once func(context.Context) (*oauth2.Token, traces, error)) (*oauth2.Token, *TokenError) {
	ctx, cancel := context.WithTimeout(ctx, e.retry.AttemptTimeout)
	defer cancel()
	token, sent, err := once(context.WithValue(ctx, oauth2.HTTPClient, e.client))
	if err == nil {
		err = checkToken(token)
	}
	if err != nil {
		return nil, tokenError(e.url, err, sent)
	}
	if token.Extra("scope") == nil && len(e.scopes) > 0 {
		// Without a word about it, what was requested was granted (RFC 6749, section 5.1).
		token = token.WithExtra(map[string]any{"scope": strings.Join(e.scopes, " ")})
	}
	return token, nil
}

// tokenClient derives the client for the token endpoint from the caller's.
func tokenClient(client *http.Client, userAgent string) *http.Client {
	derived := *client
	derived.Transport = tokenTransport{readableRedirects{client.Transport}, userAgent}
	derived.CheckRedirect = func(request *http.Request, _ []*http.Request) error {
		return &LinkError{Link: withoutUser(request.URL), Reason: "a token endpoint must not redirect: check the token URL"}
	}
	return &derived
}

// tokenTransport does what golang.org/x/oauth2 leaves out: it names the
// program, and it reads answers whole and no larger than they may be, where
// the library would cut them in silence.
type tokenTransport struct {
	next      http.RoundTripper
	userAgent string
}

func (t tokenTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("User-Agent", t.userAgent)
	response, err := t.next.RoundTrip(request)
	if err != nil || response == nil {
		return response, err
	}
	if response.Body == nil {
		return response, nil
	}
	defer response.Body.Close()
	var body bytes.Buffer
	err = readBody(&body, response, maxErrorBody)
	if success := response.StatusCode < 300; success && err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	// Of a refusal, whatever can be read: the status is known already.
	response.Body = io.NopCloser(&body)
	return response, nil
}

// tokenError turns the library's errors into ours. The library's repeat the
// answer's body, and a careless server repeats the request in it.
func tokenError(endpoint string, err error, sent traces) *TokenError {
	var refused *oauth2.RetrieveError
	var connection *url.Error
	var link *LinkError
	switch {
	case errors.As(err, &refused) && refused.Response != nil:
		return &TokenError{
			StatusCode:  refused.Response.StatusCode,
			Code:        sent.withhold(refused.ErrorCode),
			Description: sent.withhold(refused.ErrorDescription),
			Endpoint:    endpoint,
			RetryAfter:  retryAfter(refused.Response.Header, time.Now()),
		}
	case errors.As(err, &link):
		return &TokenError{Endpoint: endpoint, cause: &LinkError{Link: sent.withhold(link.Link), Reason: link.Reason}}
	case errors.As(err, &connection):
		return &TokenError{Endpoint: endpoint, cause: sent.withholdError(connection.Err)}
	}
	return &TokenError{StatusCode: http.StatusOK, Endpoint: endpoint, cause: sent.withholdError(fmt.Errorf("not a usable token: %w", err))}
}

// checkToken refuses what could not be sent as a bearer token.
func checkToken(token *oauth2.Token) error {
	switch {
	case token == nil || token.AccessToken == "":
		return errors.New("there is no access token in the answer")
	case !strings.EqualFold(token.Type(), "Bearer"):
		return errors.New("the token is of another type than Bearer")
	case strings.ContainsFunc(token.AccessToken, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return errors.New("the token contains characters that cannot be sent in a header")
	}
	return nil
}
