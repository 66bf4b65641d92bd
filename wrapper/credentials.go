package wrapper

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Credentials is how a client gets its access tokens: a [ClientSecret], a
// [PrivateKey], or [Tokens]. There are no others.
type Credentials interface {
	// fetcher checks the credentials and returns how to get a token.
	fetcher(endpoint tokenEndpoint) (fetchToken, error)
}

// tokenEndpoint is where and how tokens are asked for.
type tokenEndpoint struct {
	url      string
	err      error    // why there is no url, for credentials that need one
	scopes   []string // to request; without any, the token has all that were granted
	client   *http.Client
	retry    RetryPolicy
	observer observer
}

// ClientSecret authenticates with a client id and a secret, sent as HTTP
// Basic (client_secret_basic; RFC 6749, section 2.3.1).
type ClientSecret struct {
	ID     string
	Secret Secret
}

func (s ClientSecret) fetcher(endpoint tokenEndpoint) (fetchToken, error) {
	switch {
	case s.ID == "":
		return nil, errors.New("the client id is empty")
	case s.Secret == "":
		return nil, errors.New("the client secret is empty")
	case endpoint.err != nil:
		return nil, endpoint.err
	}
	config := &clientcredentials.Config{
		ClientID:     s.ID,
		ClientSecret: string(s.Secret),
		TokenURL:     endpoint.url,
		Scopes:       endpoint.scopes,
		AuthStyle:    oauth2.AuthStyleInHeader, // left open, the library would probe and send the secret twice
	}
	// The forms in which a server could repeat the secret.
	id, secret := url.QueryEscape(s.ID), url.QueryEscape(string(s.Secret))
	sent := tracesOf(string(s.Secret), base64.StdEncoding.EncodeToString([]byte(id+":"+secret)))
	return endpoint.fetch(func(ctx context.Context) (*oauth2.Token, traces, error) {
		token, err := config.Token(ctx)
		return token, sent, err
	}), nil
}

// PrivateKey authenticates with a signed assertion (private_key_jwt; RFC 7523,
// section 2.2).
type PrivateKey struct {
	// ID is the client id.
	ID string
	// KeyID names the key to the token endpoint.
	KeyID string
	// Key is the private key, EC or RSA: PEM, or Base64-encoded PKCS#8
	// without armour, which is how the vendor hands it out.
	Key Secret
	// Algorithm is the one that came with the key: ES256, ES384, ES512, RS256,
	// RS384, RS512, PS256, PS384 or PS512. Empty picks the one that fits an EC
	// key's curve, and RS256 for RSA.
	Algorithm string
}

func (k PrivateKey) fetcher(endpoint tokenEndpoint) (fetchToken, error) {
	switch {
	case k.ID == "":
		return nil, errors.New("the client id is empty")
	case k.KeyID == "":
		return nil, errors.New("the key id is empty")
	case k.Key == "":
		return nil, errors.New("the private key is empty")
	}
	sign, err := newSigner(k.Key, k.Algorithm)
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	if endpoint.err != nil {
		return nil, endpoint.err
	}
	return endpoint.fetch(func(ctx context.Context) (*oauth2.Token, traces, error) {
		assertion, err := sign.assertion(k.ID, k.KeyID, endpoint.url, time.Now())
		if err != nil {
			return nil, nil, err
		}
		config := &clientcredentials.Config{
			TokenURL:  endpoint.url,
			Scopes:    endpoint.scopes,
			AuthStyle: oauth2.AuthStyleInParams,
			EndpointParams: url.Values{
				"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
				"client_assertion":      {assertion},
			},
		}
		token, err := config.Token(ctx)
		return token, tracesOf(assertion), err
	}), nil
}

// Tokens takes access tokens from a source of yours. The client caches them
// until shortly before they expire and asks the source again then, or when the
// service refuses one. The source need not be safe for concurrent use.
func Tokens(source oauth2.TokenSource) Credentials { return ownTokens{source} }

type ownTokens struct{ source oauth2.TokenSource }

// Format keeps a source that is a plain struct from printing its token.
func (ownTokens) Format(state fmt.State, _ rune) { io.WriteString(state, redacted) }

func (o ownTokens) fetcher(tokenEndpoint) (fetchToken, error) {
	if o.source == nil {
		return nil, errors.New("the token source is nil")
	}
	return func(context.Context) (*oauth2.Token, error) {
		token, err := o.source.Token()
		if err == nil {
			err = checkToken(token)
		}
		var refused *oauth2.RetrieveError
		switch {
		case errors.As(err, &refused): // whose text repeats the answer's body
			return nil, &TokenError{source: "the caller's token source", Code: refused.ErrorCode, Description: refused.ErrorDescription}
		case err != nil:
			return nil, &TokenError{source: "the caller's token source", cause: err}
		}
		return token, nil
	}, nil
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
