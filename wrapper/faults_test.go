package wrapper_test

import (
	"context"
	"net/http/httptrace"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/internal/faulttable"
	"github.com/talkdesk-express/contractactions/internal/wire"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// fault is a row of the table: a situation, and its result. In every row a
// program lists the five contract actions of testdata/faults, which are on two
// pages.
type fault struct {
	situation string // as docs/faults.md says it
	variant   string // which of a family: rows that differ in nothing else share a line there
	unlisted  string // the same, without a mention there
	when      when   // how long it lasts

	actions   []wire.Script // the service's responses, request by request; the last one stays
	tokens    []wire.Script // the same for the token endpoint; without any, the caller has a token
	network   wire.Network  // in memory, where time is free, unless stated
	keepAlive bool          // several requests on one connection
	options   []wrapper.Option
	deadline  time.Duration // of the caller's context

	want outcome
}

// always is a row whose first request gets the response each time.
func always(situation string, bad wire.Script, want outcome) fault {
	return fault{situation: situation, actions: []wire.Script{bad}, want: want}
}

// refused is a row whose first page is always like this.
func refused(situation, response string, want outcome) fault {
	return always(situation, wire.Writes(response), want)
}

// accepted is a row whose first page is like this, and is read.
func accepted(situation, response string) fault {
	return fault{situation: situation, actions: []wire.Script{wire.Writes(response), good}, want: whole(2)}
}

// ofTokens makes the scripts of the rows those of the token endpoint.
func ofTokens(rows ...fault) []fault {
	for i := range rows {
		rows[i].actions, rows[i].tokens = []wire.Script{good}, rows[i].actions
		if rows[i].want.failure == "" {
			rows[i].want.exchanges = 1
		}
	}
	return rows
}

// alsoOnce adds the rows with a fault that happens to the first request only.
func alsoOnce(rows ...fault) []fault {
	for _, row := range slices.Clone(rows) {
		row.when, row.want = once, whole(3)
		if row.tokens == nil {
			row.actions = append(row.actions, good)
		} else {
			row.tokens, row.want.requests, row.want.exchanges = append(row.tokens, good), 2, 2
		}
		rows = append(rows, row)
	}
	return rows
}

// alsoLater adds the rows as alsoOnce does, and with the fault at all requests
// for the second page.
func alsoLater(rows ...fault) []fault {
	later := slices.Clone(rows)
	for i := range later {
		later[i].when, later[i].actions = fromSecondPage, append([]wire.Script{good}, later[i].actions...)
		later[i].want.requests++
		later[i].want.delivered += firstPageActions
	}
	return append(alsoOnce(rows...), later...)
}

// over runs the rows over another network.
func over(network wire.Network, rows ...fault) []fault {
	for i := range rows {
		rows[i].network = network
	}
	return rows
}

// variants makes a family of rows out of one.
func variants(values []string, row func(string) fault) []fault {
	var rows []fault
	for _, value := range values {
		made := row(value)
		made.variant = "`" + value + "`"
		rows = append(rows, made)
	}
	return rows
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
	faulttable.Compare(t, "../docs/faults.md", faultsPage(groups), *update)
}

// when is how long a fault lasts.
type when string

const (
	each           when = ""
	once           when = "once"
	fromSecondPage when = "from the second page on"
)

func (f fault) name() string {
	return strings.Join(strings.Fields(f.situation+" "+f.variant+" "+f.unlisted+" "+string(f.when)), " ")
}

func (f fault) run(t *testing.T) {
	if f.network != nil {
		f.observe(t, f.network, impatient)
		return
	}
	// With the default policy: waits take no time in a bubble. And the bubble
	// fails the row if a goroutine is left when it ends.
	synctest.Test(t, func(t *testing.T) { f.observe(t, wire.InMemory) })
}

func (f fault) observe(t *testing.T, network wire.Network, options ...wrapper.Option) {
	service := wire.NewService(f.actions, f.tokens)
	client, base := network(t, service, f.keepAlive)
	options = append(options, wrapper.WithBaseURL(base), wrapper.WithTokenURL(base+"/oauth/token"), wrapper.WithHTTPClient(client))
	credentials := wrapper.Credentials(wrapper.ClientSecret{ID: "id", Secret: "secret"})
	if f.tokens == nil {
		credentials = wrapper.Tokens(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: ownToken}))
	}
	lister := must(wrapper.New("", credentials, append(options, f.options...)...))(t)

	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotFirstResponseByte: service.Hear})
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
	got.requests, got.exchanges = service.Seen()
	if len(pages) > 0 {
		got.value = valuesOf(pages[0])
	}
	f.want.compare(t, got, err)
}
