package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func TestStartSaysWhereItListens(t *testing.T) {
	server := sandbox.Start(t)
	if !strings.HasPrefix(server.URL, "http://127.0.0.1:") {
		t.Errorf("URL = %q, want the loopback interface", server.URL)
	}
	if want := server.URL + "/oauth/token"; server.TokenURL != want {
		t.Errorf("TokenURL = %q, want %q", server.TokenURL, want)
	}
	get(t, listURL(server, sandbox.DefaultAccountID), tokenFor(t, server)).wantStatus(t, http.StatusOK)
}

func TestStartEndsWithItsTest(t *testing.T) {
	var server *sandbox.Server
	t.Run("inner", func(t *testing.T) { server = sandbox.Start(t) })
	if response, err := http.Get(server.URL); err == nil {
		_ = response.Body.Close()
		t.Error("the server outlived its test")
	}
}

func TestEndOfATestDoesNotWaitForDelays(t *testing.T) {
	start := time.Now()
	t.Run("inner", func(t *testing.T) {
		server := sandbox.Start(t)
		server.Fail(sandbox.Fault{Delay: time.Hour})
		request, err := http.NewRequest(http.MethodGet, listURL(server, "a"), nil)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			if response, err := http.DefaultClient.Do(request); err == nil {
				_ = response.Body.Close()
			}
		}()
		for server.ActionRequests() == 0 {
			runtime.Gosched()
		}
	})
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestServersAreIndependent(t *testing.T) {
	one, other := sandbox.Start(t), sandbox.Start(t)
	if one.ClientSecret == other.ClientSecret || one.PrivateKey == other.PrivateKey {
		t.Error("two servers share credentials")
	}
	get(t, listURL(other, sandbox.DefaultAccountID), tokenFor(t, one)).wantStatus(t, http.StatusUnauthorized)
}

func TestExportedFieldsDoNotConfigure(t *testing.T) {
	server := sandbox.Start(t)
	server.ClientSecret = "other"
	send(t, tokenRequest(t, server)).wantStatus(t, http.StatusUnauthorized)
}

func TestEveryAnswerHasARequestID(t *testing.T) {
	server := sandbox.Start(t)
	for i, target := range []string{server.URL + "/nowhere", server.TokenURL, listURL(server, "x")} {
		want := fmt.Sprintf("sandbox-%06d", i+1)
		if got := get(t, target, "x").header.Get("X-Request-Id"); got != want {
			t.Errorf("%s: X-Request-Id = %q, want %q", target, got, want)
		}
	}
}

func TestPrintingAServerShowsNoCredential(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithClient("the-client", "the-secret"))
	token := tokenFor(t, server)

	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("server", "server", server)
	slog.New(slog.NewTextHandler(&logged, nil)).Info("server", "server", server)
	encoded, err := json.Marshal(server)
	if err != nil {
		t.Fatal(err)
	}
	printed := map[string]string{
		"log":    logged.String(),
		"json":   string(encoded),
		"nested": fmt.Sprintf("%+v", struct{ Server *sandbox.Server }{server}),
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed[verb] = fmt.Sprintf(verb, server)
	}
	for how, text := range printed {
		for _, credential := range []string{"the-secret", server.PrivateKey, token} {
			if strings.Contains(text, credential) {
				t.Errorf("%s shows a credential: %s", how, text)
			}
		}
	}
	if !strings.Contains(printed["%v"], "the-client") {
		t.Errorf("%%v = %s, want the client's id", printed["%v"])
	}
	if got := fmt.Sprintf("%v", (*sandbox.Server)(nil)); got != "<nil>" {
		t.Errorf("a nil server prints as %q", got)
	}
}

func TestServeHTTPWorksInsideABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New()
		server.URL, server.TokenURL = "https://api.example.test", "https://id.example.test/oauth/token"

		response := serve(t, server, tokenRequest(t, server)).wantStatus(t, http.StatusOK)
		token := decode[tokenResponse](t, response).AccessToken
		list := func() readResponse {
			request := getRequest(t, listURL(server, sandbox.DefaultAccountID), token)
			request.Host = "" // clients may leave it empty
			return serve(t, server, request)
		}
		page := decode[gen.ContractActionPage](t, list().wantStatus(t, http.StatusOK))
		if next := *page.Links.Next.Href; !strings.HasPrefix(next, "https://api.example.test/express/") {
			t.Errorf("next = %q, want the request's own origin", next)
		}

		time.Sleep(10 * time.Minute) // of the bubble
		list().wantStatus(t, http.StatusUnauthorized)
		noViolations(t, server)
	})
}

func TestLinksAreHTTPSBehindTLS(t *testing.T) {
	server := sandbox.New()
	listening := httptest.NewTLSServer(server)
	defer listening.Close()
	server.URL, server.TokenURL = listening.URL, listening.URL+sandbox.TokenPath

	response, err := listening.Client().Do(tokenRequest(t, server))
	if err != nil {
		t.Fatal(err)
	}
	token := decode[tokenResponse](t, read(t, response)).AccessToken
	response, err = listening.Client().Do(getRequest(t, listURL(server, sandbox.DefaultAccountID), token))
	if err != nil {
		t.Fatal(err)
	}
	page := decode[gen.ContractActionPage](t, read(t, response))
	if next := *page.Links.Next.Href; !strings.HasPrefix(next, listening.URL+"/") {
		t.Errorf("next = %q, want a link below %s", next, listening.URL)
	}
}

// This test is for the race detector.
func TestConcurrentUse(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithProgress(time.Hour))
	token := tokenFor(t, server)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			id := fmt.Sprintf("action-%d", i)
			server.Put(sandbox.DefaultAccountID, newAction(id, gen.ContractActionStatusCREATED))
			if err := server.Advance(sandbox.DefaultAccountID, id, gen.ContractActionStatusINPROGRESS, ""); err != nil {
				t.Error(err)
			}
			server.Fail(sandbox.Fault{})
			response, err := http.DefaultClient.Do(getRequest(t, listURL(server, sandbox.DefaultAccountID), token))
			if err != nil {
				t.Error(err)
				return
			}
			_ = response.Body.Close()
			_ = server.Requests()
			_ = server.Actions(sandbox.DefaultAccountID)
			_ = server.Violations()
			_ = fmt.Sprintf("%+v", server)
		})
	}
	group.Wait()
	if got := server.ActionRequests(); got != 8 {
		t.Errorf("%d requests for actions, want 8", got)
	}
	noViolations(t, server)
}
