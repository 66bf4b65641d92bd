package wrapper_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestConcurrentCallersShareOneExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		server.FailToken(sandbox.Fault{Delay: time.Second})
		client := newClientInProcess(t, server)
		together(100, func() {
			listsOnePage(t, client)
		})
		if n := server.TokenRequests(); n != 1 {
			t.Errorf("%d exchanges, want 1", n)
		}
	})
}

func together(callers int, call func()) {
	var group sync.WaitGroup
	for range callers {
		group.Go(call)
	}
	group.Wait()
}

func TestTokensAreRenewedEarlyWithoutMakingAnybodyWait(t *testing.T) {
	tests := []struct{ lifetime, early time.Duration }{
		{10 * time.Minute, time.Minute}, // the documented lifetime: a minute early
		{2 * time.Minute, 30 * time.Second},
		{8 * time.Second, 2 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.lifetime.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sandbox.New(sandbox.WithTokenLifetime(test.lifetime))
				client := newClientInProcess(t, server)
				steps := []struct {
					wait time.Duration
					want int
				}{
					{0, 1},
					{test.lifetime - test.early - time.Second, 1},
					{time.Second, 2},
				}
				for i, step := range steps {
					time.Sleep(step.wait)
					server.FailToken(sandbox.Fault{Delay: time.Second})
					before := time.Now()
					listsOnePage(t, client)
					if waited := time.Since(before); i > 0 && waited > 0 {
						t.Errorf("step %d: the caller waited %v", i, waited)
					}
					synctest.Wait()
					if n := server.TokenRequests(); n != step.want {
						t.Errorf("step %d: %d exchanges, want %d", i, n, step.want)
					}
				}
				time.Sleep(time.Second) // lets the renewal in the background end
			})
		})
	}
}

func TestAFailedEarlyRenewalKeepsTheTokenWithoutHammering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		client := newClientInProcess(t, server)
		listsOnePage(t, client)
		time.Sleep(9*time.Minute + time.Second)
		server.FailToken(sandbox.Fault{Status: 400, Body: `{"error":"invalid_client"}`})
		for range 20 {
			listsOnePage(t, client)
			synctest.Wait()
		}
		if n := server.TokenRequests(); n != 2 {
			t.Errorf("%d exchanges, want the first and one failed renewal", n)
		}
		time.Sleep(50 * time.Second) // still valid, time for another try
		listsOnePage(t, client)
		synctest.Wait()
		if n := server.TokenRequests(); n != 3 {
			t.Errorf("%d exchanges, want a second try at renewal", n)
		}
	})
}

func TestAnExpiredTokenIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		client := newClientInProcess(t, server)
		for range 3 {
			listsOnePage(t, client)
			time.Sleep(time.Hour)
		}
		for _, request := range server.Requests() {
			if request.Status == http.StatusUnauthorized {
				t.Error("a token that had expired was sent")
			}
		}
	})
}

func TestA401RenewsTheTokenOnceForAllWhoGetOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		client := newClientInProcess(t, server)
		listsOnePage(t, client)
		server.RevokeTokens()
		server.FailToken(sandbox.Fault{Delay: time.Second})
		together(50, func() {
			listsOnePage(t, client)
		})
		if n := server.TokenRequests(); n != 2 {
			t.Errorf("%d exchanges, want 2", n)
		}
	})
}

func TestALate401DoesNotDropTheNewToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		client := newClientInProcess(t, server)
		listsOnePage(t, client)
		server.RevokeTokens()
		server.Fail(sandbox.Fault{Delay: time.Minute}) // the old token, refused late
		var group sync.WaitGroup
		group.Go(func() {
			listsOnePage(t, client)
		})
		synctest.Wait()
		listsOnePage(t, client)
		group.Wait()
		if n := server.TokenRequests(); n != 2 {
			t.Errorf("%d exchanges, want 2", n)
		}
	})
}

func TestASecond401IsAnError(t *testing.T) {
	server := sandbox.Start(t)
	refusal := sandbox.Fault{Status: 401, Body: `{"code":"unauthorized","message":"No."}`}
	server.Fail(refusal, refusal)
	err := onePage(t.Context(), newClient(t, server))
	var refused *wrapper.Error
	if !errors.Is(err, wrapper.ErrUnauthorized) || !errors.As(err, &refused) || refused.Attempts != 2 {
		t.Errorf("the error is %#v, want a 401 after 2 attempts", err)
	}
	if server.TokenRequests() != 2 || server.ActionRequests() != 2 {
		t.Errorf("%d exchanges and %d requests, want 2 and 2", server.TokenRequests(), server.ActionRequests())
	}
}

func TestAWaiterLeavesWithItsOwnContextOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		server.FailToken(sandbox.Fault{Delay: 10 * time.Second})
		client := newClientInProcess(t, server)

		leader, leave := context.WithCancel(t.Context())
		var leaderError, followerError error
		var group sync.WaitGroup
		group.Go(func() { leaderError = onePage(leader, client) })
		synctest.Wait()
		group.Go(func() { followerError = onePage(t.Context(), client) })
		synctest.Wait()
		leave()
		group.Wait()

		if !errors.Is(leaderError, context.Canceled) {
			t.Errorf("the one who left got %v", leaderError)
		}
		if followerError != nil || server.TokenRequests() != 1 {
			t.Errorf("the one who stayed got %v after %d exchanges, want none after 1", followerError, server.TokenRequests())
		}
	})
}

func TestAnExchangeThatNobodyWaitsForEnds(t *testing.T) {
	// The bubble fails the test if a goroutine is left when it ends.
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		server.FailToken(sandbox.Fault{Delay: time.Hour})
		client := newClientInProcess(t, server)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		before := time.Now()
		if err := onePage(ctx, client); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the error is %v", err)
		}
		synctest.Wait()
		if waited := time.Since(before); waited != time.Second {
			t.Errorf("it took %v", waited)
		}
		if err := onePage(t.Context(), client); err != nil {
			t.Errorf("the next caller got %v", err)
		}
	})
}

func TestLifetimesOfTokens(t *testing.T) {
	tests := []struct {
		expiresIn string // the member as it stands in the answer
		after     time.Duration
		exchanges int
	}{
		{``, 8 * time.Minute, 1}, // absent: the documented ten minutes
		{``, 11 * time.Minute, 2},
		{`,"expires_in":600`, 8 * time.Minute, 1},
		{`,"expires_in":"600"`, 8 * time.Minute, 1},
		{`,"expires_in":600`, 11 * time.Minute, 2},
		{`,"expires_in":1`, 2 * time.Second, 2},
		{`,"expires_in":-5`, 0, 2}, // born expired: good for those who waited, and for nobody after
		{`,"expires_in":99999999999`, 1000 * time.Hour, 1},
	}
	for _, test := range tests {
		t.Run(test.expiresIn+" after "+test.after.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				exchanges := 0
				transport := roundTripper(func(request *http.Request) (*http.Response, error) {
					if request.Method == http.MethodPost {
						exchanges++
						return jsonResponse(200, `{"access_token":"t","token_type":"bearer"`+test.expiresIn+`}`), nil
					}
					return jsonResponse(200, `{"count":0}`), nil
				})
				client := must(wrapper.New("acme", wrapper.ClientSecret{ID: "id", Secret: "secret"},
					wrapper.WithHTTPClient(&http.Client{Transport: transport})))(t)
				for range 2 {
					listsOnePage(t, client)
					time.Sleep(test.after)
				}
				if exchanges != test.exchanges {
					t.Errorf("%d exchanges, want %d", exchanges, test.exchanges)
				}
			})
		})
	}
}

func TestATokenSourceIsNeverAskedByTwoAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asking, asked := 0, 0
		slow := tokenSource(func() (*oauth2.Token, error) {
			if asking++; asking > 1 {
				t.Error("asked by two at once")
			}
			asked++
			time.Sleep(time.Minute)
			asking--
			return &oauth2.Token{AccessToken: "t"}, nil
		})
		client := must(wrapper.New("", wrapper.Tokens(slow), wrapper.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(*http.Request) (*http.Response, error) { return jsonResponse(200, `{"count":0}`), nil })})))(t)
		for range 5 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if err := onePage(ctx, client); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the error is %v", err)
			}
			cancel()
		}
		if err := onePage(t.Context(), client); err != nil || asked != 1 {
			t.Errorf("the error is %v after %d tokens, want none after 1", err, asked)
		}
	})
}

func TestATokenSourceThatDoesNotReturn(t *testing.T) {
	client := func(source tokenSource) *wrapper.Client {
		return must(wrapper.New("", wrapper.Tokens(source)))(t)
	}
	t.Run("but panics", func(t *testing.T) {
		defer func() {
			if recovered := recover(); recovered != "oops" {
				t.Errorf("recovered %v", recovered)
			}
		}()
		_ = onePage(t.Context(), client(func() (*oauth2.Token, error) { panic("oops") }))
	})
	t.Run("but ends the goroutine", func(t *testing.T) {
		err := onePage(t.Context(), client(func() (*oauth2.Token, error) { runtime.Goexit(); return nil, nil }))
		if err == nil || !strings.Contains(err.Error(), "ended without a result") {
			t.Errorf("the error is %v", err)
		}
	})
	t.Run("but refuses without a response", func(t *testing.T) {
		err := onePage(t.Context(), client(func() (*oauth2.Token, error) { return nil, &oauth2.RetrieveError{ErrorCode: "access_denied"} }))
		var refused *wrapper.TokenError
		if !errors.As(err, &refused) || refused.Code != "access_denied" {
			t.Errorf("the error is %v", err)
		}
	})
}

type tokenSource func() (*oauth2.Token, error)

func (f tokenSource) Token() (*oauth2.Token, error) { return f() }

func TestATokenSourceOfTheCallers(t *testing.T) {
	server := sandbox.Start(t)
	t.Run("is asked again after a 401", func(t *testing.T) {
		asked := 0
		client := must(wrapper.New("", wrapper.Tokens(tokenSource(func() (*oauth2.Token, error) {
			asked++
			return &oauth2.Token{AccessToken: "not-a-token-of-the-sandbox"}, nil
		})), wrapper.WithBaseURL(server.URL)))(t)
		if err := onePage(t.Context(), client); !errors.Is(err, wrapper.ErrUnauthorized) || asked != 2 {
			t.Errorf("the error is %v after %d tokens, want a 401 after 2", err, asked)
		}
	})
	t.Run("may fail", func(t *testing.T) {
		failure := errors.New("vault is sealed")
		client := must(wrapper.New("", wrapper.Tokens(tokenSource(func() (*oauth2.Token, error) { return nil, failure })), wrapper.WithBaseURL(server.URL)))(t)
		var refused *wrapper.TokenError
		if err := onePage(t.Context(), client); !errors.Is(err, failure) || !errors.As(err, &refused) {
			t.Errorf("the error is %v, want a TokenError around the source's", err)
		}
	})
	t.Run("may return nothing", func(t *testing.T) {
		client := must(wrapper.New("", wrapper.Tokens(tokenSource(func() (*oauth2.Token, error) { return nil, nil })), wrapper.WithBaseURL(server.URL)))(t)
		if err := onePage(t.Context(), client); err == nil || !strings.Contains(err.Error(), "has no access token") {
			t.Errorf("the error is %v", err)
		}
	})
}

// The request for a token is everybody's: who cannot wait for its repetition
// leaves at their own deadline, and the others get the token.
func TestACallerWaitsForATokenUntilItsOwnDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		server.FailToken(sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"20"}}})
		client := newClientInProcess(t, server)
		patient := make(chan error, 1)
		go func() { patient <- onePage(t.Context(), client) }()
		synctest.Wait()

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		before := time.Now()
		err := onePage(ctx, client)
		var failure *wrapper.TokenError
		if !errors.As(err, &failure) || !errors.Is(err, context.DeadlineExceeded) || time.Since(before) != time.Second {
			t.Errorf("the error is %v after %v, want a TokenError at the deadline of 1s", err, time.Since(before))
		}
		if err := <-patient; err != nil || server.TokenRequests() != 2 {
			t.Errorf("the one without a deadline got %v after %d token requests, want none after 2", err, server.TokenRequests())
		}
	})
}

func TestATokenEndpointThatRefusesIsNotHammered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		for range 1000 {
			server.FailToken(sandbox.Fault{Status: 401, Body: `{"error":"invalid_client"}`})
		}
		client := newClientInProcess(t, server)
		// Ten callers a second for a minute: each is told at once.
		for range 60 {
			together(10, func() {
				before := time.Now()
				var refused *wrapper.TokenError
				if err := onePage(t.Context(), client); !errors.As(err, &refused) || refused.Code != "invalid_client" || time.Since(before) != 0 {
					t.Errorf("the error is %v", err)
				}
			})
			time.Sleep(time.Second)
		}
		// At 0, then no sooner than 0.5, 1, 2, 4, 8, 16 and 30 seconds later.
		if asked := server.TokenRequests(); asked < 2 || asked > 7 {
			t.Errorf("%d exchanges, want a few", asked)
		}
	})
}

func TestARefusalDoesNotHoldForEver(t *testing.T) {
	refused := sandbox.Fault{Status: 400, Body: `{"error":"invalid_scope"}`}
	tests := []struct {
		name   string
		faults []sandbox.Fault
		hold   time.Duration // of the last of them
	}{
		{"once", []sandbox.Fault{refused}, 500 * time.Millisecond},
		{"three times in a row", []sandbox.Fault{refused, refused, refused}, 2 * time.Second},
		{"again after a success", []sandbox.Fault{refused, refused, {}, refused}, 500 * time.Millisecond},
		{"longer than anybody waits", []sandbox.Fault{{Status: 429, Header: http.Header{"Retry-After": {"3600"}}}}, 30 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sandbox.New()
				client := newClientInProcess(t, server)
				for i, fault := range test.faults {
					time.Sleep(time.Hour) // nothing of before holds, no token lives
					server.FailToken(fault)
					if err := onePage(t.Context(), client); (err == nil) != (fault.Status == 0) {
						t.Fatalf("fault %d: the error is %v", i+1, err)
					}
				}
				time.Sleep(test.hold - time.Nanosecond)
				if err := onePage(t.Context(), client); err == nil {
					t.Errorf("asked again before %v", test.hold)
				}
				time.Sleep(time.Nanosecond)
				if err := onePage(t.Context(), client); err != nil {
					t.Errorf("after %v, the error is %v", test.hold, err)
				}
			})
		})
	}
}

func TestABusyTokenEndpointIsAskedByTheNextCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		for range 4 {
			server.FailToken(sandbox.Fault{Status: 503})
		}
		client := newClientInProcess(t, server)
		if err := onePage(t.Context(), client); err == nil {
			t.Fatal("no error")
		}
		if err := onePage(t.Context(), client); err != nil {
			t.Errorf("the next caller got %v", err)
		}
	})
}
