package wrapper_test

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// fault is a row of the table: a situation, and what the caller gets in it. In
// every row somebody lists the five contract actions of testdata/faults, which
// are on two pages.
type fault struct {
	situation string // as docs/faults.md says it
	variant   string // which of a family: rows that differ in nothing else share a line there
	status    int    // which of a family of statuses that are alike; the page does not tell them apart
	when      when   // how long it lasts

	actions   []script // how the service answers, request by request; the last one stays
	tokens    []script // the same for the token endpoint; without any, the caller has a token
	network   network  // in memory, where time is free, unless stated
	keepAlive bool     // several requests on one connection
	options   []wrapper.Option
	deadline  time.Duration // of the caller's context

	read func(*wrapper.Page) string // what was spoilt, as the caller finds it
	want outcome
}

// faultGroup is a section of docs/faults.md.
type faultGroup struct {
	title string
	note  string
	rows  []fault
}

func faultGroups() []faultGroup {
	return slices.Concat(
		connectionFaults(),
		silenceFaults(),
		framingFaults(),
		statusFaults(),
		jsonFaults(),
		refusalFaults(),
		tokenFaults(),
	)
}

// TestFaults runs every row through the public API, and compares docs/faults.md
// with what came of it. With -update it writes the page.
func TestFaults(t *testing.T) {
	groups := faultGroups()
	t.Run("rows", func(t *testing.T) {
		for _, group := range groups {
			t.Run(group.title, func(t *testing.T) {
				t.Parallel()
				names := map[string]bool{}
				for _, row := range group.rows {
					name := row.name()
					if names[name] {
						t.Errorf("two rows are called %q", name)
					}
					names[name] = true
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						row.run(t)
					})
				}
			})
		}
	})
	if t.Failed() {
		t.Skip("the page is not compared: it would not be true")
	}
	comparePage(t, "../docs/faults.md", faultsPage(groups))
}

// when is how long a fault lasts.
type when string

const (
	always         when = ""
	once           when = "once"
	fromSecondPage when = "from the second page on"
)

func (f fault) name() string {
	name := f.situation + " " + f.variant + " " + string(f.when)
	if f.status != 0 {
		name += fmt.Sprint(f.status)
	}
	return strings.TrimSpace(name)
}

func (f fault) run(t *testing.T) {
	if f.network != nil {
		f.observe(t, f.network, impatient)
		return
	}
	// With the default policy: waits take no time in a bubble. And the bubble
	// fails the row if a goroutine is left when it ends.
	synctest.Test(t, func(t *testing.T) { f.observe(t, inMemory) })
}

func (f fault) observe(t *testing.T, network network, options ...wrapper.Option) {
	service := newService(f.actions, f.tokens)
	client, base := network(t, service, f.keepAlive)
	options = append(options, wrapper.WithBaseURL(base), wrapper.WithTokenURL(base+"/oauth/token"), wrapper.WithHTTPClient(client))
	credentials := wrapper.Credentials(wrapper.ClientSecret{ID: "id", Secret: "secret"})
	if f.tokens == nil {
		credentials = wrapper.Tokens(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: ownToken}))
	}
	lister := must(wrapper.New("", credentials, append(options, f.options...)...))(t)

	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotFirstResponseByte: service.hear})
	if f.deadline > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.deadline)
		defer cancel()
	}
	list := func() ([]*wrapper.Page, error) { return collect(lister.Pages(ctx, account)) }
	if f.want.accounts > 0 {
		list = func() ([]*wrapper.Page, error) { return pagesOf(ctx, lister, f.want.accounts) }
	}
	pages, err := list()
	client.CloseIdleConnections()

	got := outcomeOf(pages, err)
	got.accounts = f.want.accounts
	got.requests, got.exchanges = service.seen()
	if f.read != nil && len(pages) > 0 {
		got.value = f.read(pages[0])
	}
	f.want.compare(t, got, err)
}

// variants makes a family of rows out of one.
func variants[T any](values []T, row func(T) fault) []fault {
	var rows []fault
	for _, value := range values {
		made := row(value)
		if made.variant == "" {
			made.variant = fmt.Sprint(value)
		}
		rows = append(rows, made)
	}
	return rows
}
