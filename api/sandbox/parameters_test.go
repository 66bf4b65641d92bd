package sandbox_test

import (
	"net/http"
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
			answer := get(t, listURL(server, "a")+"?per_page=2"+query, token).wantStatus(t, http.StatusOK)
			page := decode[gen.ContractActionPage](t, answer)
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
		if got := refusedFields(t, get(t, target+test.query, token)); !slices.Equal(got, test.fields) {
			t.Errorf("%s: fields = %q, want %q", test.query, got, test.fields)
		}
	}
	get(t, target+"?filter=status+eq+'FAILED'&page=2", token).wantStatus(t, http.StatusOK)
	noViolations(t, server)
}

func TestIgnoredOrRefusedTheLaterOptionWins(t *testing.T) {
	server := sandbox.Start(t, sandbox.WithRefusedParameters("filter", "order_by"), sandbox.WithIgnoredParameters("filter"))
	fields := refusedFields(t, get(t, listURL(server, sandbox.DefaultAccountID)+"?filter=x&order_by=y", tokenFor(t, server)))
	if want := []string{"order_by: is not supported"}; !slices.Equal(fields, want) {
		t.Errorf("fields = %q, want %q", fields, want)
	}
}
