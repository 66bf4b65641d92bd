package main

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// recorder answers like a service with an empty account, without a network,
// and records the addresses that were asked.
type recorder struct{ asked []string }

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.asked = append(r.asked, request.URL.Scheme+"://"+request.URL.Host)
	body := `{}`
	if request.Method == http.MethodPost {
		body = `{"access_token": "t", "token_type": "Bearer", "expires_in": 600, "count": 0}`
	}
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(body)),
		Request:    request,
	}, nil
}

func TestFlagsWinOverVariables(t *testing.T) {
	for _, test := range []struct {
		name      string
		variables map[string]string
		flags     []string
		want      []string // the token endpoint, and the API
	}{
		{
			"variables alone",
			map[string]string{"TALKDESK_ACCOUNT": "acme", "TALKDESK_REGION": "canada"}, nil,
			[]string{"https://acme.talkdeskidca.com", "https://api.talkdeskappca.com"},
		},
		{
			"flags alone", nil,
			[]string{"--account", "acme", "--region", "EU"},
			[]string{"https://acme.talkdeskid.eu", "https://api.talkdeskapp.eu"},
		},
		{
			"addresses in flags alone", nil,
			[]string{"--token-url", "https://identity.test/token", "--base-url", "https://api.test"},
			[]string{"https://identity.test", "https://api.test"},
		},
		{
			"an account over a token endpoint in a variable",
			map[string]string{"TALKDESK_TOKEN_URL": "https://other.test", "TALKDESK_BASE_URL": "https://api.test"},
			[]string{"--account", "acme"},
			[]string{"https://acme.talkdeskid.com", "https://api.test"},
		},
		{
			"a region over addresses and a bad region in variables",
			map[string]string{
				"TALKDESK_ACCOUNT": "acme", "TALKDESK_REGION": "mars",
				"TALKDESK_TOKEN_URL": "https://other.test", "TALKDESK_BASE_URL": "https://other.test",
			},
			[]string{"--region", "us"},
			[]string{"https://acme.talkdeskid.com", "https://api.talkdeskapp.com"},
		},
		{
			"an address over everything",
			map[string]string{"TALKDESK_ACCOUNT": "acme", "TALKDESK_BASE_URL": "https://other.test"},
			[]string{"--base-url", "https://api.test", "--region", "eu"},
			[]string{"https://acme.talkdeskid.eu", "https://api.test"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			setEnvironment(t, test.variables)
			t.Setenv("TALKDESK_CLIENT_ID", "id")
			t.Setenv("TALKDESK_CLIENT_SECRET", "secret")
			service := new(recorder)
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), append([]string{"list", accountID}, test.flags...), &stdout, &stderr,
				wrapper.WithHTTPClient(&http.Client{Transport: service}))
			if code != exitDone {
				t.Fatalf("exit code %d: %s", code, &stderr)
			}
			if !slices.Equal(service.asked, test.want) {
				t.Errorf("asked %q, want %q", service.asked, test.want)
			}
		})
	}
}
