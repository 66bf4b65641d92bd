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

// A tool that acts on a document stays at the sandbox whose variant it reads. With
// the document of the service, its credentials are for a host that does not exist,
// and it is stopped before it sends anything.
func TestToolsThatSendRequests(t *testing.T) {
	const stopped = "about to send to your-account.talkdeskid.com.invalid\n"
	for _, test := range []struct{ program, document, want string }{
		{"swagger_client.mjs", "/sandbox.json", "425\n"},
		{"swagger_client.mjs", "/sandbox.yaml", "425\n"},
		{"swagger_client.mjs", "/openapi.yaml", stopped},
		{"mcp_client.mjs", "/sandbox.yaml", "425\n"},
		{"mcp_client.mjs", "/openapi.yaml", stopped},
	} {
		t.Run(test.program+test.document, func(t *testing.T) {
			fake := sandbox.New()
			listening := httptest.NewServer(api.Handler(api.WithSandbox(fake)))
			defer listening.Close()
			command := exec.CommandContext(t.Context(), node(t), "--import", "./stay_here.mjs", test.program)
			command.Env = []string{
				"DOCUMENT=" + listening.URL + test.document, "ACCOUNT=" + accountID, "FOLDER=" + t.TempDir(),
				"CLIENT_ID=" + fake.ClientID, "CLIENT_SECRET=" + fake.ClientSecret,
			}
			printed, err := command.CombinedOutput()
			if got := string(printed); (err == nil) != (got == "425\n") || !strings.Contains(got, test.want) {
				t.Errorf("%v: printed %s, want %s", err, got, test.want)
			}
			for _, violation := range fake.Violations() {
				t.Error(violation)
			}
		})
	}
}
