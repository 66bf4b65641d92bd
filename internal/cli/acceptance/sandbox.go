package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// The accounts that serve refuses.
const (
	ForbiddenAccountID    = "000000000000000000000403"
	UnauthorizedAccountID = "000000000000000000000401"
)

// SetEnvironment sets these TALKDESK_ variables for a test, and no others.
func SetEnvironment(t *testing.T, variables map[string]string) {
	t.Helper()
	for _, name := range []string{
		"TALKDESK_ACCOUNT", "TALKDESK_REGION", "TALKDESK_CLIENT_ID", "TALKDESK_CLIENT_SECRET", "TALKDESK_CLIENT_SECRET_COMMAND", "TALKDESK_PRIVATE_KEY",
		"TALKDESK_PRIVATE_KEY_FILE", "TALKDESK_KEY_ID", "TALKDESK_KEY_ALGORITHM", "TALKDESK_BASE_URL", "TALKDESK_TOKEN_URL",
		"TALKDESK_SCOPE", "TALKDESK_PLAIN_HTTP_HOSTS", "TALKDESK_PROFILE",
	} {
		t.Setenv(name, variables[name])
	}
	// No profile and no cache of whoever runs the tests is to be found.
	home := t.TempDir()
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME", "AppData", "LocalAppData"} {
		t.Setenv(name, home)
	}
}

// EnvironmentOf returns the variables with which the command uses a sandbox.
func EnvironmentOf(server *sandbox.Server) map[string]string {
	return map[string]string{
		"TALKDESK_BASE_URL":      server.URL,
		"TALKDESK_TOKEN_URL":     server.TokenURL,
		"TALKDESK_CLIENT_ID":     server.ClientID,
		"TALKDESK_CLIENT_SECRET": server.ClientSecret,
	}
}

// WriteProfile makes a profile for a test whose environment is set already.
func WriteProfile(t *testing.T, name string, values map[string]string) string {
	t.Helper()
	directory, err := os.UserConfigDir()
	if err != nil {
		t.Fatal(err)
	}
	return WriteEnv(t, filepath.Join(directory, "contractactions", "profiles", name+".env"), values)
}

// WriteEnv writes a file of variables that only its owner can read.
func WriteEnv(t *testing.T, name string, values map[string]string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for name, value := range values {
		text.WriteString(name + "='" + value + "'\n")
	}
	if err := os.WriteFile(name, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Start starts a sandbox that the environment of the test points to.
func Start(t *testing.T, options ...sandbox.Option) *sandbox.Server {
	t.Helper()
	server := sandbox.Start(t, options...)
	SetEnvironment(t, EnvironmentOf(server))
	return server
}

// StartSeveral starts a sandbox with accounts of these numbers of contract actions:
// account-1, account-2 and so on.
func StartSeveral(t *testing.T, actions ...int) *sandbox.Server {
	t.Helper()
	options := []sandbox.Option{sandbox.WithForbiddenAccount(ForbiddenAccountID)}
	for i, n := range actions {
		options = append(options, sandbox.WithGeneratedAccount(fmt.Sprint("account-", i+1), n))
	}
	return Start(t, options...)
}

// StartSmall starts a sandbox with an account of three contract actions, some
// of them with what printing may trip over.
func StartSmall(t *testing.T) *sandbox.Server {
	t.Helper()
	ten, most := int32(10), int32(2147483647)
	noon := time.Date(2022, time.March, 10, 12, 0, 0, 0, time.UTC)
	return Start(t, sandbox.WithAccount(sandbox.DefaultAccountID,
		wrapper.ContractAction{
			ID: "123245132132", ActionType: wrapper.TypeNew, Quantity: &ten, Status: wrapper.StatusCreated,
			StatusMessage: "Contract action created successfully.", CreatedAt: noon, UpdatedAt: noon,
		},
		wrapper.ContractAction{
			ID: "7", ActionType: wrapper.TypeCancel, Status: wrapper.StatusFailed,
			StatusMessage: "=1+1\x1b[31m\nred\u009b", CreatedAt: noon, UpdatedAt: noon.Add(time.Minute),
		},
		wrapper.ContractAction{
			ID: "8", ActionType: wrapper.TypeAmend, Quantity: &most, Status: wrapper.StatusInProgress,
			StatusMessage: `Größe "M", <1 von 2>`,
			CreatedAt:     noon.In(time.FixedZone("", 2*60*60)),
			UpdatedAt:     noon.Add(1500 * time.Millisecond),
		},
	))
}

// ChangeActions is a fault that changes each contract action of a page.
func ChangeActions(change func(i int, action map[string]any)) sandbox.Fault {
	return ChangePage(func(page map[string]any) {
		for i, action := range page["_embedded"].(map[string]any)["contract_actions"].([]any) {
			change(i, action.(map[string]any))
		}
	})
}

// ChangePage is a fault that changes a page.
func ChangePage(change func(page map[string]any)) sandbox.Fault {
	return sandbox.Fault{Rewrite: func(body []byte) []byte {
		var page map[string]any
		if err := json.Unmarshal(body, &page); err != nil {
			panic(err)
		}
		change(page)
		changed, err := json.Marshal(page)
		if err != nil {
			panic(err)
		}
		return changed
	}}
}
