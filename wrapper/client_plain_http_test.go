package wrapper_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestPlainHTTPHostsAreExact(t *testing.T) {
	for _, test := range []struct {
		hosts, url string
		allowed    bool
	}{
		{"sandbox:8080", "http://sandbox:8080", true},
		{"sandbox:8080", "HTTP://Sandbox:8080/path", true},
		{"SANDBOX,other:8080", "http://sandbox", true},
		{"other, sandbox", "http://sandbox:80", true},
		{"192.0.2.1:8080", "http://192.0.2.1:8080", true},
		{"[2001:db8::1]:8080", "http://[2001:db8::1]:8080", true},
		{"", "http://sandbox:8080", false},
		{",", "http://sandbox:8080", false},
		{"sandbox", "http://sandbox:8080", false},
		{"sandbox:8080", "http://sandbox", false},
		{"sandbox:8080", "http://sandbox:8081", false},
		{"sandbox:8080", "http://a.sandbox:8080", false},
		{"a.sandbox:8080", "http://sandbox:8080", false},
		{"sandbox:8080", "http://sandbox.:8080", false},
		{"192.0.2.1", "http://3221225985", false},
	} {
		values := map[string]string{
			"TALKDESK_CLIENT_ID": "id", "TALKDESK_CLIENT_SECRET": "s",
			"TALKDESK_BASE_URL": test.url, "TALKDESK_TOKEN_URL": test.url + "/t", "TALKDESK_PLAIN_HTTP_HOSTS": test.hosts,
		}
		_, err := wrapper.NewFromVariables(func(name string) string { return values[name] })
		if isPlain := err != nil && strings.Contains(err.Error(), `base URL: "http://`); (err == nil) != test.allowed || isPlain == test.allowed {
			t.Errorf("%q, %s: the error is %v", test.hosts, test.url, err)
		}
		// The option can also come after the URL that it allows.
		hosts := strings.FieldsFunc(test.hosts, func(r rune) bool { return r == ',' || r == ' ' })
		_, err = wrapper.New("acme", wrapper.ClientSecret{ID: "id", Secret: "s"}, wrapper.WithBaseURL(test.url), wrapper.WithPlainHTTPHosts(hosts...))
		if (err == nil) != test.allowed {
			t.Errorf("%q, %s: the error of the options is %v", test.hosts, test.url, err)
		}
	}
}

func TestHostsForPlainHTTPThatAreRefused(t *testing.T) {
	for _, host := range []string{
		"*", "*.example.com", "sandbox:*", ":8080", "http://sandbox:8080", "sandbox:8080/path", "user:p-S3cr3t@sandbox", "sandbox?x", "sandbox#x",
		"sand box", "sandbox\n", "s\u00e4ndbox", "[::1", "",
	} {
		client, err := wrapper.New("acme", wrapper.ClientSecret{ID: "id", Secret: "s"}, wrapper.WithPlainHTTPHosts("sandbox", host))
		checkNoClient(t, client, err, "create a contract actions client: ", "a host for plain http is not valid: use the form sandbox or sandbox:8080")
	}
}

// A transport with a proxy keeps it, whatever is listed.
func TestPlainHTTPGoesThroughTheProxy(t *testing.T) {
	var received []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		received = append(received, r.RequestURI)
		answer(200, "application/json", `{"access_token":"t0ken","token_type":"Bearer","expires_in":600,"count":0}`)(w, r)
	}))
	defer proxy.Close()
	transport := &http.Transport{Proxy: http.ProxyURL(fixture(url.Parse(proxy.URL)))}
	defer transport.CloseIdleConnections()
	client := must(wrapper.New("", wrapper.ClientSecret{ID: "id", Secret: "s"},
		wrapper.WithBaseURL("http://sandbox:8080"), wrapper.WithTokenURL("http://sandbox:8080/t"), wrapper.WithPlainHTTPHosts("sandbox:8080"),
		wrapper.WithHTTPClient(&http.Client{Transport: transport})))(t)
	listsOnePage(t, client)
	want := []string{"http://sandbox:8080/t", "http://sandbox:8080/express/accounts/" + account + "/contracts/actions?" + preferences}
	if !slices.Equal(received, want) {
		t.Errorf("the proxy received %q, want %q", received, want)
	}
}
