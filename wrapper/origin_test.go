package wrapper_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestNextLinksThatLeadBackAreRefused(t *testing.T) {
	const start = "/express/accounts/" + account + "/contracts/actions?" + preferences
	self := fmt.Sprintf(`{"_links":{"self":{"href":"%[1]s&page=1"},"next":{"href":"%[1]s&page=1"}}}`, start)
	for name, bodies := range map[string][]string{
		"to the same page":              {pageBefore(start)},
		"to the same page, other text":  {pageBefore("https://API.example.com:443" + start)},
		"to what the page calls itself": {self},
		"to the page before":            {pageBefore("?page=2"), pageBefore("?page=3"), pageBefore("?page=2")},
		"to the start, with a fragment": {pageBefore("?page=2"), pageBefore(start + "#again")},
	} {
		t.Run(name, func(t *testing.T) {
			client, requests := newClientOfBodies(t, bodies...)
			pages, err := collect(client.Pages(t.Context(), account))
			refused, ok := errors.AsType[*wrapper.LinkError](err)
			if !ok || !strings.Contains(refused.Reason, "already read") {
				t.Errorf("the error is %v, want a LinkError", err)
			}
			if len(pages) != len(bodies) || *requests != len(bodies) {
				t.Errorf("%d pages from %d requests, want %d", len(pages), *requests, len(bodies))
			}
		})
	}
}

func TestRelativeLinksBelongToThePageThatARedirectLedTo(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, request *http.Request) {
		switch request.URL.String() {
		case "/v2/list":
			fmt.Fprint(w, pageBefore("?page=2", action("1")))
		case "/v2/list?page=2":
			fmt.Fprint(w, pageWith(action("2")))
		default:
			http.Redirect(w, request, "/v2/list", http.StatusTemporaryRedirect)
		}
	})
	actions, err := collect(newClientOf(t, server.URL).Actions(t.Context(), account))
	if err != nil || len(actions) != 2 || actions[1].ID != "2" {
		t.Errorf("got %v and the error %v, want the contract actions 1 and 2", actions, err)
	}
}

func TestTheCallersRedirectPolicyStillCounts(t *testing.T) {
	for _, theirs := range []error{errors.New("no redirects here"), http.ErrUseLastResponse} {
		requests := 0
		server := serve(t, func(w http.ResponseWriter, request *http.Request) {
			requests++
			http.Redirect(w, request, "/moved", http.StatusFound)
		})
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return theirs }}
		_, err := collect(newClientOf(t, server.URL, wrapper.WithHTTPClient(client)).Pages(t.Context(), account))
		refused, ok := errors.AsType[*wrapper.Error](err)
		if !ok || refused.StatusCode != http.StatusFound || requests != 1 || errors.Is(err, theirs) == (theirs == http.ErrUseLastResponse) {
			t.Errorf("the error after %d requests is %v, want the 302, with their error if it is one, after 1", requests, err)
		}
	}
}

func TestTheLinkOfAnotherAccountIsRefused(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount("a", 120), sandbox.WithGeneratedAccount("b", 120))
	client := newClient(t, server)
	pages := must(collect(client.Pages(t.Context(), "a", fifty, wrapper.MaxPages(1))))(t)
	rest, err := collect(client.Pages(t.Context(), "b", wrapper.From(pages[0].Next)))
	if _, ok := errors.AsType[*wrapper.LinkError](err); !ok || len(rest) != 0 {
		t.Errorf("got %d pages and the error %v, want a LinkError", len(rest), err)
	}
}
