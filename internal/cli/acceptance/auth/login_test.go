package auth_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// startForLogin starts a sandbox that nothing is configured for. The secret needs
// every kind of quotes.
func startForLogin(t *testing.T, options ...sandbox.Option) (server *sandbox.Server, flags []string) {
	t.Helper()
	server = sandbox.Start(t, append(options, sandbox.WithClient("me", loginSecret), sandbox.WithGeneratedAccount(accountID, 1))...)
	acceptance.SetEnvironment(t, nil)
	return server, []string{"auth", "login", "--base-url", server.URL, "--token-url", server.TokenURL}
}

const loginSecret = `it's "a" $ecret\ #1`

func profileFile(t *testing.T, name string) string {
	t.Helper()
	directory, err := os.UserConfigDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(directory, "contractactions", "profiles", name+".env")
}

// isPrivate fails the test unless only its owner can read a file, and nothing is
// beside it.
func isPrivate(t *testing.T, name string) {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("%v, %v", info, err)
	}
	entries, _ := os.ReadDir(filepath.Dir(name))
	if len(entries) != 1 {
		t.Errorf("beside %s: %v", name, entries)
	}
}

func TestLoginForScripts(t *testing.T) {
	server, login := startForLogin(t)
	login = append(login, "--client-id", "me")
	result := acceptance.CallWith(t, strings.NewReader(loginSecret+"\r\nmore\n"), login...)
	file := profileFile(t, "default")
	clitest.Compare(t, result.Stderr, "The credentials were accepted. The profile is in "+file+", and is used unless a different one is named.\n")
	if result.Code != exit.Done || result.Stdout != "" {
		t.Fatalf("%+v", result)
	}
	isPrivate(t, file)
	acceptance.Succeed(t, "list", accountID)
	clitest.Compare(t, acceptance.ReadFile(t, file), `# Written by contractactions auth login.
TALKDESK_CLIENT_ID=me
TALKDESK_CLIENT_SECRET="it's \"a\" \$ecret\\ #1"
TALKDESK_BASE_URL=`+server.URL+`
TALKDESK_TOKEN_URL=`+server.TokenURL+"\n")

	// It is replaced only with --force, and only by what is accepted.
	before := acceptance.ReadFile(t, file)
	result = acceptance.CallWith(t, strings.NewReader(loginSecret), login...)
	acceptance.IsOneError(t, result.Stderr, "the profile default exists, in "+file+": to replace it, use --force")
	if result.Code != exit.Usage {
		t.Errorf("%+v", result)
	}
	result = acceptance.CallWith(t, strings.NewReader("wrong"), append(login, "--force")...)
	acceptance.IsOneError(t, result.Stderr, "check the client id")
	if result.Code != exit.Authentication || acceptance.ReadFile(t, file) != before {
		t.Errorf("%+v", result)
	}
	result = acceptance.CallWith(t, strings.NewReader(loginSecret), append(login, "--force", "--errors", "json", "--scope", wrapper.ScopeRead)...)
	if result.Code != exit.Done || result.Stderr != "" || !strings.Contains(acceptance.ReadFile(t, file), "TALKDESK_SCOPE="+wrapper.ScopeRead+"\n") {
		t.Errorf("%+v", result)
	}
}

func TestLoginWithOtherCredentials(t *testing.T) {
	server, login := startForLogin(t)
	key := filepath.Join(t.TempDir(), "it's a key.txt")
	if err := os.WriteFile(key, []byte(server.PrivateKey), 0o600); err != nil {
		t.Fatal(err)
	}
	result := acceptance.Call(t, append(login, "--client-id", "me", "--key-file", key, "--key-id", server.KeyID, "--profile", "Keys")...)
	if result.Code != exit.Done || !strings.HasSuffix(result.Stderr, "keys.env, and is used with --profile keys.\n") {
		t.Fatalf("%+v", result)
	}
	acceptance.Succeed(t, "list", accountID, "--profile", "keys")
	if strings.Contains(acceptance.ReadFile(t, profileFile(t, "keys")), server.PrivateKey) {
		t.Error("the key is in the profile")
	}
	if runtime.GOOS == "windows" {
		return
	}
	command := `printf '%s' 'it'\''s "a" $ecret\ #1'`
	if result := acceptance.Call(t, append(login, "--client-id", "me", "--secret-command", command, "--profile", "vault")...); result.Code != exit.Done {
		t.Fatalf("%+v", result)
	}
	acceptance.Succeed(t, "list", accountID, "--profile", "vault")
	if strings.Contains(acceptance.ReadFile(t, profileFile(t, "vault")), "TALKDESK_CLIENT_SECRET=") {
		t.Error("the secret is in the profile")
	}
}

func TestLoginErrors(t *testing.T) {
	for name, test := range map[string]struct {
		stdin string
		flags []string
		code  int
		want  string
	}{
		"no flags":                     {"s", nil, exit.Usage, "set --account and --client-id, or run auth login on a terminal, where it asks"},
		"no secret":                    {"\n", []string{"--account", "acme", "--client-id", "me"}, exit.Usage, "standard input has no secret"},
		"a secret of 64 KiB":           {strings.Repeat("x", 70_000), []string{"--account", "acme", "--client-id", "me"}, exit.Usage, "too long for a secret"},
		"two credentials":              {"", []string{"--key-file", "f", "--secret-command", "c"}, exit.Usage, "--key-file and --secret-command exclude each other"},
		"a key id for a secret":        {"s", []string{"--account", "acme", "--client-id", "me", "--key-id", "7"}, exit.Usage, "--key-id and --key-algorithm need --key-file"},
		"a key algorithm for a secret": {"s", []string{"--account", "acme", "--client-id", "me", "--key-algorithm", "ES256"}, exit.Usage, "--key-id and --key-algorithm need --key-file"},
		"a key id for a command":       {"", []string{"--account", "acme", "--client-id", "me", "--key-id", "7", "--secret-command", "c"}, exit.Usage, "--key-id and --key-algorithm need --key-file"},
		"no key id":                    {"", []string{"--account", "acme", "--client-id", "me", "--key-file", "f"}, exit.Usage, "the file that TALKDESK_PRIVATE_KEY_FILE names cannot be read"},
		"not an account":               {"s", []string{"--account", "a.b", "--client-id", "me"}, exit.Usage, `contractactions: --account: "a.b" is not an account name`},
		"a region":                     {"s", []string{"--region", "mars"}, exit.Usage, "use us, eu or canada"},
	} {
		t.Run(name, func(t *testing.T) {
			acceptance.SetEnvironment(t, nil)
			result := acceptance.CallWith(t, strings.NewReader(test.stdin), append([]string{"auth", "login"}, test.flags...)...)
			if result.Code != test.code || result.Stdout != "" {
				t.Errorf("%+v", result)
			}
			acceptance.IsOneError(t, result.Stderr, test.want)
			if _, err := os.Stat(profileFile(t, "default")); err == nil {
				t.Error("a profile was written")
			}
		})
	}
}

func TestLoginWithoutADirectoryForProfiles(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("XDG_CONFIG_HOME has no meaning there")
	}
	for _, flag := range []string{"--force", "--quiet"} {
		acceptance.SetEnvironment(t, nil)
		t.Setenv("XDG_CONFIG_HOME", os.DevNull)
		result := acceptance.CallWith(t, strings.NewReader("s"), "auth", "login", "--account", "acme", "--client-id", "me", "--profile", "work", flag)
		if result.Code != exit.Usage {
			t.Errorf("%s: %+v", flag, result)
		}
		acceptance.IsOneError(t, result.Stderr, "the profile work: stat "+profileFile(t, "work")+": not a directory")
	}
}

// What does not fit is said, and the profile is written nevertheless.
func TestLoginNotesWhatDoesNotFit(t *testing.T) {
	_, login := startForLogin(t, sandbox.WithScopes(sandbox.ScopeAccounts))
	t.Setenv("TALKDESK_REGION", "eu")
	result := acceptance.CallWith(t, strings.NewReader(loginSecret), append(login, "--client-id", "me")...)
	lines := strings.Split(result.Stderr, "\n")
	if result.Code != exit.Done || len(lines) != 4 || !strings.HasPrefix(lines[1], "Note: the token cannot list contract actions: ") ||
		lines[2] != "Note: these environment variables override the profile: TALKDESK_REGION." {
		t.Errorf("%+v", result)
	}
}

// With the account and region of the vendor's own hosts.
func TestLoginWithAnAccount(t *testing.T) {
	acceptance.SetEnvironment(t, nil)
	service := new(recorder)
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), strings.Fields("auth login --account acme --region EU --client-id me"), strings.NewReader("s"), &stdout, &stderr,
		wrapper.WithHTTPClient(&http.Client{Transport: service}))
	if code != exit.Done || !slices.Equal(service.asked, []string{"https://acme.talkdeskid.eu"}) {
		t.Errorf("exit code %d, asked %q, stderr %s", code, service.asked, &stderr)
	}
	if text := acceptance.ReadFile(t, profileFile(t, "default")); !strings.Contains(text, "TALKDESK_ACCOUNT=acme\nTALKDESK_REGION=eu\n") {
		t.Error(text)
	}
}
