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
	ids := []string{"a", "b", "express", "accounts", "contracts", "actions", "s"} // as parts of the path are called
	var accounts []sandbox.Option
	for _, id := range ids {
		accounts = append(accounts, sandbox.WithGeneratedAccount(id, 120))
	}
	client := newClient(t, sandbox.Start(t, accounts...))
	for _, theirs := range ids {
		pages, err := collect(client.Pages(t.Context(), theirs, fifty, wrapper.MaxPages(1)))
		if err != nil {
			t.Fatal(err)
		}
		for _, own := range ids {
			rest, err := collect(client.Pages(t.Context(), own, wrapper.From(pages[0].Next)))
			var refused *wrapper.LinkError
			if own == theirs && (err != nil || len(rest) != 2) || own != theirs && (!errors.As(err, &refused) || len(rest) != 0) {
				t.Errorf("the link of %s for %s: %d pages and the error %v", theirs, own, len(rest), err)
			}
		}
	}
}

func TestLinksAreSentAsRFC3986HasThem(t *testing.T) {
	tests := []struct{ link, want string }{ // no want: refused as a template
		{"?cursor=é|", "?cursor=%C3%A9%7C"},
		{"?cursor=é|{x}", ""},
		{"?cursor={x}", ""},
		{"next{?page,per_page}", ""},
		{"{+path}/next", ""},
		{"?cursor=}{", "?cursor=%7D%7B"},
		{"é|/[1]/a b", "%C3%A9%7C/%5B1%5D/a%20b"},
	}
	for _, test := range tests {
		var sent []string
		server := serve(t, func(w http.ResponseWriter, request *http.Request) {
			sent = append(sent, request.RequestURI)
			if len(sent) == 1 {
				w.Header().Set("Location", test.link)
				w.WriteHeader(http.StatusFound)
			}
			fmt.Fprint(w, "{}")
		})
		for vehicle, option := range map[string]wrapper.ListOption{"a link": wrapper.From(test.link), "a redirect": wrapper.MaxPages(1)} {
			sent = nil
			if vehicle == "a link" {
				sent = []string{""} // no redirect
			}
			_, err := collect(newClientOf(t, server.URL).Pages(t.Context(), account, option))
			var refused *wrapper.LinkError
			if test.want == "" && vehicle == "a link" {
				if !errors.As(err, &refused) || !strings.Contains(err.Error(), "template") || len(sent) != 1 {
					t.Errorf("%s %q: sent %q, and the error is %v, want it to be refused as a template", vehicle, test.link, sent, err)
				}
			} else if err != nil || len(sent) != 2 || !strings.HasSuffix(sent[1], test.want) {
				t.Errorf("%s %q: sent %q, and the error is %v, want %q", vehicle, test.link, sent, err, test.want)
			}
		}
	}
}
