//go:build languages

package clients

import (
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// These clients are here for their enumerations. With those of Redocly and
// NSwag in TestLanguages, six lose pages unless they are generated from the
// open variant.
func TestOpenVariant(t *testing.T) {
	for _, proof := range []proof{
		{name: "typescript-zod", command: node, closed: `Invalid option: expected one of \"CREATED\"`},
		{name: "ruby", command: ruby, closed: "Invalid ENUM value SUSPENDED"},
		{name: "go-ogen", command: ogen, closed: "invalid value: SUSPENDED"},
	} {
		t.Run(proof.name, func(t *testing.T) {
			command := proof.command(t)
			build(t, proof.name, "../../openapi.yaml")
			proof.meetTomorrow(t, command)
		})
	}
}

// meetTomorrow lists an account whose first page has a status that the document
// does not list. If that loses the page, as closed says, a client generated
// from the open variant must not lose it.
func (p proof) meetTomorrow(t *testing.T, command []string) {
	t.Helper()
	run := func(t *testing.T) (*sandbox.Server, result) {
		server := start(t)
		server.Fail(sandbox.Fault{Rewrite: replace(`"status":"CREATED"`, `"status":"SUSPENDED"`)})
		return server, execute(t, p.name, environment(server), slices.Concat(command, []string{sandbox.DefaultAccountID})...)
	}
	if p.closed != "" {
		if _, got := run(t); !strings.Contains(got.stderr, p.closed) {
			t.Errorf("stderr %q, want %q; if the generator got better, say so here and in the README", got.stderr, p.closed)
		}
		build(t, p.name, "../../gen/openapi-open.yaml")
	}
	server, got := run(t)
	got.want(t, 0, ids(server, 0, count), "")
}

func ruby(t *testing.T) []string {
	requireProgram(t, "ruby", "Ruby with typhoeus (apt: ruby-typhoeus)")
	nodeAndJava(t)
	return []string{"ruby", "list_actions.rb"}
}

func ogen(*testing.T) []string { return []string{"build/list-actions"} }
