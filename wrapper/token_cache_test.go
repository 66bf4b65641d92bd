package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/wire"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func together(callers int, call func()) {
	var group sync.WaitGroup
	for range callers {
		group.Go(call)
	}
	group.Wait()
}

// wantTokenRequests fails the test unless the sandbox received as many.
func wantTokenRequests(t *testing.T, server *sandbox.Server, want int) {
	t.Helper()
	if got := server.TokenRequests(); got != want {
		t.Errorf("%d token requests, want %d", got, want)
	}
}

func TestConcurrentCallersShareOneExchange(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		for want := 1; want <= 2; want++ { // the second after all of them get a 401
			server.FailToken(sandbox.Fault{Delay: time.Second})
			together(100, func() { listsOnePage(t, client) })
			wantTokenRequests(t, server, want)
			server.RevokeTokens()
		}
	})
}

func TestTokensAreRenewedEarlyWithoutMakingAnybodyWait(t *testing.T) {
	tests := []struct{ lifetime, early time.Duration }{
		{10 * time.Minute, time.Minute}, // the documented lifetime: a minute early
		{2 * time.Minute, 30 * time.Second},
		{8 * time.Second, 2 * time.Second},
	}
	for _, test := range tests {
		inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
			listsOnePage(t, client)
			for i, wait := range []time.Duration{test.lifetime - test.early - time.Second, time.Second} {
				time.Sleep(wait)
				server.FailToken(sandbox.Fault{Delay: time.Second})
				before := time.Now()
				listsOnePage(t, client)
				if waited := time.Since(before); waited > 0 {
					t.Errorf("a lifetime of %v: the caller waited %v", test.lifetime, waited)
				}
				synctest.Wait()
				wantTokenRequests(t, server, i+1)
			}
			time.Sleep(time.Second) // lets the renewal in the background end
		}, sandbox.WithTokenLifetime(test.lifetime))
	}
}

func TestAFailedEarlyRenewalKeepsTheTokenWithoutHammering(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		listsOnePage(t, client)
		time.Sleep(9*time.Minute + time.Second)
		server.FailToken(sandbox.Fault{Status: 400, Body: `{"error":"invalid_client"}`})
		for range 20 {
			listsOnePage(t, client)
			synctest.Wait()
		}
		wantTokenRequests(t, server, 2)
		time.Sleep(50 * time.Second) // still valid, time for another try
		listsOnePage(t, client)
		synctest.Wait()
		wantTokenRequests(t, server, 3)
	})
}

func TestAnExpiredTokenIsNotSent(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
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

func TestALate401DoesNotDropTheNewToken(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		listsOnePage(t, client)
		server.RevokeTokens()
		server.Fail(sandbox.Fault{Delay: time.Minute}) // the old token, refused late
		var group sync.WaitGroup
		group.Go(func() { listsOnePage(t, client) })
		synctest.Wait()
		listsOnePage(t, client) // refused at once, renews
		group.Wait()
		wantTokenRequests(t, server, 2)
	})
}

// The request for a token is everybody's: who cannot wait for its end, or for
// its repetition, leaves at their own deadline, and the others get the token.
func TestACallerWaitsForATokenUntilItsOwnDeadline(t *testing.T) {
	for _, test := range []struct {
		fault    sandbox.Fault
		requests int
	}{{sandbox.Fault{Delay: 10 * time.Second}, 1}, {sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"20"}}}, 2}} {
		for patient := range 2 { // the first to call, or the second
			inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
				server.FailToken(test.fault)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				before := time.Now()
				var group sync.WaitGroup
				for caller := range 2 {
					group.Go(func() {
						if caller == patient {
							listsOnePage(t, client)
						} else if err := onePage(ctx, client); !errors.As(err, new(*wrapper.TokenError)) || !errors.Is(err, context.DeadlineExceeded) || time.Since(before) != time.Second {
							t.Errorf("the error is %v after %v, want a TokenError at the deadline of 1s", err, time.Since(before))
						}
					})
					synctest.Wait()
				}
				group.Wait()
				wantTokenRequests(t, server, test.requests)
			})
		}
	}
}

func TestAnExchangeThatNobodyWaitsForEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		server.FailToken(sandbox.Fault{Delay: time.Hour})
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
		listsOnePage(t, client)
	})
}

func TestLifetimesOfTokens(t *testing.T) {
	for _, test := range []struct {
		expiresIn any // nil: absent
		after     time.Duration
		want      int
	}{
		{nil, 8 * time.Minute, 1}, // the documented ten minutes
		{nil, 11 * time.Minute, 2},
		{600, 8 * time.Minute, 1},
		{"600", 8 * time.Minute, 1},
		{600, 11 * time.Minute, 2},
		{1, 2 * time.Second, 2},
		{-5, 0, 2}, // born expired: good for those who waited, and for nobody after
		{99999999999, 1000 * time.Hour, 1},
	} {
		t.Run(fmt.Sprintf("%v after %v", test.expiresIn, test.after), func(t *testing.T) {
			inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
				rewrite := sandbox.Fault{Rewrite: rewriteJSON(func(token map[string]any) {
					if delete(token, "expires_in"); test.expiresIn != nil {
						token["expires_in"] = test.expiresIn
					}
				})}
				server.FailToken(rewrite, rewrite)
				for range 2 {
					listsOnePage(t, client)
					time.Sleep(test.after)
				}
				wantTokenRequests(t, server, test.want)
			}, sandbox.WithTokenLifetime(2000*time.Hour))
		})
	}
}

type tokenSource func() (*oauth2.Token, error)

func (f tokenSource) Token() (*oauth2.Token, error) { return f() }

func TestATokenSourceIsNeverAskedByTwoAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, _ *wrapper.Client) {
		asking, asked := 0, 0
		client := must(wrapper.New("", wrapper.Tokens(tokenSource(func() (*oauth2.Token, error) {
			asked++
			if asking++; asking > 1 {
				t.Error("asked by two at once")
			}
			time.Sleep(time.Minute)
			asking--
			return &oauth2.Token{AccessToken: "t"}, nil
		})), wrapper.WithBaseURL("http://localhost"), wrapper.WithHTTPClient(&http.Client{Transport: wire.InProcess{Handler: server}})))(t)
		for range 5 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if err := onePage(ctx, client); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the error is %v", err)
			}
			cancel()
		}
		server.Fail(sandbox.Fault{Status: 403}) // it has the token now
		if err := onePage(t.Context(), client); !errors.Is(err, wrapper.ErrForbidden) || asked != 1 {
			t.Errorf("the error is %v after %d tokens, want a 403 after 1", err, asked)
		}
	})
}

func TestATokenSourceOfTheCallers(t *testing.T) {
	server := sandbox.Start(t)
	sealed := errors.New("vault is sealed")
	for name, test := range map[string]struct {
		source func() (*oauth2.Token, error)
		asked  int
		cause  error
		says   string
	}{
		"is asked again after a 401": {func() (*oauth2.Token, error) { return &oauth2.Token{AccessToken: "unknown"}, nil }, 2, wrapper.ErrUnauthorized, "401"},
		"may fail":                   {func() (*oauth2.Token, error) { return nil, sealed }, 1, sealed, "get a token from the caller's token source: vault is sealed"},
		"may return nothing":         {func() (*oauth2.Token, error) { return nil, nil }, 1, nil, "the response has no access token"},
		"may end the goroutine":      {func() (*oauth2.Token, error) { runtime.Goexit(); return nil, nil }, 1, nil, "ended without a result"},
		"may refuse without a response": {
			func() (*oauth2.Token, error) { return nil, &oauth2.RetrieveError{ErrorCode: "access_denied"} }, 1, nil, "access_denied",
		},
		"may panic": {func() (*oauth2.Token, error) { panic("oops") }, 1, nil, "recovered oops"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			source := tokenSource(func() (*oauth2.Token, error) { asked++; return test.source() })
			client := must(wrapper.New("", wrapper.Tokens(source), wrapper.WithBaseURL(server.URL)))(t)
			err := func() (err error) {
				defer func() {
					if recovered := recover(); recovered != nil {
						err = fmt.Errorf("recovered %v", recovered)
					}
				}()
				return onePage(t.Context(), client)
			}()
			if err == nil || test.cause != nil && !errors.Is(err, test.cause) || !strings.Contains(err.Error(), test.says) || asked != test.asked {
				t.Errorf("the error is %v after %d tokens, want %q after %d", err, asked, test.says, test.asked)
			}
		})
	}
}

func TestATokenEndpointThatRefusesIsNotHammered(t *testing.T) {
	inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
		server.FailToken(slices.Repeat([]sandbox.Fault{{Status: 401, Body: `{"error":"invalid_client"}`}}, 1000)...)
		// Ten callers a second for a minute: each is told at once.
		for range 60 {
			together(10, func() {
				before := time.Now()
				err := onePage(t.Context(), client)
				if refused, ok := errors.AsType[*wrapper.TokenError](err); !ok || refused.Code != "invalid_client" || time.Since(before) != 0 {
					t.Errorf("the error is %v", err)
				}
			})
			time.Sleep(time.Second)
		}
		// At 0, then no sooner than 0.5, 1, 2, 4, 8, 16 and 30 seconds later.
		if asked := server.TokenRequests(); asked < 2 || asked > 7 {
			t.Errorf("%d token requests, want a few", asked)
		}
	})
}

func TestARefusalDoesNotHoldForEver(t *testing.T) {
	refused, busy := sandbox.Fault{Status: 400, Body: `{"error":"invalid_scope"}`}, sandbox.Fault{Status: 503}
	for _, test := range []struct {
		name   string
		faults [][]sandbox.Fault // one caller after the other
		hold   time.Duration     // of the last of them
	}{
		{"once", [][]sandbox.Fault{{refused}}, 500 * time.Millisecond},
		{"three times in a row", [][]sandbox.Fault{{refused}, {refused}, {refused}}, 2 * time.Second},
		{"again after a success", [][]sandbox.Fault{{refused}, {refused}, {}, {refused}}, 500 * time.Millisecond},
		{"longer than anybody waits", [][]sandbox.Fault{{{Status: 429, Header: http.Header{"Retry-After": {"3600"}}}}}, 30 * time.Second},
		{"a busy endpoint is asked by the next caller", [][]sandbox.Fault{{busy, busy, busy, busy}}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, server *sandbox.Server, client *wrapper.Client) {
				for i, faults := range test.faults {
					time.Sleep(time.Hour) // nothing of before holds, no token lives
					server.FailToken(faults...)
					if err := onePage(t.Context(), client); (err == nil) != (len(faults) == 0) {
						t.Fatalf("caller %d: the error is %v", i+1, err)
					}
				}
				if test.hold > 0 {
					time.Sleep(test.hold - time.Nanosecond)
					if err := onePage(t.Context(), client); err == nil {
						t.Errorf("asked again before %v", test.hold)
					}
					time.Sleep(time.Nanosecond)
				}
				listsOnePage(t, client)
			})
		})
	}
}
