package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestAuthenticateSaysWhatTheTokenIsGoodFor(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		for range 2 {
			token, err := client.Authenticate(t.Context())
			if err != nil || token.Endpoint != "http://localhost"+sandbox.TokenPath || !token.CanList() || time.Until(token.Expiry).Round(time.Minute) != 10*time.Minute {
				t.Errorf("got %+v and the error %v", token, err)
			}
		}
		if server.TokenRequests() != 1 || server.ActionRequests() != 0 {
			t.Errorf("%d requests for tokens and %d for pages, want 1 and 0", server.TokenRequests(), server.ActionRequests())
		}
	})
}

func TestAuthenticateFailsAsAListingWould(t *testing.T) {
	server := sandbox.Start(t)
	server.FailToken(sandbox.Fault{Status: 401, Body: `{"error":"invalid_client"}`})
	_, err := newClient(t, server).Authenticate(t.Context())
	if refused, ok := errors.AsType[*wrapper.TokenError](err); !ok || refused.Code != "invalid_client" || refused.Endpoint != server.TokenURL {
		t.Errorf("the error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newClient(t, server).Authenticate(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatAClientWasGrantedDecides(t *testing.T) {
	const other = "express-accounts:read"
	for name, test := range map[string]struct {
		granted, requested []string
		canList            bool
		code               string // of the error, if no token is issued
	}{
		"only read":                   {[]string{wrapper.ScopeRead}, nil, true, ""},
		"only write":                  {[]string{wrapper.ScopeWrite}, nil, true, ""},
		"both":                        {[]string{wrapper.ScopeRead, wrapper.ScopeWrite}, nil, true, ""},
		"neither":                     {[]string{other}, nil, false, ""},
		"both, and one is requested":  {[]string{wrapper.ScopeRead, wrapper.ScopeWrite}, []string{wrapper.ScopeRead}, true, ""},
		"both, and another requested": {[]string{wrapper.ScopeRead, wrapper.ScopeWrite, other}, []string{other}, false, ""},
		"less than is requested":      {[]string{wrapper.ScopeRead}, []string{wrapper.ScopeWrite}, false, "invalid_scope"},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithScopes(test.granted...), sandbox.WithGeneratedAccount(account, 3), sandbox.WithForbiddenAccount("f0rb1dden"))
			observe, events := counted()
			client := newClient(t, server, append(withScopes(test.requested), observe)...)
			token, err := client.Authenticate(t.Context())
			if refused, ok := errors.AsType[*wrapper.TokenError](err); ok || test.code != "" {
				if !ok || refused.Code != test.code || !strings.Contains(err.Error(), "request no scope") {
					t.Errorf("the error is %v, want %s", err, test.code)
				}
				return
			}
			if err != nil || token.CanList() != test.canList || (events[wrapper.EventScopeMissing] == 1) == test.canList {
				t.Errorf("got %+v, the events %v and the error %v", token, events, err)
			}
			if err := onePage(t.Context(), client); errors.Is(err, wrapper.ErrForbidden) == test.canList || test.canList != (err == nil) {
				t.Errorf("the error of the listing is %v", err)
			}
			// If another permission is missing, the scopes are not blamed.
			_, err = collect(client.Pages(t.Context(), "f0rb1dden"))
			named := strings.Contains(fmt.Sprint(err), `the token has the scope "express-accounts:read": the client must be granted the scope `+wrapper.ScopeRead+` or `+wrapper.ScopeWrite)
			if !errors.Is(err, wrapper.ErrForbidden) || named == test.canList {
				t.Errorf("the error of another's account is %v", err)
			}
		})
	}
}

// withScopes are the options for scopes, of which there may be none.
func withScopes(scopes []string) []wrapper.Option {
	if scopes == nil {
		return nil
	}
	return []wrapper.Option{wrapper.WithScopes(scopes...)}
}

// What the token endpoint does not say was granted as requested.
func TestATokenWithoutAWordOnItsScopeHasWhatWasRequested(t *testing.T) {
	for _, requested := range [][]string{nil, {"a:b", "c:d"}, {wrapper.ScopeRead}} {
		server := sandbox.Start(t)
		server.FailToken(sandbox.Fault{Status: 200, Body: `{"access_token":"t","token_type":"Bearer"}`})
		observe, events := counted()
		token, err := newClient(t, server, append(withScopes(requested), observe)...).Authenticate(t.Context())
		if err != nil || token.Scope != strings.Join(requested, " ") || token.CanList() != (len(requested) != 2) || (events[wrapper.EventScopeMissing] == 1) == token.CanList() {
			t.Errorf("requested %q: got %+v, the events %v and the error %v", requested, token, events, err)
		}
	}
}
