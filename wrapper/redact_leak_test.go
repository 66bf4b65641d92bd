package wrapper_test

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/internal/leaktest"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// Nothing shows a credential: no error, no log record, no event. Every row, here
// and in redact_server_test.go, is a kind of failure. Whatever a program can come
// by in it is searched for every credential that was given to the client, and
// for all that it sent.

// The credentials. Each has characters that encoders escape.
const (
	leakSecret  = `c1ient/S3cretVa1ue+"&<1>==`
	leakToken   = `acce55/T0kenVa1ue+2==`
	issuedToken = `i55ued/ByTheEnd+Po1nt==`
)

var leakKey = newEC(elliptic.P256())

var (
	leakClientSecret = wrapper.ClientSecret{ID: "id", Secret: leakSecret}
	leakPrivateKey   = wrapper.PrivateKey{ID: "id", KeyID: "k", Key: wrapper.Secret(pemOf("PRIVATE KEY", pkcs8(leakKey)))}
	leakTokens       = wrapper.Tokens(plainSource{leakToken})
)

// givenSecrets are the secrets that are known before anything is sent.
func givenSecrets() leaktest.Secrets {
	return leaktest.Secrets{
		"the client secret": leakSecret,
		"the private key":   base64.StdEncoding.EncodeToString(pkcs8(leakKey)),
		"the access token":  leakToken,
		"an issued token":   issuedToken,
	}
}

// listAndGatherAll lists with everything on that reports, and returns all that
// can be printed of it.
func listAndGatherAll(t *testing.T, transport http.RoundTripper, credentials wrapper.Credentials) (leaktest.Texts, error) {
	t.Helper()
	var mutex sync.Mutex
	var log bytes.Buffer
	all := leaktest.Texts{}
	client := must(wrapper.New("", credentials,
		wrapper.WithBaseURL("http://localhost"), wrapper.WithTokenURL("http://localhost/oauth/token"),
		wrapper.WithHTTPClient(&http.Client{Transport: transport}), impatient,
		wrapper.WithLogger(slog.New(leaktest.EveryHandler(&log))),
		wrapper.WithObserver(func(_ context.Context, event wrapper.Event) {
			mutex.Lock()
			defer mutex.Unlock()
			all.Add(event)
		}),
	))(t)
	_, err := collect(client.Pages(t.Context(), account))
	if err == nil {
		t.Fatal("no error")
	}
	mutex.Lock()
	defer mutex.Unlock()
	all.AddError(err)
	all[log.String()] = "the client's log"
	return all, err
}

// Failures in which no server has the last word.
func TestNoCredentialIsShownByOtherFailures(t *testing.T) {
	failing := func(err error) roundTripper { return func(*http.Request) (*http.Response, error) { return nil, err } }
	source := func(token *oauth2.Token, err error) wrapper.Credentials {
		return wrapper.Tokens(tokenSource(func() (*oauth2.Token, error) { return token, err }))
	}
	naming := roundTripper(func(request *http.Request) (*http.Response, error) {
		var body []byte
		if request.Body != nil {
			body, _ = io.ReadAll(request.Body)
		}
		return nil, fmt.Errorf("request %v %s failed", request.Header, body)
	})
	tokens, first := 0, ""
	renewing := wrapper.Tokens(tokenSource(func() (*oauth2.Token, error) {
		tokens++
		return &oauth2.Token{AccessToken: fmt.Sprint(leakToken[:20], tokens)}, nil
	}))
	repeatingTheFirst := roundTripper(func(request *http.Request) (*http.Response, error) {
		if first == "" {
			first = request.Header.Get("Authorization")
			return answered(request, 401, http.Header{}, ""), nil
		}
		return answered(request, 403, http.Header{"X-Request-Id": {first}}, `{"code":"c","message":"`+first+`"}`), nil
	})
	retrieving := &oauth2.RetrieveError{
		Response: &http.Response{Status: leakToken, Header: http.Header{"X": {leakToken}}}, Body: []byte(leakToken), ErrorCode: "invalid_client",
	}
	for name, test := range map[string]struct {
		transport   roundTripper
		credentials wrapper.Credentials
		want        any // as for errors.As
	}{
		"no connection":                          {failing(&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused")}), leakTokens, new(*wrapper.Error)},
		"no connection to the token endpoint":    {failing(io.ErrUnexpectedEOF), leakClientSecret, new(*wrapper.TokenError)},
		"a transport that names the request":     {naming, leakTokens, new(*wrapper.Error)},
		"a transport that names a token request": {naming, leakPrivateKey, new(*wrapper.TokenError)},
		"a token that was renewed since":         {repeatingTheFirst, renewing, new(*wrapper.Error)},
		"a token source that fails":              {nil, source(&oauth2.Token{AccessToken: leakToken}, errors.New("sealed")), new(*wrapper.TokenError)},
		"a token source's response":              {nil, source(nil, retrieving), new(*wrapper.TokenError)},
		"a token of another type":                {nil, source(&oauth2.Token{AccessToken: leakToken, TokenType: "mac"}, nil), new(*wrapper.TokenError)},
		"a token that cannot be sent":            {nil, source(&oauth2.Token{AccessToken: leakToken + "\n"}, nil), new(*wrapper.TokenError)},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := listAndGatherAll(t, test.transport, test.credentials)
			if !errors.As(err, test.want) {
				t.Fatalf("the error is %v, want a %T", err, test.want)
			}
			givenSecrets().Check(t, all)
		})
	}
}

// What holds a credential does not show it, before it was used or after.
func TestWhatHoldsACredentialDoesNotShowIt(t *testing.T) {
	for name, credentials := range map[string]wrapper.Credentials{"a client secret": leakClientSecret, "a private key": leakPrivateKey, "a token source": leakTokens} {
		t.Run(name, func(t *testing.T) {
			transport := roundTripper(func(request *http.Request) (*http.Response, error) {
				return answered(request, 200, http.Header{"Content-Type": {"application/json"}}, `{"access_token":"`+leakToken+`","count":0}`), nil
			})
			options := []wrapper.Option{wrapper.WithHTTPClient(&http.Client{Transport: transport})}
			client := must(wrapper.New("acme", credentials, options...))(t)
			listsOnePage(t, client)
			all := leaktest.Texts{}
			all.Add(
				client, *client, []*wrapper.Client{client}, struct{ Client *wrapper.Client }{client}, client.Raw(),
				credentials, &credentials, []wrapper.Credentials{credentials}, map[string]any{"a": credentials}, struct{ Any any }{credentials},
				options, options[0], wrapper.Secret(leakSecret), new(wrapper.Secret(leakSecret)), []wrapper.Secret{leakSecret},
			)
			givenSecrets().Check(t, all)
			must(json.Marshal(credentials))(t)
		})
	}
}
