package auth_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// exchange is a question on a terminal, and what is typed.
type exchange struct{ question, typed string }

// converse runs the program on a terminal, and types. It returns the exit code and
// what the terminal shows.
func converse(t *testing.T, ctx context.Context, arguments []string, exchanges []exchange, options ...wrapper.Option) (int, string) {
	t.Helper()
	screen, terminal := acceptance.OpenTerminal(t, 200)
	ended := make(chan int, 1)
	go func() {
		code := cli.Run(ctx, arguments, terminal, io.Discard, terminal, append(options, wrapper.WithRetry(wrapper.NoRetry()))...)
		terminal.Close()
		ended <- code
	}()
	var shown strings.Builder
	buffer := make([]byte, 1024)
	seen := 0
	for {
		n, err := screen.Read(buffer)
		shown.Write(buffer[:n])
		if err != nil { // the program has ended
			break
		}
		for len(exchanges) > 0 {
			_, after, found := strings.Cut(shown.String()[seen:], exchanges[0].question)
			if !found {
				break
			}
			seen = shown.Len() - len(after)
			if _, err := screen.WriteString(exchanges[0].typed); err != nil {
				t.Error(err)
			}
			exchanges = exchanges[1:]
		}
	}
	if len(exchanges) > 0 {
		t.Errorf("%q was not asked", exchanges[0].question)
	}
	return <-ended, shown.String()
}

func TestLoginAsks(t *testing.T) {
	acceptance.SetEnvironment(t, nil)
	service := new(recorder)
	code, shown := converse(t, t.Context(), []string{"auth", "login"}, []exchange{
		{"Profile [default]: ", "Not a name!\r"},
		{"\nuse the name of a profile", ""},
		{"Profile [default]: ", "work\r"},
		{"Talkdesk account (the acme of acme.talkdeskid.com): ", "\r"},
		{"\na value is required", ""},
		{"Talkdesk account (the acme of acme.talkdeskid.com): ", "acme\r"},
		{"Region (us, eu or canada) [us]: ", "eu\r"},
		{"Client id: ", "me\r"},
		{"Client secret (not shown; empty for a private key): ", "S3CR3T\r"},
		{"The credentials were accepted.", ""},
	}, wrapper.WithHTTPClient(&http.Client{Transport: service}))
	if code != exit.Done || strings.Contains(shown, "S3CR3T") || !slices.Equal(service.asked, []string{"https://acme.talkdeskid.eu"}) {
		t.Errorf("exit code %d, asked %q, the terminal shows\n%s", code, service.asked, shown)
	}
	isPrivate(t, profileFile(t, "work"))
	want := "TALKDESK_ACCOUNT=acme\nTALKDESK_REGION=eu\nTALKDESK_CLIENT_ID=me\nTALKDESK_CLIENT_SECRET=S3CR3T\n"
	if text := acceptance.ReadFile(t, profileFile(t, "work")); !strings.HasSuffix(text, want) {
		t.Errorf("%s\nwant\n%s", text, want)
	}
}

func TestLoginAsksForAKey(t *testing.T) {
	server, login := startForLogin(t)
	key := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(key, []byte(server.PrivateKey), 0o600); err != nil {
		t.Fatal(err)
	}
	code, shown := converse(t, t.Context(), login, []exchange{
		{"Profile [default]: ", "\r"},
		{"Client id: ", "me\r"},
		{"Client secret (not shown; empty for a private key): ", "\r"},
		{"File of the private key: ", key + "\r"},
		{"Key id: ", server.KeyID + "\r"},
		{"Key algorithm (empty for that of the key): ", "\r"},
	})
	if code != exit.Done {
		t.Errorf("exit code %d, the terminal shows\n%s", code, shown)
	}
	acceptance.Succeed(t, "list", accountID)
}

func TestLoginAsksBeforeItReplaces(t *testing.T) {
	for answer, code := range map[string]int{"y\r": exit.Done, "YES\r": exit.Done, "n\r": exit.Usage, "\r": exit.Usage, "\x03": exit.Interrupted, "\x04": exit.Interrupted} {
		_, login := startForLogin(t)
		file := acceptance.WriteProfile(t, "default", map[string]string{"TALKDESK_ACCOUNT": "acme"})
		exchanges := []exchange{{"Profile [default]: ", "\r"}, {"The profile default exists. Replace it? [y/N] ", answer}}
		if code == exit.Done {
			exchanges = append(exchanges, exchange{"Client id: ", "me\r"}, exchange{"Client secret ", loginSecret + "\r"})
		}
		got, shown := converse(t, t.Context(), login, exchanges)
		if replaced := !strings.Contains(acceptance.ReadFile(t, file), "acme"); got != code || replaced != (code == exit.Done) {
			t.Errorf("%q: exit code %d, replaced %v, the terminal shows\n%s", answer, got, replaced, shown)
		}
	}
}

// A signal, which a raw terminal does not send for Ctrl-C.
func TestASignalEndsALogin(t *testing.T) {
	_, login := startForLogin(t)
	ctx, interrupt := context.WithCancel(t.Context())
	screen, terminal := acceptance.OpenTerminal(t, 80)
	ended := make(chan int, 1)
	go func() { ended <- cli.Run(ctx, login, terminal, io.Discard, terminal) }()
	if _, err := screen.Read(make([]byte, 100)); err != nil { // the first question
		t.Fatal(err)
	}
	interrupt()
	if code := <-ended; code != exit.Interrupted {
		t.Errorf("exit code %d", code)
	}
	terminal.Close()
}
