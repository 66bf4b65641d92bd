package wrapper_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestNextLinksThatLeadBackAreRefused(t *testing.T) {
	tests := []struct {
		name  string
		pages []string // the next link of each page in turn; START is the first page's address
		want  int      // pages that are delivered
	}{
		{"to the same page", []string{"START"}, 1},
		{"to what the page calls itself", []string{"START&page=1"}, 1},
		{"to the page before", []string{"?page=2", "?page=3", "?page=2"}, 3},
		{"to the start, with a fragment", []string{"?page=2", "START#again"}, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			requests, start := 0, ""
			server := serve(t, func(w http.ResponseWriter, request *http.Request) {
				start = cmp.Or(start, request.URL.RequestURI())
				next := strings.ReplaceAll(test.pages[requests], "START", start)
				requests++
				fmt.Fprintf(w, `{"_links":{"self":{"href":"%s&page=%d"},"next":{"href":%q}}}`, start, requests, next)
			})
			pages, err := collect(newClientOf(t, server.URL).Pages(t.Context(), account))
			var refused *wrapper.LinkError
			if !errors.As(err, &refused) || !strings.Contains(refused.Reason, "already read") {
				t.Errorf("the error is %v, want a LinkError", err)
			}
			if len(pages) != test.want || requests != test.want {
				t.Errorf("%d pages from %d requests, want %d", len(pages), requests, test.want)
			}
		})
	}
}

func TestNextLinksAreTheSamePageHoweverSpelt(t *testing.T) {
	requests := 0
	transport := roundTripper(func(request *http.Request) (*http.Response, error) {
		requests++
		return jsonResponse(200, `{"_links":{"next":{"href":"https://API.example.com:443`+request.URL.RequestURI()+`"}}}`), nil
	})
	client := newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{Transport: transport}))
	pages, err := collect(client.Pages(t.Context(), account))
	var refused *wrapper.LinkError
	if !errors.As(err, &refused) || len(pages) != 1 || requests != 1 {
		t.Errorf("got %d pages from %d requests and the error %v, want one and a LinkError", len(pages), requests, err)
	}
}

func TestRelativeLinksBelongToThePageThatARedirectLedTo(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, request *http.Request) {
		switch request.URL.String() {
		case "/v2/list":
			fmt.Fprintf(w, `{"_embedded":{"contract_actions":[%s]},"_links":{"next":{"href":"?page=2"}}}`, action("1"))
		case "/v2/list?page=2":
			fmt.Fprintf(w, `{"_embedded":{"contract_actions":[%s]}}`, action("2"))
		default:
			http.Redirect(w, request, "/v2/list", http.StatusTemporaryRedirect)
		}
	})
	actions, err := collect(newClientOf(t, server.URL).Actions(t.Context(), account))
	if err != nil || len(actions) != 2 || actions[1].ID != "2" {
		t.Errorf("got %v and the error %v, want the contract actions 1 and 2", actions, err)
	}
}

func TestARedirectThatTheCallersPolicyRefusesIsNotRepeated(t *testing.T) {
	requests := 0
	server := serve(t, func(w http.ResponseWriter, request *http.Request) {
		requests++
		http.Redirect(w, request, "/moved", http.StatusFound)
	})
	no := errors.New("no redirects here")
	theirs := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return no }}
	_, err := collect(newClientOf(t, server.URL, wrapper.WithHTTPClient(theirs)).Pages(t.Context(), account))
	var refused *wrapper.Error
	if !errors.Is(err, no) || !errors.As(err, &refused) || refused.StatusCode != http.StatusFound || requests != 1 {
		t.Errorf("the error after %d requests is %v, want the 302 and their error after 1", requests, err)
	}
}

func TestTheCallersRedirectPolicyStillCounts(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, request *http.Request) {
		http.Redirect(w, request, "/moved", http.StatusFound)
	})
	theirs := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	_, err := collect(newClientOf(t, server.URL, wrapper.WithHTTPClient(theirs)).Pages(t.Context(), account))
	var refused *wrapper.Error
	if !errors.As(err, &refused) || refused.StatusCode != http.StatusFound {
		t.Errorf("the error is %v, want the 302 itself", err)
	}
}

func TestTheLinkOfAnotherAccountIsRefused(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount("a", 120), sandbox.WithGeneratedAccount("b", 120))
	client := newClient(t, server)
	pages, err := collect(client.Pages(t.Context(), "a", fifty, wrapper.MaxPages(1)))
	if err != nil {
		t.Fatal(err)
	}
	rest, err := collect(client.Pages(t.Context(), "b", wrapper.From(pages[0].Next)))
	var refused *wrapper.LinkError
	if !errors.As(err, &refused) || len(rest) != 0 {
		t.Errorf("got %d pages and the error %v, want a LinkError", len(rest), err)
	}
}
