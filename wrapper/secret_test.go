package wrapper_test

import (
	"testing"

	"golang.org/x/oauth2"

	"github.com/talkdesk-express/contractactions/wrapper"
)

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
