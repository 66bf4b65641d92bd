//go:build browser

// Package browser_test opens the documentation page in a headless Chromium.
// README.md says what has to be installed.
package browser_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api"
	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/gen"
)

const (
	forbiddenAccount = "000000000000000000000403"
	prefix           = "/below/a/prefix"
)

// report is what run.mjs prints.
type report struct {
	Console        []message
	Violations     map[string][]violation
	SnippetsBefore map[string]string
	SnippetsAfter  map[string]string
	Granted        answer
	Filtered       answer
	Refused        answer
	Refusal        string
	WithKeyboard   answer
	BelowPrefix    answer
	WithoutSandbox struct {
		Snippets map[string]string
		Buttons  []string
	}
	Text        string
	Narrow      struct{ Window, Page int } // widths
	LinkOfIndex string
}

// message is one of the browser's console.
type message struct{ Type, Text, URL string }

// violation is something that axe-core does not like.
type violation struct{ Rule, Help, Target string }

// answer is one of the API, as the page shows it.
type answer struct {
	Status  int
	Body    string
	Headers []string
}

func TestDocumentationPage(t *testing.T) {
	options := []sandbox.Option{
		sandbox.WithClient("me & my:client", `secret+%2B/ "ü`),
		sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, 425),
		sandbox.WithForbiddenAccount(forbiddenAccount),
	}
	fake := sandbox.New(options...)
	address := start(t, api.Handler(api.WithSandbox(fake)))
	// Its other clients reach this one at a name that the browser cannot resolve.
	elsewhere := sandbox.New(append(options, sandbox.WithURL("http://sandbox.example.test:8080"))...)
	mux := http.NewServeMux()
	mux.Handle(prefix+"/", http.StripPrefix(prefix, api.Handler(api.WithSandbox(elsewhere))))
	addressBelowPrefix := start(t, mux) + prefix
	addressWithoutSandbox := start(t, api.Handler())
	netLog := filepath.Join(t.TempDir(), "net-log.json")

	got := run(t,
		"CHROMIUM="+chromium(t),
		"NET_LOG="+netLog,
		"SCREENSHOT="+screenshotFile(t),
		"ADDRESS="+address,
		"ADDRESS_BELOW_PREFIX="+addressBelowPrefix,
		"ADDRESS_WITHOUT_SANDBOX="+addressWithoutSandbox,
		"FORBIDDEN_ACCOUNT="+forbiddenAccount,
		"CLIENT_ID="+fake.ClientID,
		"CLIENT_SECRET="+fake.ClientSecret,
	)

	first := fake.Actions(sandbox.DefaultAccountID)[0].ID
	for name, answer := range map[string]answer{
		"a call":                got.Granted,
		"a call without mouse":  got.WithKeyboard,
		"a call below a prefix": got.BelowPrefix,
	} {
		t.Run(name, func(t *testing.T) {
			if answer.Status != http.StatusOK || !strings.Contains(answer.Body, `"id": "`+first+`"`) {
				t.Errorf("answered %d: %.300s", answer.Status, answer.Body)
			}
			if headers := strings.Join(answer.Headers, "\n"); !strings.Contains(headers, "content-type: application/json") {
				t.Errorf("headers:\n%s", headers)
			}
		})
	}
	t.Run("a call with filter and order", func(t *testing.T) { checkFailed(t, got.Filtered, fake) })
	t.Run("a call for somebody else's account", func(t *testing.T) {
		if got.Refused.Status != http.StatusForbidden || !strings.Contains(got.Refused.Body, `"code": "3110002"`) {
			t.Errorf("answered %d: %s", got.Refused.Status, got.Refused.Body)
		}
	})
	t.Run("a wrong secret", func(t *testing.T) {
		if !strings.Contains(got.Refusal, "The client id or the secret is wrong.") {
			t.Errorf("the page says %q", got.Refusal)
		}
	})
	t.Run("without a sandbox", func(t *testing.T) {
		for _, button := range got.WithoutSandbox.Buttons {
			if slices.Contains([]string{"Authorize", "Execute", "Try it out"}, button) {
				t.Errorf("there is a button %q", button)
			}
		}
		for language, code := range got.WithoutSandbox.Snippets {
			if !strings.Contains(code, "https://api.talkdeskapp.com/express/accounts/") || strings.Contains(code, "filter") {
				t.Errorf("%s does not call the service for the whole list:\n%s", language, code)
			}
		}
	})
	t.Run("the text", func(t *testing.T) {
		for what, text := range map[string]string{
			"the note of the operation":       "Note: R prints this path with its parameter elided",
			"the note of a parameter":         "Note: V names no operator but",
			"the note of the security scheme": "Note: G has a token endpoint per account and region, and OpenAPI has no variables",
			"the note of a schema":            "Note: R and V list the four values.",
			"a code of the gateway":           "0012001\tThe gateway: the rate limit is exceeded.",
			"the answer to a missing account": "V documents the status, the body and the code 3110006.",
			"the limit of a parameter":        "maximum: 250",
			"the default of a parameter":      "Without it, the list is newest first.",
		} {
			if !strings.Contains(got.Text, text) {
				t.Errorf("%s, %q, is not on the page", what, text)
			}
		}
	})
	t.Run("a narrow window", func(t *testing.T) {
		if got.Narrow.Window == 0 || got.Narrow.Page > got.Narrow.Window {
			t.Errorf("the page is %d pixels wide in a window of %d", got.Narrow.Page, got.Narrow.Window)
		}
	})
	t.Run("the index", func(t *testing.T) {
		if got.LinkOfIndex != addressBelowPrefix+"/docs" {
			t.Errorf("its link to the documentation leads to %s", got.LinkOfIndex)
		}
	})
	t.Run("the console", func(t *testing.T) { checkConsole(t, got.Console) })
	t.Run("accessibility", func(t *testing.T) { checkViolations(t, got.Violations) })
	t.Run("the network", func(t *testing.T) {
		checkNetwork(t, netLog, address, origin(addressBelowPrefix), addressWithoutSandbox)
	})
	t.Run("code before a call", func(t *testing.T) { checkSnippets(t, got.SnippetsBefore, token(t, fake, address), first) })
	t.Run("code of a call", func(t *testing.T) { checkSnippets(t, got.SnippetsAfter, token(t, fake, address), first) })
}

// checkFailed wants the first page of what has failed, last updated first.
func checkFailed(t *testing.T, got answer, fake *sandbox.Server) {
	want := slices.DeleteFunc(fake.Actions(sandbox.DefaultAccountID), func(action gen.ContractAction) bool {
		return action.Status != gen.ContractActionStatusFAILED
	})
	slices.SortStableFunc(want, func(a, b gen.ContractAction) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	var page gen.ContractActionPage
	if err := json.Unmarshal([]byte(got.Body), &page); err != nil || page.Embedded == nil {
		t.Fatalf("answered %d, %v: %.300s", got.Status, err, got.Body)
	}
	listed := page.Embedded.ContractActions
	if len(want) == 0 || len(listed) != min(len(want), 50) || listed[0].ID != want[0].ID {
		t.Errorf("listed %d contract actions, want %d", len(listed), min(len(want), 50))
	}
	for i, action := range listed {
		if action.Status != gen.ContractActionStatusFAILED || action.UpdatedAt.After(listed[max(0, i-1)].UpdatedAt) {
			t.Errorf("%d: %s, updated at %s", i, action.Status, action.UpdatedAt)
		}
	}
}

// checkConsole allows nothing but the two refusals that the test asks for.
func checkConsole(t *testing.T, messages []message) {
	var errors []string
	for _, message := range messages {
		if message.Type != "verbose" && message.Type != "debug" {
			errors = append(errors, message.Text+" "+message.URL)
		}
	}
	slices.Sort(errors)
	wanted := []string{"401 (Unauthorized)", "403 (Forbidden)"}
	if !slices.EqualFunc(errors, wanted, strings.Contains) {
		t.Errorf("messages:\n%s\nwant those about %q", strings.Join(errors, "\n"), wanted)
	}
}

func checkViolations(t *testing.T, violations map[string][]violation) {
	for _, state := range []string{"opened", "authorizing", "answered", "withoutSandbox", "narrow", "index"} {
		found, looked := violations[state]
		if !looked {
			t.Errorf("%s: axe-core has not looked", state)
		}
		for _, violation := range found {
			t.Errorf("%s: %s (%s): %s", state, violation.Help, violation.Rule, violation.Target)
		}
	}
}

func start(t *testing.T, handler http.Handler) (address string) {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// origin cuts the path off an address.
func origin(address string) string { return strings.TrimSuffix(address, prefix) }

// run runs run.mjs with the variables in its environment.
func run(t *testing.T, variables ...string) (printed report) {
	t.Helper()
	if _, err := os.Stat("node_modules"); err != nil {
		t.Fatal("run npm ci in this folder first")
	}
	command := exec.CommandContext(t.Context(), "node", "run.mjs")
	command.Env = append(os.Environ(), variables...)
	var problems bytes.Buffer
	command.Stderr = &problems
	output, err := command.Output()
	if err != nil {
		t.Fatalf("node run.mjs: %v\n%s", err, problems.String())
	}
	if err := json.Unmarshal(output, &printed); err != nil {
		t.Fatalf("node run.mjs printed %q: %v", output, err)
	}
	return printed
}

// chromium finds the browser.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); name != "" && err == nil {
			return found
		}
	}
	t.Fatal("there is no chromium or google-chrome on PATH; CHROMIUM can name another")
	return ""
}

// screenshotFile is where the picture goes: into the repository only for those
// who ask for it.
func screenshotFile(t *testing.T) string {
	folder := t.TempDir()
	if os.Getenv("UPDATE_SCREENSHOT") != "" {
		folder = filepath.Join("..", "..", "docs")
	}
	return filepath.Join(folder, "docs-try-it.png")
}
