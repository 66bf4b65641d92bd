package config

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
)

func TestEnvFilesAreRead(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain", "TALKDESK_ACCOUNT=acme\n", "acme"},
		{"no line break at the end", "TALKDESK_ACCOUNT=acme", "acme"},
		{"from Windows", "\ufeffTALKDESK_ACCOUNT=acme\r\n", "acme"},
		{"exported", "export TALKDESK_ACCOUNT=acme", "acme"},
		{"spaces", "  TALKDESK_ACCOUNT = acme  ", "acme"},
		{"comments", "# one\n\nTALKDESK_ACCOUNT=acme # two", "acme"},
		{"only a comment", "TALKDESK_ACCOUNT= # later", ""},
		{"a number sign in it", "TALKDESK_ACCOUNT=a#b", "a#b"},
		{"an equals sign in it", "TALKDESK_ACCOUNT=a=b==", "a=b=="},
		{"nothing is expanded", "TALKDESK_ACCOUNT=$HOME", "$HOME"},
		{"single quotes", `TALKDESK_ACCOUNT='a # "\n$b' # c`, `a # "\n$b`},
		{"double quotes", `TALKDESK_ACCOUNT="a # \"\\\n\$\x" # c`, "a # \"\\\n$\\x"},
		{"empty quotes", `TALKDESK_ACCOUNT=""`, ""},
		{"the last one wins", "TALKDESK_ACCOUNT=a\nTALKDESK_ACCOUNT=b", "b"},
		{"variables of others", "PATH=/bin\nOTHER='\nTALKDESK_ACCOUNT=acme", "acme"},
	} {
		t.Run(test.name, func(t *testing.T) {
			values, err := parseEnv(test.text)
			if err != nil || len(values) > 1 {
				t.Errorf("%v, the error is %v", values, err)
			}
			clitest.Compare(t, values["TALKDESK_ACCOUNT"], test.want)
		})
	}
}

func TestEnvFilesThatAreRefused(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no variable", "TALKDESK_ACCOUNT=a\ns3cr3t", "line 2 is not NAME=VALUE"},
		{"a bad name", "TALKDESK ACCOUNT=s3cr3t", "line 1 is not NAME=VALUE"},
		{"an unknown name", "TALKDESK_SECRET=s3cr3t", "line 1: TALKDESK_SECRET is not a variable that a file can set"},
		{"an open quote", "TALKDESK_CLIENT_SECRET='s3cr3t", "line 1: TALKDESK_CLIENT_SECRET: the closing quote is missing"},
		{"more after a quote", "TALKDESK_CLIENT_SECRET='s3cr3t'x", "remove the text after the closing quote"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseEnv(test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("the error is %v, want it to say %q", err, test.want)
			}
		})
	}
}

func TestAFileThatOthersCanReadIsRefusedIfItHoldsASecret(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the bits say nothing there")
	}
	key := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(key, []byte("key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(key, 0o640); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, variable, value string
		mode                  os.FileMode
		refused               bool
	}{
		{"a secret, for its owner", "TALKDESK_CLIENT_SECRET", "s", 0o600, false},
		{"a secret, read-only", "TALKDESK_CLIENT_SECRET", "s", 0o400, false},
		{"a secret, for everybody", "TALKDESK_CLIENT_SECRET", "s", 0o644, true},
		{"a secret, for the group", "TALKDESK_CLIENT_SECRET", "s", 0o640, true},
		{"a secret, to be written by others", "TALKDESK_CLIENT_SECRET", "s", 0o602, true},
		{"a key, for everybody", "TALKDESK_PRIVATE_KEY", "k", 0o644, true},
		{"a key file, for the group", "TALKDESK_PRIVATE_KEY_FILE", key, 0o600, true},
		{"no secret", "TALKDESK_ACCOUNT", "acme", 0o644, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "it's.env")
			if err := os.WriteFile(file, []byte(test.variable+"="+test.value+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(file, test.mode); err != nil {
				t.Fatal(err)
			}
			_, err := readEnvFile(file)
			if refused := err != nil && strings.Contains(err.Error(), "run chmod 600 "); refused != test.refused {
				t.Errorf("the error is %v", err)
			}
		})
	}
}
