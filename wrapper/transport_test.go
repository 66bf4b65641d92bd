package wrapper_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// dialsOf lists with many workers at a time and returns how many connections
// that took, and how many requests.
func dialsOf(t *testing.T, workers int, options ...wrapper.Option) (dials, requests int) {
	service := sandbox.New(sandbox.WithGeneratedAccount(account, 500))
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(service)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	credentials := wrapper.ClientSecret{ID: service.ClientID, Secret: wrapper.Secret(service.ClientSecret)}
	client := must(wrapper.New("", credentials, append(options, wrapper.WithBaseURL(server.URL), wrapper.WithTokenURL(server.URL+sandbox.TokenPath))...))
	together(workers, func() {
		for range 4 {
			if _, err := collect(client.Pages(t.Context(), account)); err != nil {
				t.Error(err)
			}
		}
	})
	return int(opened.Load()), service.ActionRequests() + service.TokenRequests()
}

func TestConnectionsAreKeptForAsManyAsAreInUse(t *testing.T) {
	const workers = 32
	dials, requests := dialsOf(t, workers)
	t.Logf("%d connections for %d requests of %d workers", dials, requests, workers)
	// A worker can be back before its connection is; net/http then opens another.
	if dials > 3*workers {
		t.Errorf("%d connections for %d workers", dials, workers)
	}
}

func TestATransportOfTheCallersIsLeftAlone(t *testing.T) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	dialsOf(t, 2, wrapper.WithHTTPClient(&http.Client{Transport: transport}))
	if transport.MaxIdleConnsPerHost != 0 || transport.ReadBufferSize != 0 {
		t.Error("the caller's transport was changed")
	}
}
