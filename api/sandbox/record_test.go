package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

func TestRequestsAreRecordedInOrder(t *testing.T) {
	server := sandbox.Start(t)
	token := tokenFor(t, server, "scope", sandbox.ScopeWrite)
	get(t, listURL(server, "a%2Fb")+"?page=2&per_page=%35", token)
	get(t, server.URL+"/nowhere", token)

	got := server.Requests()
	for i := range got {
		got[i].Header = http.Header{"Authorization": got[i].Header["Authorization"]}
	}
	want := []sandbox.Request{
		{
			Method: "POST", Path: "/oauth/token", Status: 200,
			Header: http.Header{"Authorization": {"Basic [redacted]"}},
			Form:   url.Values{"grant_type": {"client_credentials"}, "scope": {sandbox.ScopeWrite}},
		},
		{
			Method: "GET", Path: "/express/accounts/a/b/contracts/actions", RawQuery: "page=2&per_page=%35", Status: 404,
			Header: http.Header{"Authorization": {"Bearer [redacted]"}},
		},
		{
			Method: "GET", Path: "/nowhere", Status: 404,
			Header: http.Header{"Authorization": {"Bearer [redacted]"}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("requests\n got %+v\nwant %+v", got, want)
	}
}

func TestRequestsAreCopies(t *testing.T) {
	server := sandbox.Start(t)
	tokenFor(t, server)
	first := server.Requests()[0]
	first.Header.Set("Content-Type", "changed")
	first.Form.Set("grant_type", "changed")
	second := server.Requests()[0]
	if second.Header.Get("Content-Type") == "changed" || second.Form.Get("grant_type") == "changed" {
		t.Error("a caller that changes its copy changes everybody's")
	}
}

func TestVeryLongHistoriesLoseTheirBeginning(t *testing.T) {
	const limit = 10_000
	server := sandbox.New()
	for i := range limit + 2 {
		path := "/" + strconv.Itoa(i)
		server.ServeHTTP(httptest.NewRecorder(), &http.Request{Method: "GET", URL: &url.URL{Path: path}})
	}
	requests := server.Requests()
	if len(requests) != limit || requests[0].Path != "/2" || requests[limit-1].Path != "/10001" {
		t.Errorf("%d requests, from %s to %s", len(requests), requests[0].Path, requests[len(requests)-1].Path)
	}
}

func TestRecordingsContainNoCredential(t *testing.T) {
	const secret = "the-secret"
	server := sandbox.Start(t, sandbox.WithClient("the-client", secret))
	token := tokenFor(t, server)
	signed := newAssertion(t, server, time.Now()).sign(t)
	sendAssertion(t, server, signed).wantStatus(t, http.StatusOK)
	get(t, listURL(server, "a"), token)

	// Clients put credentials into wrong places, too.
	send(t, formRequest(t, server, "client_secret", secret, "CLIENT_SECRET", secret, "password", secret))
	send(t, newRequest(t, "GET", server.URL+"/?a=b&access_token="+token+"&client%5Fsecret="+secret+"&%zz="+secret, nil))
	for _, value := range []string{secret, secret + " x", "Basic " + secret, "Custom " + secret} {
		request := newRequest(t, "GET", server.URL, nil)
		request.Header.Set("Authorization", value)
		request.Header.Set("Proxy-Authorization", value)
		request.Header.Set("Cookie", "session="+secret)
		send(t, request)
	}
	faulty := tokenRequest(t, server, "client_secret", secret)
	server.FailToken(sandbox.Fault{Status: 500})
	send(t, faulty)

	recorded := fmt.Sprintf("%+v", server.Requests())
	for _, credential := range []string{secret, token, signed, server.PrivateKey} {
		if strings.Contains(recorded, credential) {
			t.Errorf("%q is recorded: %s", credential, recorded)
		}
	}
	for _, kept := range []string{"client_assertion:[[redacted]]", "a=b&access_token=[redacted]", "Basic [redacted]"} {
		if !strings.Contains(recorded, kept) {
			t.Errorf("%q is not recorded: %s", kept, recorded)
		}
	}
}
