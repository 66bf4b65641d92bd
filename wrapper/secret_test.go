package wrapper_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestSecretsDoNotPrint(t *testing.T) {
	const secret = "p-S3cr3t"
	hex := fmt.Sprintf("%x", secret)
	values := map[string]any{
		"a secret":          wrapper.Secret(secret),
		"a pointer":         new(wrapper.Secret(secret)),
		"a slice":           []wrapper.Secret{secret},
		"a map":             map[string]wrapper.Secret{"key": secret},
		"a client secret":   wrapper.ClientSecret{ID: "id", Secret: secret},
		"a private key":     &wrapper.PrivateKey{ID: "id", Key: secret},
		"a token source":    wrapper.Tokens(plainSource{secret}),
		"credentials in it": struct{ C wrapper.Credentials }{wrapper.ClientSecret{Secret: secret}},
	}
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			var shown bytes.Buffer
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%08b", "% x"} {
				fmt.Fprintf(&shown, verb+"\n", value)
			}
			if text, err := json.Marshal(value); err == nil {
				shown.Write(text)
			}
			for _, handler := range []slog.Handler{
				slog.NewTextHandler(&shown, nil), slog.NewJSONHandler(&shown, nil),
			} {
				slog.New(handler).Info("message", "value", value)
			}
			if text := shown.String(); strings.Contains(text, secret) || strings.Contains(strings.ToLower(text), hex) {
				t.Errorf("it shows in %s", text)
			}
			if !strings.Contains(shown.String(), "[redacted]") {
				t.Error("nothing says that something was left out")
			}
		})
	}
}

func TestSecretsSayThatTheyAreSecret(t *testing.T) {
	secret := wrapper.Secret("p-S3cr3t")
	text, err := secret.MarshalText()
	for _, shown := range []string{secret.String(), secret.GoString(), string(text), secret.LogValue().String()} {
		if shown != "[redacted]" || err != nil {
			t.Errorf("got %q and the error %v", shown, err)
		}
	}
}

// plainSource is a token source that carries its token in the open.
type plainSource struct{ token string }

func (s plainSource) Token() (*oauth2.Token, error) { return &oauth2.Token{AccessToken: s.token}, nil }
