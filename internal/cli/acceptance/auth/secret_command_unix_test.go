//go:build unix

package auth_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

const commandVariable = "TALKDESK_CLIENT_SECRET_COMMAND"

// startWithCommand starts a sandbox whose secret has to come from a command in a
// profile.
func startWithCommand(t *testing.T, secret, command string) {
	t.Helper()
	server := sandbox.Start(t, sandbox.WithClient("me", secret), sandbox.WithGeneratedAccount(accountID, 1))
	acceptance.SetEnvironment(t, nil)
	values := acceptance.EnvironmentOf(server)
	delete(values, "TALKDESK_CLIENT_SECRET")
	values[commandVariable] = command
	acceptance.WriteProfile(t, "default", values)
}

func TestASecretFromACommand(t *testing.T) {
	const secret = "pa$$ 'word'"
	for name, command := range map[string]string{
		"a line break at the end":    `printf "%s\n" "pa\$\$ $(printf "\47")word$(printf "\47")"`,
		"none":                       `printf "%s" "pa\$\$ $(printf "\47")word$(printf "\47")"`,
		"as Windows writes it":       `printf "pa\$\$ \47word\47\r\n"`,
		"what a pipeline prints":     `printf "pa\$\$ \47word\47" | cat`,
		"an empty standard input":    `cat; printf "pa\$\$ \47word\47"`,
		"a program that goes on":     `sleep 60 >/dev/null 2>&1 & printf "pa\$\$ \47word\47"`,
		"a message to people beside": `printf "pa\$\$ \47word\47"; echo unlock >&2`,
	} {
		t.Run(name, func(t *testing.T) {
			startWithCommand(t, secret, command)
			result := acceptance.CallWith(t, acceptance.Endless(t, ""), "list", accountID, "--fields", "id", "-o", "csv")
			if result.Code != exit.Done || strings.Count(result.Stdout, "\n") != 2 {
				t.Fatalf("%+v", result)
			}
			if strings.Contains(command, "unlock") != (result.Stderr == "unlock\n") {
				t.Errorf("stderr is %q", result.Stderr)
			}
		})
	}
	startWithCommand(t, secret, `printf "pa\$\$ \47word\47"`)
	if text := acceptance.Succeed(t, "auth", "test"); !strings.Contains(text, "Credentials       client secret, printed by a command  (from profile default)\n") {
		t.Error(text)
	}
}

func TestErrorsOfACommandDoNotShowWhatItPrints(t *testing.T) {
	for name, test := range map[string]struct {
		command string
		flags   string
		want    string
	}{
		"a command that fails":          {"echo S3CR3T; exit 3", "", "the command of " + commandVariable + " failed: exit status 3 (" + commandVariable + " is from profile default)"},
		"one that does not exist":       {"S3CR3T-tool 2>/dev/null", "", "failed: exit status 127"},
		"one that is killed":            {"echo S3CR3T; kill -9 $$", "", "failed: signal: killed"},
		"nothing":                       {"true", "", "printed nothing"},
		"a line break":                  {"echo", "", "printed nothing"},
		"two lines":                     {"echo S3CR3T; echo S3CR3T", "", "printed more than one line"},
		"a character that cannot be":    {`printf "S3CR3T\303\274"`, "", commandVariable + " printed it; " + commandVariable + " is from profile default"},
		"more than a secret can have":   {"yes S3CR3T", "", "printed more than the 1048576 bytes that are allowed"},
		"one that does not end":         {"echo S3CR3T; exec sleep 60", "--timeout 20ms", "did not end within 20ms"},
		"one whose children do not end": {"sleep 60; echo S3CR3T", "--timeout 20ms", "did not end within 20ms"},
	} {
		t.Run(name, func(t *testing.T) {
			startWithCommand(t, "s", test.command)
			result := acceptance.Call(t, append([]string{"list", accountID}, strings.Fields(test.flags)...)...)
			acceptance.IsOneError(t, result.Stderr, test.want)
			if result.Code != exit.Usage || strings.Contains(result.Stderr, "S3CR3T") {
				t.Errorf("exit code %d, stderr %q", result.Code, result.Stderr)
			}
		})
	}
}

func TestAnInterruptEndsACommand(t *testing.T) {
	startWithCommand(t, "s", "exec sleep 60")
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var stderr bytes.Buffer
	if code := cli.Run(ctx, []string{"list", accountID}, nil, new(bytes.Buffer), &stderr); code != exit.Interrupted {
		t.Errorf("exit code %d, stderr %q", code, &stderr)
	}
}

func TestACommandAndOtherCredentials(t *testing.T) {
	for _, other := range []string{"TALKDESK_CLIENT_SECRET", "TALKDESK_PRIVATE_KEY", "TALKDESK_PRIVATE_KEY_FILE"} {
		startWithCommand(t, "s", "false")
		file := acceptance.WriteEnv(t, t.TempDir()+"/both.env", map[string]string{commandVariable: "false", other: "x"})
		result := acceptance.Call(t, "list", accountID, "--env-file", file)
		if result.Code != exit.Usage {
			t.Errorf("exit code %d", result.Code)
		}
		acceptance.IsOneError(t, result.Stderr, "both "+other+" and "+commandVariable+" are set: unset one")
	}
	// A secret of the environment overrides the command of the profile, and a
	// command of the environment the secret of the profile.
	startWithCommand(t, "s", "false")
	t.Setenv("TALKDESK_CLIENT_SECRET", "s")
	acceptance.Succeed(t, "list", accountID)
	server := sandbox.Start(t, sandbox.WithClient("me", "s"), sandbox.WithGeneratedAccount(accountID, 1))
	acceptance.SetEnvironment(t, map[string]string{commandVariable: "echo s"})
	acceptance.WriteProfile(t, "default", acceptance.EnvironmentOf(server))
	acceptance.Succeed(t, "list", accountID)
}

// With --errors json, stderr has errors and nothing else.
func TestAMessageOfACommandIsWithheldFromErrorsAsJSON(t *testing.T) {
	startWithCommand(t, "s", "echo s; echo unlock >&2")
	acceptance.Succeed(t, "list", accountID, "--errors", "json")
}
