package wrapper_test

import (
	"crypto/elliptic"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func setEnvironment(t *testing.T, values map[string]string) {
	t.Helper()
	for _, name := range []string{
		"TALKDESK_ACCOUNT", "TALKDESK_REGION", "TALKDESK_CLIENT_ID", "TALKDESK_CLIENT_SECRET", "TALKDESK_PRIVATE_KEY", "TALKDESK_PRIVATE_KEY_FILE",
		"TALKDESK_KEY_ID", "TALKDESK_KEY_ALGORITHM", "TALKDESK_BASE_URL", "TALKDESK_TOKEN_URL", "TALKDESK_SCOPE", "TALKDESK_PLAIN_HTTP_HOSTS",
	} {
		t.Setenv(name, values[name])
	}
}

func TestEnvironmentsThatListTheAccount(t *testing.T) {
	server := sandbox.Start(t)
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(server.PrivateKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, values := range map[string]map[string]string{
		"a secret":             {"TALKDESK_CLIENT_SECRET": server.ClientSecret},
		"a key":                {"TALKDESK_PRIVATE_KEY": server.PrivateKey, "TALKDESK_KEY_ID": server.KeyID},
		"a key in a file":      {"TALKDESK_PRIVATE_KEY_FILE": file, "TALKDESK_KEY_ID": server.KeyID},
		"a region, any case":   {"TALKDESK_CLIENT_SECRET": server.ClientSecret, "TALKDESK_REGION": "Canada"},
		"an account as well":   {"TALKDESK_CLIENT_SECRET": server.ClientSecret, "TALKDESK_ACCOUNT": "acme"},
		"a key id, not needed": {"TALKDESK_CLIENT_SECRET": server.ClientSecret, "TALKDESK_KEY_ID": "k"},
		"scopes":               {"TALKDESK_CLIENT_SECRET": server.ClientSecret, "TALKDESK_SCOPE": " " + wrapper.ScopeRead + "  " + wrapper.ScopeWrite},
	} {
		t.Run(name, func(t *testing.T) {
			values["TALKDESK_CLIENT_ID"] = server.ClientID
			values["TALKDESK_BASE_URL"], values["TALKDESK_TOKEN_URL"] = "https://api.example.com", "https://id.example.com"
			setEnvironment(t, values) // the options win over it
			listsOnePage(t, must(wrapper.NewFromEnvironment(wrapper.WithBaseURL(server.URL), wrapper.WithTokenURL(server.TokenURL)))(t))

			values["TALKDESK_BASE_URL"], values["TALKDESK_TOKEN_URL"] = server.URL, server.TokenURL
			setEnvironment(t, values)
			listsOnePage(t, must(wrapper.NewFromEnvironment())(t))

			setEnvironment(t, map[string]string{"TALKDESK_REGION": "mars", "TALKDESK_CLIENT_SECRET": "of another"})
			listsOnePage(t, must(wrapper.NewFromVariables(func(name string) string { return values[name] }))(t))
		})
	}
}

func TestEnvironmentsThatAreRefused(t *testing.T) {
	large := filepath.Join(t.TempDir(), "large") // whose key begins too late
	content := strings.Repeat("\n", 64<<10) + pemOf("PRIVATE KEY", pkcs8(newEC(elliptic.P256())))
	if err := os.WriteFile(large, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	with := func(changes ...string) map[string]string {
		values := map[string]string{"TALKDESK_ACCOUNT": "acme", "TALKDESK_CLIENT_ID": "id", "TALKDESK_CLIENT_SECRET": "p-S3cr3t"}
		for i := 0; i < len(changes); i += 2 {
			values[changes[i]] = changes[i+1]
		}
		return values
	}
	tests := []struct {
		name   string
		values map[string]string
		want   string
	}{
		{"nothing", nil, "set TALKDESK_ACCOUNT, TALKDESK_CLIENT_ID, TALKDESK_CLIENT_SECRET (or TALKDESK_PRIVATE_KEY and TALKDESK_KEY_ID)"},
		{"no client id", with("TALKDESK_CLIENT_ID", ""), "set TALKDESK_CLIENT_ID"},
		{"no account", with("TALKDESK_ACCOUNT", ""), "set TALKDESK_ACCOUNT"},
		{"a key without its id", with("TALKDESK_CLIENT_SECRET", "", "TALKDESK_PRIVATE_KEY", "p-S3cr3t"), "set TALKDESK_KEY_ID"},
		{"a secret and a key", with("TALKDESK_PRIVATE_KEY", "p-S3cr3t", "TALKDESK_KEY_ID", "k"), "both TALKDESK_CLIENT_SECRET and a private key"},
		{"two keys", with("TALKDESK_CLIENT_SECRET", "", "TALKDESK_PRIVATE_KEY", "k", "TALKDESK_PRIVATE_KEY_FILE", "f", "TALKDESK_KEY_ID", "k"), "both TALKDESK_PRIVATE_KEY and TALKDESK_PRIVATE_KEY_FILE"},
		{"an unreadable key", with("TALKDESK_CLIENT_SECRET", "", "TALKDESK_PRIVATE_KEY_FILE", "/nowhere/key", "TALKDESK_KEY_ID", "k"), "the file that TALKDESK_PRIVATE_KEY_FILE names cannot be read: no such file"},
		{"a file that is no key's", with("TALKDESK_CLIENT_SECRET", "", "TALKDESK_PRIVATE_KEY_FILE", large, "TALKDESK_KEY_ID", "k"), "private key: not a private key that can sign"},
		{"a key for the name of its file", with("TALKDESK_CLIENT_SECRET", "", "TALKDESK_PRIVATE_KEY_FILE", "-----BEGIN p-S3cr3t", "TALKDESK_KEY_ID", "k"), "cannot be read"},
		{"a wrong key", with("TALKDESK_CLIENT_SECRET", "", "TALKDESK_PRIVATE_KEY", "p-S3cr3t", "TALKDESK_KEY_ID", "k"), "private key: not PEM or Base64"},
		{"a secret with a line break", with("TALKDESK_CLIENT_SECRET", "p-S3cr3t\n"), "TALKDESK_CLIENT_SECRET: the value contains a line break"},
		{"a wrong algorithm", with("TALKDESK_CLIENT_SECRET", "", "TALKDESK_PRIVATE_KEY", pemOf("PRIVATE KEY", pkcs8(newEC(elliptic.P256()))), "TALKDESK_KEY_ID", "k", "TALKDESK_KEY_ALGORITHM", "PS256"), `the algorithm does not fit the key`},
		{"an unknown region", with("TALKDESK_REGION", "mars"), `TALKDESK_REGION: unknown region "mars": use us, eu or canada`},
		{"plain http", with("TALKDESK_BASE_URL", "http://api.example.com"), "base URL: \"http://api.example.com\" is plain http"},
		{"plain http for tokens", with("TALKDESK_TOKEN_URL", "http://id.example.com"), "token URL: \"http://id.example.com\" is plain http"},
		{"a bad account", with("TALKDESK_ACCOUNT", "https://acme.talkdeskid.com"), "not an account name"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			setEnvironment(t, test.values)
			client, err := wrapper.NewFromEnvironment()
			checkNoClient(t, client, err, "create a contract actions client from the environment: ", test.want)
		})
	}
	for _, lookup := range []func(string) string{nil, func(string) string { return "" }} {
		client, err := wrapper.NewFromVariables(lookup)
		checkNoClient(t, client, err, "create a contract actions client from variables: ", "")
	}
}

func TestErrorsNameTheVariables(t *testing.T) {
	for variable, value := range map[string]string{
		"TALKDESK_REGION": "mars", "TALKDESK_BASE_URL": "nonsense", "TALKDESK_TOKEN_URL": "https://id.example.com/a b",
		"TALKDESK_SCOPE": "a\x00", "TALKDESK_ACCOUNT": "acme\n", "TALKDESK_CLIENT_ID": "id\n", "TALKDESK_CLIENT_SECRET": "secret\n",
		"TALKDESK_PLAIN_HTTP_HOSTS": "*", "TALKDESK_KEY_ID": "\ufeffk", "TALKDESK_KEY_ALGORITHM": "ES256\r\n",
	} {
		values := map[string]string{"TALKDESK_ACCOUNT": "acme", "TALKDESK_CLIENT_ID": "id", "TALKDESK_CLIENT_SECRET": "secret"}
		values[variable] = value
		_, err := wrapper.NewFromVariables(func(name string) string { return values[name] })
		if bad, ok := errors.AsType[*wrapper.VariableError](err); !ok || !slices.Equal(bad.Names, []string{variable}) || !strings.Contains(err.Error(), variable+": ") {
			t.Errorf("%s: the error is %#v", variable, err)
		}
	}
}
