package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

func TestRequestsAreRecordedInOrder(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithClient("id", "secret"))
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
			Header: http.Header{"Authorization": {"Basic aWQ6c2VjcmV0"}},
			Form:   url.Values{"grant_type": {"client_credentials"}, "scope": {sandbox.ScopeWrite}},
		},
		{
			Method: "GET", Path: "/express/accounts/a/b/contracts/actions", RawQuery: "page=2&per_page=%35", Status: 404,
			Header: http.Header{"Authorization": {"Bearer " + token}},
		},
		{
			Method: "GET", Path: "/nowhere", Status: 404,
			Header: http.Header{"Authorization": {"Bearer " + token}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("requests\n got %+v\nwant %+v", got, want)
	}
}

func TestOnlyFormsOfTheTokenEndpointAreRecorded(t *testing.T) {
	server := sandbox.Start(t)
	form := tokenRequest(t, server, "client_assertion", "a=b&c")
	malformed := newRequest(t, http.MethodPost, server.TokenURL, strings.NewReader("a=1&b=%zz"))
	malformed.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	json := newRequest(t, http.MethodPost, server.TokenURL, strings.NewReader(`{"a": 1}`))
	elsewhere := newRequest(t, http.MethodPost, server.URL+"/elsewhere", strings.NewReader("a=1"))
	elsewhere.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, request := range []*http.Request{form, malformed, json, elsewhere} {
		send(t, request)
	}
	var got []url.Values
	for _, request := range server.Requests() {
		got = append(got, request.Form)
	}
	want := []url.Values{{"grant_type": {"client_credentials"}, "client_assertion": {"a=b&c"}}, {"a": {"1"}}, nil, nil}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("forms %v, want %v", got, want)
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
		t.Error("a change of the result changed the record")
	}
}

func TestRecordsKeepTheLatestRequests(t *testing.T) {
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

func TestLongTextsAreCut(t *testing.T) {
	const limit = 8 << 10
	server := sandbox.Start(t)
	long := strings.Repeat("x", limit+1)
	request := tokenRequest(t, server, "scope", long)
	request.URL.RawQuery = long
	request.Header.Set("X-Long", long)
	send(t, request)
	send(t, newRequest(t, http.MethodGet, server.URL+"/"+long, nil))

	got := server.Requests()
	for name, text := range map[string]string{
		"query": got[0].RawQuery, "header": got[0].Header.Get("X-Long"), "form": got[0].Form.Get("scope"), "path": got[1].Path,
	} {
		if len(text) != limit {
			t.Errorf("%s has %d bytes, want %d", name, len(text), limit)
		}
	}
}

// Whatever clients send, with or without credentials, the record stays within
// the documented 32 MiB.
func TestRecordsTakeBoundedMemory(t *testing.T) {
	const requests, limit = 45, 32 << 20
	long := func() string { return strings.Repeat("x", 900_000) }
	tests := map[string]func(*sandbox.Server) *http.Request{
		"path": func(server *sandbox.Server) *http.Request {
			return newRequest(t, http.MethodGet, server.URL+"/"+long(), nil)
		},
		"query": func(server *sandbox.Server) *http.Request {
			return newRequest(t, http.MethodGet, listURL(server, "a")+"?"+long(), nil)
		},
		"header": func(server *sandbox.Server) *http.Request {
			request := newRequest(t, http.MethodGet, server.URL, nil)
			request.Header.Set("X-Long", long())
			return request
		},
		"many headers": func(server *sandbox.Server) *http.Request {
			request := newRequest(t, http.MethodGet, server.URL, nil)
			for i := range 5_000 {
				request.Header[fmt.Sprintf("X-%d", i)] = []string{"", "x"}
			}
			return request
		},
		"many parameters of a form": func(server *sandbox.Server) *http.Request {
			var pairs []string
			for i := range 9_000 {
				pairs = append(pairs, strconv.Itoa(i), "")
			}
			return formRequest(t, server, pairs...)
		},
	}
	for name, newRequest := range tests {
		t.Run(name, func(t *testing.T) {
			server := sandbox.New()
			server.URL, server.TokenURL = "http://api.example.test", "http://api.example.test"+sandbox.TokenPath
			before := heap()
			for range requests {
				serve(t, server, newRequest(server))
			}
			if got := heap() - before; got > limit {
				t.Errorf("%d requests retain %d MiB", requests, got>>20)
			}
			if len(server.Requests()) == 0 {
				t.Error("no request is recorded")
			}
		})
	}
}

// heap returns the size of all reachable objects in bytes.
func heap() int {
	runtime.GC()
	runtime.GC() // a sync.Pool is empty only after the second one
	var statistics runtime.MemStats
	runtime.ReadMemStats(&statistics)
	return int(statistics.HeapAlloc)
}
