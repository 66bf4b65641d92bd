package sandbox_test

import (
	"bytes"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func TestAccountsWhoseIDIsAStatus(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithStatusAccounts())
	token := tokenFor(t, server)
	for _, test := range []struct {
		status     int
		code       string // in a JSON body
		retryAfter string
		body       string // how it begins otherwise
	}{
		{400, "3110005", "", ""},
		{401, "3110001", "", ""},
		{403, "3110002", "", ""},
		{404, "3110006", "", ""},
		{429, "0012001", "1", ""},
		{500, "0015005", "", ""},
		{502, "", "", "<!DOCTYPE html>"},
		{503, "", "1", "Service Unavailable"},
		{504, "", "", ""},
	} {
		target := listURL(server, sandbox.StatusAccountID(test.status))
		response := get(t, target, token).wantStatus(t, test.status)
		if got := response.header.Get("Retry-After"); got != test.retryAfter {
			t.Errorf("%d: Retry-After = %q, want %q", test.status, got, test.retryAfter)
		}
		if test.code != "" {
			if got := decode[gen.ErrorBody](t, response); got.Code != test.code || got.Message == "" {
				t.Errorf("%d: body %s, want the code %s", test.status, response.body, test.code)
			}
		} else if !bytes.HasPrefix(response.body, []byte(test.body)) || test.body == "" && len(response.body) > 0 {
			t.Errorf("%d: body %q, want %q", test.status, response.body, test.body)
		}
		// The token comes first.
		get(t, target, "unknown").wantStatus(t, http.StatusUnauthorized)
	}
	if got := sandbox.StatusAccountID(429); got != "000000000000000000000429" {
		t.Error(got)
	}
	if listed := decode[gen.AccountPage](t, get(t, server.URL+"/express/accounts", token)).Embedded.Accounts; len(listed) != 0 {
		t.Errorf("the list of accounts has %v", listed)
	}
	noViolations(t, server)
}

func TestAccountFaults(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount("a", 3), sandbox.WithAccountFault("a", sandbox.Fault{
		Rewrite: func(body []byte) []byte { return bytes.ReplaceAll(body, []byte("contract_actions"), []byte("items")) },
	}))
	token := tokenFor(t, server)
	for range 2 {
		if response := get(t, listURL(server, "a"), token); response.status != 200 || !bytes.Contains(response.body, []byte(`"items"`)) {
			t.Errorf("status %d, body %s", response.status, response.body)
		}
	}
	get(t, listURL(server, "a")+"?page=0", token).wantStatus(t, http.StatusBadRequest)
	get(t, server.URL+"/express/accounts", token).wantStatus(t, http.StatusOK)
}

// The seed decides which requests fail.
func TestFailures(t *testing.T) {
	statuses := func(options ...sandbox.Option) (all [500]int, counts map[int]int) {
		server := sandbox.New(options...)
		counts = make(map[int]int)
		request := getRequest(t, "http://example.test/express/accounts", "x")
		for i := range all {
			all[i] = serve(t, server, request).status
			counts[all[i]]++
		}
		return all, counts
	}
	first, counts := statuses(sandbox.WithFailures(503, 10), sandbox.WithFailures(429, 2.5))
	if within := func(n, least, most int) bool { return n >= least && n <= most }; !within(counts[503], 30, 70) || !within(counts[429], 4, 25) ||
		counts[503]+counts[429]+counts[401] != len(first) { // 401 because the token is unknown
		t.Errorf("statuses %v of %d", counts, len(first))
	}
	if again, _ := statuses(sandbox.WithFailures(503, 10), sandbox.WithFailures(429, 2.5)); again != first {
		t.Error("the same seed gives different failures")
	}
	if other, _ := statuses(sandbox.WithFailures(503, 10), sandbox.WithFailures(429, 2.5), sandbox.WithSeed(1)); other == first {
		t.Error("different seeds give the same failures")
	}
	if _, counts := statuses(sandbox.WithFailures(503, 100)); counts[503] != len(first) {
		t.Errorf("statuses %v, want 503 only", counts)
	}
}

func TestFailuresLeaveTokensAndQueuedFaultsAlone(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithFailures(503, 100))
	token := tokenFor(t, server)
	server.Fail(sandbox.Fault{}, sandbox.Fault{Status: 418})
	for _, status := range []int{200, 418, 503} {
		get(t, listURL(server, sandbox.DefaultAccountID), token).wantStatus(t, status)
	}
}

func TestFailuresThatMakeNoSense(t *testing.T) {
	for name, option := range map[string]func(){
		"a status of success": func() { sandbox.WithFailures(200, 10) },
		"less than nothing":   func() { sandbox.WithFailures(503, -1) },
		"more than all":       func() { sandbox.New(sandbox.WithFailures(503, 60), sandbox.WithFailures(429, 60)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			option()
		}()
	}
}

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sandbox.WithLatency(time.Second))
		server.Fail(sandbox.Fault{Delay: time.Second})
		for _, want := range []time.Duration{2 * time.Second, time.Second} {
			started := time.Now()
			serve(t, server, getRequest(t, "http://example.test/express/accounts", "x")).wantStatus(t, http.StatusUnauthorized)
			if got := time.Since(started); got != want {
				t.Errorf("took %s, want %s", got, want)
			}
		}
		started := time.Now()
		request := newRequest(t, http.MethodPost, "http://example.test"+sandbox.TokenPath, nil)
		serve(t, server, request).wantStatus(t, http.StatusBadRequest)
		if got := time.Since(started); got != time.Second {
			t.Errorf("a token took %s", got)
		}
	})
}

func TestNewest(t *testing.T) {
	for _, newest := range []time.Time{
		time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC),
		time.Date(1999, 1, 1, 0, 0, 0, 1, time.FixedZone("", 3600)),
	} {
		fixed, moved := generated(425), generated(425, sandbox.WithNewest(newest))
		shift := moved[0].CreatedAt.Sub(fixed[0].CreatedAt)
		var last time.Time
		for i, action := range moved {
			if action.CreatedAt.Sub(fixed[i].CreatedAt) != shift || action.UpdatedAt.Sub(fixed[i].UpdatedAt) != shift || action.ID != fixed[i].ID {
				t.Fatalf("%+v is not %+v later by %s", action, fixed[i], shift)
			}
			if action.UpdatedAt.After(last) {
				last = action.UpdatedAt
			}
		}
		if early := newest.Sub(last); early < 0 || early >= time.Second || shift%time.Second != 0 {
			t.Errorf("the newest is of %s, want %s", last, newest)
		}
	}
	generated(0, sandbox.WithNewest(time.Now()))
}
