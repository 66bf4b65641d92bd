package list_test

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
)

// onTerminal runs the program with stderr on a terminal, and stdout in a file, and
// returns what the terminal received.
func onTerminal(t *testing.T, kind string, columns uint16, arguments ...string) string {
	t.Helper()
	screen, terminal := acceptance.OpenTerminal(t, columns)
	stdout, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	if err != nil {
		t.Fatal(err)
	}
	defer stdout.Close()
	command, _ := acceptance.Program(t, arguments...)
	command.Env = append(command.Env, "TERM="+kind)
	command.Stdout, command.Stderr = stdout, terminal
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	terminal.Close()
	received, _ := io.ReadAll(screen) // ends with an error when the program does
	if err := command.Wait(); err != nil {
		t.Errorf("%v, the terminal has %q", err, received)
	}
	return string(received)
}

func TestHelpFitsTheTerminal(t *testing.T) {
	for columns, want := range map[uint16]string{
		60:  "\r\n      --per-page N ",
		120: "--type TYPES                NEWTDE, AMENDTDE, CANCELTDE; unknown for any other\r\n",
		0:   "unknown for\r\n                                  any other\r\n",
	} {
		screen, device := acceptance.OpenTerminal(t, columns)
		command, _ := acceptance.Program(t, "list", "--help")
		command.Stdout = device
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		device.Close()
		help, _ := io.ReadAll(screen) // ends with an error when the program does
		if err := command.Wait(); err != nil || !strings.Contains(string(help), want) {
			t.Errorf("%d columns: %v, %q is missing from\n%s", columns, err, want, help)
		}
		widest := 0
		for line := range strings.Lines(string(help)) {
			if !strings.HasPrefix(line, "  contractactions") {
				widest = max(widest, terminal.Width(strings.TrimRight(line, "\r\n")))
			}
		}
		if limit := cmp.Or(int(columns), 80); widest > limit || widest < limit*9/10 {
			t.Errorf("%d columns: %d are used", columns, widest)
		}
	}
}

var progressRuns = map[string][]string{
	"one account":      {"list", accountID, "--per-page", "1"},
	"several accounts": {"list", "account-1", "account-2", "account-3", "--fields", "id"},
	"check":            {"check", accountID, "--per-page", "1"},
	"wait":             {"wait", accountID, "123245132132"},
}

func startForProgress(t *testing.T) {
	options := []sandbox.Option{sandbox.WithAccount(accountID, madeUp(3)...)}
	for i := range 3 {
		options = append(options, sandbox.WithGeneratedAccount(fmt.Sprint("account-", i+1), 3))
	}
	acceptance.Start(t, options...)
	progressRuns["wait"][2] = madeUp(2)[1].ID // which is COMPLETED
}

func TestTheProgressFitsTheTerminal(t *testing.T) {
	startForProgress(t)
	for name, arguments := range progressRuns {
		for _, columns := range []uint16{0, 1, 12, 40} { // 0 if the terminal does not know
			received := onTerminal(t, "xterm", columns, arguments...)
			if !strings.Contains(received, "\x1b[K") {
				t.Errorf("%s: no progress in %q", name, received)
			}
			for _, shown := range regexp.MustCompile(`(\r\x1b\[K)+`).Split(received, -1) {
				if width := uint16(terminal.Width(shown)); width >= columns && columns > 1 {
					t.Errorf("%s: %q is %d wide on %d columns", name, shown, width, columns)
				}
			}
		}
	}
}

func TestADumbTerminalGetsNoProgress(t *testing.T) {
	startForProgress(t)
	for name, arguments := range progressRuns {
		received := onTerminal(t, "dumb", 80, arguments...)
		if strings.Contains(received, "\x1b") || strings.Contains(received, "page 1") || strings.Contains(received, "looking") {
			t.Errorf("%s: the terminal received %q", name, received)
		}
	}
}
