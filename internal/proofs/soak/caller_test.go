package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// longestPatience is how long a caller waits who does not wait for the end: too
// short for a long list, and often for a page.
const longestPatience = 20 * time.Millisecond

// caller lists one account after the other. Whatever ends a listing in the
// middle, it resumes: at the end, every contract action must have come once.
type caller struct {
	client   *wrapper.Client
	secret   string
	contents map[string][]string
	random   *rand.Rand
	figures  *figures
}

// run begins no listing after the deadline, but finishes its last one.
func (c *caller) run(t *testing.T, deadline time.Time) {
	for time.Now().Before(deadline) && !t.Failed() {
		account := accountOf(sizes[c.random.IntN(len(sizes))])
		if c.oneIn(10) {
			c.listBeginning(t, account)
		} else {
			c.listWhole(t, account)
		}
		c.figures.add("listings", 1)
	}
}

// listWhole lists page by page, and resumes after the last page that came.
func (c *caller) listWhole(t *testing.T, account string) {
	list := new(received)
	for !list.complete && !t.Failed() {
		ctx, cancel := c.patience(t.Context())
		reason, err := c.walk(ctx, cancel, account, list)
		if err != nil {
			reason = c.explain(t, ctx, err)
			c.figures.add("resumed after an error", 1)
		}
		cancel()
		c.figures.ended(reason)
	}
	if want := c.contents[account]; !t.Failed() && !inOrder(list.ids, want, len(want)) {
		t.Errorf("%s: %d contract actions, want each of the %d once, in order", account, len(list.ids), len(want))
	}
}

// inOrder reports whether the ids are the first n of an account: oldest first or,
// once a 400 has made the client give its preferences up, newest first.
func inOrder(ids, oldestFirst []string, n int) bool {
	if n > len(oldestFirst) {
		return false
	}
	newestFirst := slices.Clone(oldestFirst)
	slices.Reverse(newestFirst)
	return slices.Equal(ids, oldestFirst[:n]) || slices.Equal(ids, newestFirst[:n])
}

// received is what has come of a list so far.
type received struct {
	ids      []string
	next     string
	complete bool
}

func (r *received) add(page *wrapper.Page) {
	for _, action := range page.Actions {
		r.ids = append(r.ids, action.ID)
	}
	r.next, r.complete = page.Next, page.Next == ""
}

// Reasons for the end of a listing, beside errors.
const (
	wholeList = "whole list"
	leftEarly = "left early"
)

// walk follows the list until it ends, an error, or a whim.
func (c *caller) walk(ctx context.Context, cancel context.CancelFunc, account string, list *received) (reason string, err error) {
	for page, err := range c.client.Pages(ctx, account, c.options(list.next)...) {
		if err != nil {
			return "", err
		}
		list.add(page)
		c.figures.add("pages", 1)
		c.figures.add("contract actions", len(page.Actions))
		switch {
		case c.oneIn(20) && !list.complete:
			return leftEarly, nil // while the next page may be on its way
		case c.oneIn(20):
			cancel()
		}
	}
	return wholeList, nil
}

// listBeginning leaves in the middle of a page, for good.
func (c *caller) listBeginning(t *testing.T, account string) {
	whole := c.contents[account]
	enough := 1 + c.random.IntN(len(whole)+1)
	reason := wholeList
	var ids []string
	for action, err := range c.client.Actions(t.Context(), account) {
		if err != nil {
			reason = c.explain(t, t.Context(), err)
			break
		}
		if ids = append(ids, action.ID); len(ids) == enough {
			reason = leftEarly
			break
		}
	}
	c.figures.ended(reason)
	c.figures.add("contract actions", len(ids))
	if came := len(ids); !inOrder(ids, whole, came) || reason == wholeList && came < len(whole) {
		t.Errorf("%s: %d contract actions came that are not how the list of %d begins", account, came, len(whole))
	}
}

func (c *caller) options(from string) []wrapper.ListOption {
	options := []wrapper.ListOption{wrapper.From(from)}
	if from == "" && c.oneIn(2) {
		options = append(options, wrapper.PerPage([]int{1 + c.random.IntN(200), 50}[c.random.IntN(2)]))
	}
	if c.oneIn(2) {
		options = append(options, wrapper.NoPrefetch())
	}
	return options
}

// patience is unlimited, but for one caller in ten.
func (c *caller) patience(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.oneIn(10) {
		return context.WithTimeout(ctx, time.Duration(c.random.Int64N(int64(longestPatience))))
	}
	return context.WithCancel(ctx)
}

func (c *caller) oneIn(n int) bool { return c.random.IntN(n) == 0 }

// explain says in a word why a listing ended. An error that none of the faults
// explains fails the test.
func (c *caller) explain(t *testing.T, ctx context.Context, err error) string {
	if strings.Contains(err.Error(), c.secret) {
		t.Error("an error contains the client secret")
	}
	kind := kindOf(ctx, err)
	if !expected[kind] {
		t.Errorf("unexpected error (%s): %v", kind, err)
	}
	return kind
}

func kindOf(ctx context.Context, err error) string {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return "caller's context"
	}
	if failure, ok := errors.AsType[*wrapper.TokenError](err); ok {
		return fmt.Sprintf("token %d", failure.StatusCode)
	}
	if failure, ok := errors.AsType[*wrapper.Error](err); ok {
		return fmt.Sprintf("status %d", failure.StatusCode)
	}
	if _, ok := errors.AsType[*wrapper.LinkError](err); ok {
		return "link refused"
	}
	return fmt.Sprintf("%T", err)
}

// expected are the kinds of error that the faults can lead to. Status 0 is no
// answer, and 200 one that cannot be used.
var expected = map[string]bool{
	"caller's context": true, "link refused": true,
	"token 0": true, "token 200": true, "token 400": true, "token 401": true, "token 429": true, "token 500": true, "token 503": true,
	"status 0": true, "status 200": true, "status 400": true, "status 401": true, "status 403": true, "status 404": true,
	"status 408": true, "status 429": true, "status 500": true, "status 502": true, "status 503": true, "status 504": true,
}
