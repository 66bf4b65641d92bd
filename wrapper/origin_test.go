package wrapper_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// trap is a server that nothing may reach.
func trap(t *testing.T) *httptest.Server {
	return serve(t, func(_ http.ResponseWriter, request *http.Request) {
		t.Errorf("something reached another server: %s %s, Authorization %q", request.Method, request.URL, request.Header.Get("Authorization"))
	})
}

func TestNextLinksOutOfTheOriginAreRefused(t *testing.T) {
	elsewhere := trap(t)
	tests := []struct{ name, link, reason string }{
		{"another port", elsewhere.URL + "/actions?page=2", "leads away"},
		{"another host", "https://api.example.com/actions?page=2", "leads away"},
		{"another host, without a scheme", "//api.example.com/actions", "leads away"},
		{"the host as a user name", "http://HOST@" + strings.TrimPrefix(elsewhere.URL, "http://") + "/", "user information"},
		{"a password on the right host", "http://user:p-S3cr3t@HOST/actions", "user information"},
		{"another scheme", "https://HOST/actions", "leads away"},
		{"no web address", "file:///etc/passwd", "not the URL of a host"},
		{"a script", "javascript:alert(1)", "not the URL of a host"},
		{"a backslash host", `\\api.example.com\actions`, ""},
		{"a host that lower case makes ours", "http://LOCALHOſT/", "not ASCII"},
		{"no URL", "http://[::1", "not a URL"},
		{"a control character", "http://HOST/\x00", "not a URL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := sandbox.Start(t, sandbox.WithGeneratedAccount(account, 120))
			link := strings.ReplaceAll(test.link, "HOST", strings.TrimPrefix(server.URL, "http://"))
			server.Fail(sandbox.Fault{Rewrite: replaceNext(link)})

			actions, err := collect(newClient(t, server).Actions(t.Context(), account, fifty))
			if len(actions) != 50 {
				t.Errorf("%d contract actions were delivered, want the first page's 50", len(actions))
			}
			if test.reason == "" { // a path on the right host: harmless, whatever it means there
				if err == nil || server.ActionRequests() > 2 {
					t.Errorf("the error is %v after %d requests", err, server.ActionRequests())
				}
				return
			}
			var refused *wrapper.LinkError
			if !errors.As(err, &refused) {
				t.Fatalf("the error is %v, want a LinkError", err)
			}
			if !strings.Contains(refused.Reason, test.reason) || refused.Link == "" {
				t.Errorf("the error is %v, want it to say %q", refused, test.reason)
			}
			if strings.Contains(err.Error(), "S3cr3t") {
				t.Errorf("the error shows a password: %v", err)
			}
			if server.ActionRequests() != 1 {
				t.Errorf("%d requests were made, want 1", server.ActionRequests())
			}
		})
	}
}

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

func TestRedirects(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprintf("%d within the origin is followed", status), func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, request *http.Request) {
				if request.URL.Path != "/moved" {
					http.Redirect(w, request, "/moved", status)
					return
				}
				if request.Header.Get("Authorization") != "Bearer "+ownToken {
					t.Error("the redirected request has no token")
				}
				answer(200, "application/json", `{"count":0}`)(w, request)
			})
			if _, err := collect(newClientOf(t, server.URL).Pages(t.Context(), account)); err != nil {
				t.Error(err)
			}
		})
		t.Run(fmt.Sprintf("%d out of the origin is refused", status), func(t *testing.T) {
			elsewhere := trap(t)
			server := serve(t, func(w http.ResponseWriter, request *http.Request) {
				http.Redirect(w, request, elsewhere.URL, status)
			})
			_, err := collect(newClientOf(t, server.URL).Pages(t.Context(), account))
			var refused *wrapper.LinkError
			if !errors.As(err, &refused) || refused.Link != elsewhere.URL {
				t.Errorf("the error is %v, want a LinkError for %s", err, elsewhere.URL)
			}
		})
		t.Run(fmt.Sprintf("%d of a token endpoint is refused", status), func(t *testing.T) {
			elsewhere := trap(t)
			server := serve(t, func(w http.ResponseWriter, request *http.Request) {
				http.Redirect(w, request, elsewhere.URL, status)
			})
			client := must(wrapper.New("", wrapper.ClientSecret{ID: "id", Secret: "secret"},
				wrapper.WithBaseURL(server.URL), wrapper.WithTokenURL(server.URL+"/token"), impatient))
			_, err := collect(client.Pages(t.Context(), account))
			var refused *wrapper.LinkError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), "token endpoint must not redirect") {
				t.Errorf("the error is %v, want a LinkError", err)
			}
		})
	}
	t.Run("endless", func(t *testing.T) {
		requests := 0
		server := serve(t, func(w http.ResponseWriter, request *http.Request) {
			requests++
			http.Redirect(w, request, fmt.Sprintf("/%d", requests), http.StatusFound)
		})
		_, err := collect(newClientOf(t, server.URL).Pages(t.Context(), account))
		var refused *wrapper.LinkError
		if !errors.As(err, &refused) || requests != 10 {
			t.Errorf("the error after %d requests is %v, want a LinkError after 10", requests, err)
		}
	})
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

// replaceNext returns a Rewrite for the sandbox that changes the next link.
func replaceNext(link string) func([]byte) []byte {
	return rewriteJSON(func(page map[string]any) {
		page["_links"].(map[string]any)["next"] = map[string]any{"href": link}
	})
}

func TestDefaultPortsAreTheSameOrigin(t *testing.T) {
	requests := 0
	transport := roundTripper(func(request *http.Request) (*http.Response, error) {
		requests++
		if requests == 1 {
			return jsonResponse(200, `{"_links":{"next":{"href":"https://API.example.com:443/next"}}}`), nil
		}
		return jsonResponse(200, `{"count":0}`), nil
	})
	client := newClientOf(t, "https://api.example.com", wrapper.WithHTTPClient(&http.Client{Transport: transport}))
	pages, err := collect(client.Pages(t.Context(), account))
	if err != nil || len(pages) != 2 {
		t.Errorf("got %d pages and the error %v, want 2", len(pages), err)
	}
	if _, err := url.Parse(pages[0].Next); err != nil || pages[1].Next != "" {
		t.Errorf("the next links are %q and %q", pages[0].Next, pages[1].Next)
	}
}
