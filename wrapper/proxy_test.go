package wrapper_test

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// proxyVariables are all that programs look at. net/http reads them once, so
// that each test of them needs a process of its own.
func proxyVariables(address string) []string {
	return []string{
		"HTTP_PROXY=http://" + address, "HTTPS_PROXY=http://" + address, "ALL_PROXY=http://" + address, "NO_PROXY=",
		"http_proxy=http://" + address, "https_proxy=http://" + address, "all_proxy=http://" + address, "no_proxy=", "REQUEST_METHOD=",
	}
}

// Requests to this machine go through no proxy, whatever the environment says:
// that is how net/http is. Plain http goes nowhere else, see WithBaseURL, so
// that no proxy ever reads a credential.
func TestRequestsToLoopbackGoThroughNoProxy(t *testing.T) {
	server, proxy := sandbox.Start(t), newTrap(t)
	command := child(t, "TestListerBehindAProxy", append(proxyVariables(proxy.address),
		"LISTER_URL="+server.URL, "LISTER_ID="+server.ClientID, "LISTER_SECRET="+server.ClientSecret)...)
	output, err := command.CombinedOutput()
	if err != nil || server.ActionRequests() != 9 {
		t.Errorf("the lister made %d requests and ended with %v: %s", server.ActionRequests(), err, output)
	}
	if caught := proxy.caught(); len(caught) > 0 {
		t.Errorf("the proxy received %q", caught)
	}
}

// To everywhere else, https goes through a tunnel. What the proxy learns is the
// name of the host.
func TestAProxySeesNothingButTheHost(t *testing.T) {
	proxy := newTrap(t)
	command := child(t, "TestListerBehindAProxy", append(proxyVariables(proxy.address), "LISTER_ID=id", "LISTER_SECRET=p-S3cr3t")...)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Errorf("the lister ended with %v: %s", err, output)
	}
	caught := proxy.caught()
	if len(caught) == 0 {
		t.Fatalf("nothing went through the proxy: %s", output)
	}
	for _, raw := range caught {
		request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil || request.Method != http.MethodConnect || request.Host != "acme.talkdeskid.com:443" {
			t.Errorf("the proxy received %q, want CONNECT", raw)
			continue
		}
		for name := range request.Header {
			if name != "User-Agent" {
				t.Errorf("the proxy received the header %s: %q", name, request.Header[name])
			}
		}
	}
}

// TestListerBehindAProxy is run with the variables set. Without an address it
// has those of the vendor, which it cannot reach through the trap.
func TestListerBehindAProxy(t *testing.T) {
	onlyInChild(t)
	options := []wrapper.Option{wrapper.WithRetry(wrapper.NoRetry())}
	url := os.Getenv("LISTER_URL")
	if url != "" {
		options = append(options, wrapper.WithBaseURL(url), wrapper.WithTokenURL(url+sandbox.TokenPath))
	}
	credentials := wrapper.ClientSecret{ID: os.Getenv("LISTER_ID"), Secret: wrapper.Secret(os.Getenv("LISTER_SECRET"))}
	_, err := collect(must(wrapper.New("acme", credentials, options...)).Pages(t.Context(), account, fifty))
	var failure *wrapper.TokenError
	switch {
	case url != "" && err != nil:
		t.Error(err)
	case url == "" && (!errors.As(err, &failure) || strings.Contains(err.Error(), "S3cr3t")):
		t.Errorf("the error is %v, want a TokenError without the secret", err)
	}
}
