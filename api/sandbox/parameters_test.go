package sandbox_test

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

func TestIgnoredParametersHaveNoEffect(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithGeneratedAccount("a", 5), sandbox.WithIgnoredParameters("filter", "order_by"))
	token := tokenFor(t, server)
	for _, query := range []string{
		"&filter=status+eq+'FAILED'&order_by=created_at:asc",
		"&filter=nonsense&order_by=nonsense",
		"&filter=&order%5Fby=x&order_by=y",
	} {
		t.Run(query, func(t *testing.T) {
			response := get(t, listURL(server, "a")+"?per_page=2"+query, token).wantStatus(t, http.StatusOK)
			page := decode[gen.ContractActionPage](t, response)
			if got, want := idsOf(page.Embedded.ContractActions), idsOf(server.Actions("a")[:2]); !slices.Equal(got, want) {
				t.Errorf("listed %s, want %s", got, want)
			}
			if got, want := href(page.Links.Next), listURL(server, "a")+"?page=2&per_page=2"; got != want {
				t.Errorf("next = %s, want %s", got, want)
			}
			if *page.Total != 5 {
				t.Errorf("total %d, want 5", *page.Total)
			}
		})
	}
	noViolations(t, server)
}

// FuzzIgnoredParameters shows that ignored parameters have no effect, however they
// are written: every query that can be parsed gives the same page.
func FuzzIgnoredParameters(f *testing.F) {
	for _, seed := range []string{"filter=x", "fil%74er=%27&page=0&page=2", "&&=&order_by&per_page=1;2", "page=%zz&%zz=1", "PAGE=0&filter+=x"} {
		f.Add(seed)
	}
	server := sandbox.New(sandbox.WithURL("http://api.example.test"), sandbox.WithGeneratedAccount("a", 51),
		sandbox.WithIgnoredParameters("filter", "order_by", "page", "per_page"))
	token := decode[tokenResponse](f, serve(f, server, tokenRequest(f, server))).AccessToken
	page := func(t testing.TB, query string) readResponse {
		request := getRequest(t, listURL(server, "a"), token)
		request.URL.RawQuery = query
		return serve(t, server, request)
	}
	want := page(f, "").wantStatus(f, http.StatusOK).body
	f.Fuzz(func(t *testing.T, query string) {
		got := page(t, query)
		if _, err := url.ParseQuery(query); err == nil && !bytes.Equal(got.wantStatus(t, http.StatusOK).body, want) {
			t.Errorf("%q: %s", query, got.body)
		} else if err != nil && got.status != http.StatusOK {
			invalidFields(t, got)
		}
	})
}

func TestRefusedParameters(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithRefusedParameters("order_by", "per_page"))
	token := tokenFor(t, server)
	target := listURL(server, sandbox.DefaultAccountID)
	tests := []struct {
		query  string
		fields []string
	}{
		{"?order_by=created_at:asc&per_page=250", []string{"order_by: is not supported", "per_page: is not supported"}},
		{"?per_page=nonsense&page=1", []string{"per_page: is not supported"}},
	}
	for _, test := range tests {
		if got := invalidFields(t, get(t, target+test.query, token)); !slices.Equal(got, test.fields) {
			t.Errorf("%s: fields = %q, want %q", test.query, got, test.fields)
		}
	}
	get(t, target+"?filter=status+eq+'FAILED'&page=2", token).wantStatus(t, http.StatusOK)
	noViolations(t, server)
}

func TestIgnoredOrRefusedTheLaterOptionWins(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithRefusedParameters("filter", "order_by"), sandbox.WithIgnoredParameters("filter"))
	fields := invalidFields(t, get(t, listURL(server, sandbox.DefaultAccountID)+"?filter=x&order_by=y", tokenFor(t, server)))
	if want := []string{"order_by: is not supported"}; !slices.Equal(fields, want) {
		t.Errorf("fields = %q, want %q", fields, want)
	}
}
