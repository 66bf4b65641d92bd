package soak

import (
	"math/rand/v2"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

const (
	callers        = 16
	attemptTimeout = 250 * time.Millisecond

	// mostHeapGrowth is what a heap differs by from one run to the next. What
	// a page leaves behind adds up: ten minutes have some hundred thousand.
	mostHeapGrowth = 512 << 10
)

func TestSoak(t *testing.T) {
	t.Logf("seed %d: repeat with -soak.seed=%[1]d", *seed)
	service := startService(t, *seed)
	figures, contents := newFigures(), contents()
	transport := &http.Transport{MaxIdleConnsPerHost: callers}
	client := newClient(t, service, transport, figures)
	run := func(deadline time.Time) (mostGoroutines int) {
		stop := watchGoroutines()
		var running sync.WaitGroup
		for i := range callers {
			caller := &caller{
				client:   client,
				secret:   service.ClientSecret,
				contents: contents,
				random:   rand.New(rand.NewPCG(*seed, uint64(i))),
				figures:  figures,
			}
			running.Go(func() { caller.run(t, deadline) })
		}
		running.Wait()
		mostGoroutines = stop()
		// A dial, or an early renewal of the token, can end after the last caller.
		for range 10 {
			transport.CloseIdleConnections()
			if goleak.Find() == nil {
				break
			}
		}
		goleak.VerifyNone(t)
		return mostGoroutines
	}

	// What is made once and kept is there after a short run.
	run(time.Now().Add(*duration / 10))
	before := measure()
	most := run(time.Now().Add(*duration))
	after := measure()
	runtime.KeepAlive(client) // and with it all that it holds, while it is measured
	seen := service.stop(t)

	table := newTable()
	table.row("duration", *duration)
	table.rows("callers", figures.counts)
	table.rows("listings ended by", figures.ends)
	table.rows("events", figures.events)
	table.rows("faults", seen.Faults)
	table.row("requests for contract actions", seen.ActionRequests)
	table.row("requests for tokens", seen.TokenRequests)
	table.row("connections", seen.Opened, "opened,", seen.Peak, "at once,", seen.StillOpen, "left")
	table.row("goroutines", before.goroutines, "before,", most, "at most,", after.goroutines, "after")
	table.row("heap", before.heap>>10, "KiB before,", after.heap>>10, "KiB after")
	t.Logf("\n%s", table)

	if figures.counts["resumed after an error"] == 0 {
		t.Error("nothing was proved: no error ended a listing")
	}
	if after.heap > before.heap+mostHeapGrowth {
		t.Errorf("the heap has grown by %d KiB", (after.heap-before.heap)>>10)
	}
	if after.goroutines > before.goroutines {
		t.Errorf("%d goroutines before, %d after", before.goroutines, after.goroutines)
	}
	if seen.StillOpen != 0 { // those that are kept for later have been closed
		t.Errorf("%d connections have leaked", seen.StillOpen)
	}
	for _, violation := range seen.ContractViolations {
		t.Error("the sandbox broke the contract:", violation)
	}
}

func newClient(t *testing.T, service *service, transport http.RoundTripper, figures *figures) *wrapper.Client {
	t.Helper()
	client, err := wrapper.New("", wrapper.ClientSecret{ID: service.ClientID, Secret: wrapper.Secret(service.ClientSecret)},
		wrapper.WithBaseURL(service.URL),
		wrapper.WithTokenURL(service.URL+sandbox.TokenPath),
		wrapper.WithHTTPClient(&http.Client{Transport: transport}),
		wrapper.WithObserver(figures.observe),
		wrapper.WithRetry(wrapper.RetryPolicy{
			BaseDelay:      time.Millisecond,
			MaxDelay:       50 * time.Millisecond,
			AttemptTimeout: attemptTimeout,
		}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}
