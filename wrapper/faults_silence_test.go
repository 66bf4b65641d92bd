package wrapper_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/internal/transport"
	"github.com/talkdesk-express/contractactions/internal/wire"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// silenceFaults are about connections that stay open and carry nothing any
// more, as after a laptop has slept or a balancer has forgotten them.
func silenceFaults() []faultGroup {
	// In HTTP/1.1 the client cannot tell a silent connection from a slow answer.
	stalled := func(_ int, text string) wire.Script { return wire.Stalls(text) }
	http1 := silences(stalled)
	for i := range http1 {
		http1[i].keepAlive = true
	}
	http2 := over(silentHTTP2, silences(goesSilent)...)
	for i := range http2 {
		// Only a ping can end the attempt.
		http2[i].options = append(http2[i].options, wrapper.WithRetry(wrapper.RetryPolicy{BaseDelay: time.Nanosecond, AttemptTimeout: time.Hour}))
	}
	return []faultGroup{
		{
			title: "A connection that goes silent in HTTP/1.1",
			note:  "The attempt ends after its timeout (`RetryPolicy.AttemptTimeout`), and the next one makes a new connection.",
			rows:  http1,
		},
		{
			title: "A connection that goes silent in HTTP/2",
			note:  "All requests share the connection. A ping that is not answered ends it, ten seconds after the last byte at the latest.",
			rows:  http2,
		},
	}
}

func silences(silent func(requests int, text string) wire.Script) (rows []fault) {
	const many = 16
	lists, token := whole(3*many), outcome{delivered: allActions, requests: 2, exchanges: 2}
	lists.accounts, lists.delivered = many, many*allActions
	tokenOfMany := lists
	tokenOfMany.requests, tokenOfMany.exchanges = 2*many, 2
	goodHead := wire.Head(200, "Content-Type: application/json", "Content-Length: 1000")
	for _, at := range []struct{ where, text string }{
		{"before the answer", ""}, {"after the header block", goodHead}, {"inside the body", goodHead + firstPage[:500]},
	} {
		once := func() wire.Script { return silent(1, at.text) }
		rows = append(rows,
			fault{situation: "The connection goes silent", actions: []wire.Script{once(), good}, want: whole(3)},
			fault{situation: "The connection goes silent on the second page", actions: []wire.Script{good, once(), good}, want: whole(3)},
			fault{
				situation: "The connections go silent while 16 accounts are listed at a time",
				actions:   append(slices.Repeat([]wire.Script{silent(many, at.text)}, many), good), want: lists,
			},
			fault{situation: "The connection to the token endpoint goes silent", actions: []wire.Script{good}, tokens: []wire.Script{once(), good}, want: token},
			fault{
				situation: "The connection to the token endpoint goes silent while 16 accounts wait for the token",
				actions:   []wire.Script{good}, tokens: []wire.Script{once(), good}, want: tokenOfMany,
			},
		)
		for i := range rows[len(rows)-5:] {
			rows[len(rows)-5+i].variant = at.where
		}
	}
	return rows
}

// goesSilent writes a text to each of several requests, and then nothing passes
// any more.
func goesSilent(requests int, text string) wire.Script {
	var arrived sync.WaitGroup
	arrived.Add(requests)
	return func(c *wire.Conversation) {
		io.WriteString(c, text)
		if text != "" {
			<-c.Heard
		}
		arrived.Done()
		arrived.Wait()
		c.Silence()
	}
}

func silentHTTP2(t testing.TB, s *wire.Service, _ bool) (*http.Client, string) {
	return throughTunnel(t, wire.NewTunnel(t), s, true)
}

// throughTunnel is TLS over sockets, with the transport that clients share. Only
// its pings come sooner.
func throughTunnel(t testing.TB, tunnel *wire.Tunnel, s *wire.Service, http2 bool) (*http.Client, string) {
	server := httptest.NewUnstartedServer(s.Handler(tunnel.Silence))
	server.EnableHTTP2 = http2
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	tunnel.To = server.Listener.Addr().String()

	pool := transport.New().(*http.Transport)
	pool.TLSClientConfig = &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	if pings := pool.HTTP2; pings == nil || pings.SendPingTimeout <= 0 || pings.PingTimeout <= 0 {
		t.Error("the transport sends no pings")
	} else {
		pings.SendPingTimeout, pings.PingTimeout = 100*time.Millisecond, 2*time.Second
	}
	t.Cleanup(pool.CloseIdleConnections)
	return &http.Client{Transport: pool}, "https://" + tunnel.Address()
}

// pagesOf are the pages of so many accounts, listed at a time.
func pagesOf(ctx context.Context, client *wrapper.Client, accounts int) (pages []*wrapper.Page, err error) {
	for page, failed := range client.PagesOf(ctx, slices.Values(slices.Repeat([]string{account}, accounts)), wrapper.Concurrency(accounts)) {
		if failed != nil {
			err = errors.Join(err, failed)
		} else {
			pages = append(pages, page.Page)
		}
	}
	return pages, err
}

// Connections that nobody uses go silent, too: the repetition must not take the
// next of them.
func TestARepetitionDoesNotTakeAnotherSilentConnection(t *testing.T) {
	t.Parallel()
	const accounts = 16
	tunnel, service := wire.NewTunnel(t), wire.NewService([]wire.Script{good}, nil)
	client, base := throughTunnel(t, tunnel, service, false)
	lister := newClientOf(t, base, wrapper.WithHTTPClient(client),
		wrapper.WithRetry(wrapper.RetryPolicy{BaseDelay: time.Nanosecond, AttemptTimeout: 3 * time.Second}))

	var together sync.WaitGroup // so that each has a connection of its own
	together.Add(accounts)
	service.Actions = append(slices.Repeat([]wire.Script{func(c *wire.Conversation) {
		together.Done()
		together.Wait()
		good(c)
	}}, accounts), good)
	if _, err := pagesOf(t.Context(), lister, accounts); err != nil {
		t.Fatal(err)
	}
	before := tunnel.Dialled()
	if before < accounts {
		t.Fatalf("%d connections, want %d", before, accounts)
	}
	tunnel.Silence()
	if pages, err := collect(lister.Pages(t.Context(), account)); err != nil || len(pages) != 2 {
		t.Errorf("%d pages, then %v; want 2", len(pages), err)
	}
	if dials := tunnel.Dialled() - before; dials != 1 {
		t.Errorf("%d new connections, want 1", dials)
	}
}
