//go:build peers

package peers

import (
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api"
	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// A tool that acts on a document stays at the sandbox whose variant it reads, and
// with the document of the service it is stopped here, before it sends anything.
func TestSwaggerClient(t *testing.T) {
	for document, want := range map[string]string{
		"/sandbox.json": "425\n",
		"/sandbox.yaml": "425\n",
		"/openapi.yaml": "about to send to https://your-account.talkdeskid.com.invalid/oauth/token",
	} {
		t.Run(document, func(t *testing.T) {
			fake := sandbox.New()
			listening := httptest.NewServer(api.Handler(api.WithSandbox(fake)))
			defer listening.Close()
			command := exec.CommandContext(t.Context(), node(t), "swagger_client.mjs")
			command.Env = []string{
				"DOCUMENT=" + listening.URL + document, "ACCOUNT=" + accountID,
				"CLIENT_ID=" + fake.ClientID, "CLIENT_SECRET=" + fake.ClientSecret,
			}
			printed, err := command.CombinedOutput()
			if got := string(printed); (err == nil) != (got == "425\n") || !strings.Contains(got, want) {
				t.Errorf("%v: printed %s, want %s", err, got, want)
			}
			for _, violation := range fake.Violations() {
				t.Error(violation)
			}
		})
	}
}
