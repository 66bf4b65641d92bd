package wrapper_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestAuthenticateSaysWhatTheTokenIsGoodFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		client := newClientInProcess(t, server)
		for range 2 {
			grant, err := client.Authenticate(t.Context())
			if err != nil || grant.Endpoint != "http://localhost"+sandbox.TokenPath || !grant.CanList() || time.Until(grant.Expiry).Round(time.Minute) != 10*time.Minute {
				t.Errorf("got %+v and the error %v", grant, err)
			}
		}
		if server.TokenRequests() != 1 || server.ActionRequests() != 0 {
			t.Errorf("%d exchanges and %d requests, want 1 and 0", server.TokenRequests(), server.ActionRequests())
		}
	})
}

func TestAuthenticateFailsAsAListingWould(t *testing.T) {
	server := sandbox.Start(t)
	server.FailToken(sandbox.Fault{Status: 401, Body: `{"error":"invalid_client"}`})
	client := newClient(t, server)
	var refused *wrapper.TokenError
	if _, err := client.Authenticate(t.Context()); !errors.As(err, &refused) || refused.Code != "invalid_client" || refused.Endpoint != server.TokenURL {
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
		err                error // of the listing
	}{
		"only read":                   {[]string{wrapper.ScopeRead}, nil, true, nil},
		"only write":                  {[]string{wrapper.ScopeWrite}, nil, true, nil},
		"both":                        {[]string{wrapper.ScopeRead, wrapper.ScopeWrite}, nil, true, nil},
		"neither":                     {[]string{other}, nil, false, wrapper.ErrForbidden},
		"both, and one is requested":  {[]string{wrapper.ScopeRead, wrapper.ScopeWrite}, []string{wrapper.ScopeRead}, true, nil},
		"both, and another requested": {[]string{wrapper.ScopeRead, wrapper.ScopeWrite, other}, []string{other}, false, wrapper.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithScopes(test.granted...))
			var options []wrapper.Option
			if test.requested != nil {
				options = append(options, wrapper.WithScopes(test.requested...))
			}
			client := newClient(t, server, options...)
			token, err := client.Authenticate(t.Context())
			if err != nil || token.CanList() != test.canList {
				t.Errorf("got %+v and the error %v", token, err)
			}
			if err := onePage(t.Context(), client); !errors.Is(err, test.err) {
				t.Errorf("the error of the listing is %v, want %v", err, test.err)
			}
		})
	}
}

func TestAScopeThatWasNotGrantedIsRefused(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithScopes(wrapper.ScopeRead))
	_, err := newClient(t, server, wrapper.WithScopes(wrapper.ScopeWrite)).Authenticate(t.Context())
	var refused *wrapper.TokenError
	if !errors.As(err, &refused) || refused.Code != "invalid_scope" || !strings.Contains(err.Error(), "request no scope") {
		t.Errorf("the error is %v", err)
	}
}

// What the token endpoint does not say was granted as requested.
func TestATokenWithoutAWordOnItsScopeHasWhatWasRequested(t *testing.T) {
	for _, requested := range []string{"", "a:b c:d", wrapper.ScopeRead} {
		server := sandbox.Start(t)
		server.FailToken(sandbox.Fault{Status: 200, Body: `{"access_token":"t","token_type":"Bearer"}`})
		var options []wrapper.Option
		if requested != "" {
			options = append(options, wrapper.WithScopes(strings.Fields(requested)...))
		}
		token, err := newClient(t, server, options...).Authenticate(t.Context())
		if err != nil || token.Scope != requested || token.CanList() != (requested != "a:b c:d") {
			t.Errorf("requested %q: got %+v and the error %v", requested, token, err)
		}
	}
}

func TestScopesThatCannotBeAreRefused(t *testing.T) {
	for _, scopes := range [][]string{nil, {""}, {"a b"}, {"a", "\"b\""}, {`a\b`}, {"ä"}, {"a\n"}} {
		if _, err := wrapper.New("acme", wrapper.ClientSecret{ID: "id", Secret: "s"}, wrapper.WithScopes(scopes...)); err == nil {
			t.Errorf("%q is accepted", scopes)
		}
	}
}

func TestATokenWithoutAScopeForListingIsReported(t *testing.T) {
	const other = "express-accounts:read"
	for granted, reported := range map[string]bool{
		other: true, other + " " + wrapper.ScopeRead: false, wrapper.ScopeRead: false, wrapper.ScopeWrite: false, "": false,
	} {
		server := sandbox.Start(t, sandbox.WithForbiddenAccount("f0rb1dden"))
		server.FailToken(sandbox.Fault{Rewrite: rewriteJSON(func(token map[string]any) { token["scope"] = granted })})
		events := map[wrapper.EventKind]int{}
		client := newClient(t, server, wrapper.WithObserver(func(_ context.Context, event wrapper.Event) { events[event.Kind]++ }))
		_, err := collect(client.Pages(t.Context(), "f0rb1dden"))
		if !errors.Is(err, wrapper.ErrForbidden) {
			t.Fatal(err)
		}
		if named := strings.Contains(err.Error(), `the token has the scope "express-accounts:read": the client must be granted the scope `+wrapper.ScopeRead+` or `+wrapper.ScopeWrite); named != reported {
			t.Errorf("granted %q: the error is %q", granted, err)
		}
		if (events[wrapper.EventScopeMissing] == 1) != reported {
			t.Errorf("granted %q: the events are %v", granted, events)
		}
	}
}
