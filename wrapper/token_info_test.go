package wrapper_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestAuthenticateSaysWhatTheTokenIsGoodFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		client := newClientInProcess(server)
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
