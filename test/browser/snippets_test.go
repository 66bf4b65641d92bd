//go:build browser

package browser_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/talkdesk-express/contractactions/api/sandbox"
)

// checkSnippets runs the code that the page shows, with a token in the place
// of the one that the page keeps to itself. It has to get the answer that the
// page gets.
func checkSnippets(t *testing.T, snippets map[string]string, token, firstAction string) {
	for _, program := range []struct {
		language, file string
		command        []string
	}{
		{"Shell (curl)", "call.sh", []string{"sh"}},
		{"JavaScript", "call.mjs", []string{"node"}},
		{"Python", "call.py", []string{"python3"}},
		{"Go", "call.go", []string{"go", "run"}},
	} {
		t.Run(program.language, func(t *testing.T) {
			code := snippets[program.language]
			if strings.Count(code, "Bearer ACCESS_TOKEN") != 1 || strings.Count(code, "Bearer ") != 1 {
				t.Errorf("the token is not left out:\n%s", code)
			}
			code = strings.Replace(code, "ACCESS_TOKEN", token, 1)
			file := filepath.Join(t.TempDir(), program.file)
			if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := exec.LookPath(program.command[0]); err != nil {
				t.Skip(err)
			}
			command := exec.CommandContext(t.Context(), program.command[0], append(program.command[1:], file)...)
			output, err := command.CombinedOutput()
			if err != nil || !strings.Contains(string(output), firstAction) {
				t.Errorf("%v: %.500s", err, output)
			}
		})
	}
}

// token asks the sandbox for a token.
func token(t *testing.T, fake *sandbox.Server, address string) string {
	t.Helper()
	config := clientcredentials.Config{
		ClientID: fake.ClientID, ClientSecret: fake.ClientSecret,
		TokenURL: address + sandbox.TokenPath, AuthStyle: oauth2.AuthStyleInHeader,
	}
	granted, err := config.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return granted.AccessToken
}
