//go:build unix

package list_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// service answers as the handler does, with a token endpoint beside it, for
// responses that the sandbox is too exact for.
func service(t *testing.T, handle http.HandlerFunc) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"access_token": "t0k3n-of-the-test", "token_type": "Bearer", "expires_in": 600}`)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		handle(w, r)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	acceptance.SetEnvironment(t, map[string]string{
		"TALKDESK_BASE_URL": server.URL, "TALKDESK_TOKEN_URL": server.URL + "/token",
		"TALKDESK_CLIENT_ID": "id", "TALKDESK_CLIENT_SECRET": "s3cr3t-of-the-test",
	})
}

// withoutRaceDetector skips a test that measures memory if the race detector is on,
// which takes several times as much, and as long. A program that is started counts
// what the test itself had at most before, so that is reset where Linux can.
func withoutRaceDetector(t *testing.T) {
	t.Helper()
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	info, _ := debug.ReadBuildInfo()
	if slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("the race detector takes more memory")
	}
}

// atMost fails the test if a program that has ended had more memory than this.
func atMost(t *testing.T, command *exec.Cmd, mebibytes int64) {
	t.Helper()
	used := command.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	if runtime.GOOS == "linux" {
		used *= 1024
	}
	used >>= 20
	t.Logf("%d MiB", used)
	if used > mebibytes {
		t.Errorf("%d MiB, want at most %d", used, mebibytes)
	}
}

// pagesOf answers with pages of 250 contract actions; item writes each.
func pagesOf(items int, item func(w io.Writer, number int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		start := 0
		fmt.Sscan(r.FormValue("start"), &start)
		io.WriteString(w, `{"_embedded": {"contract_actions": [`)
		end := min(start+250, items)
		for i := start; i < end; i++ {
			if i > start {
				io.WriteString(w, ",")
			}
			item(w, i)
		}
		io.WriteString(w, "]}")
		if end < items {
			fmt.Fprintf(w, `, "_links": {"next": {"href": "?start=%d"}}`, end)
		}
		io.WriteString(w, "}")
	}
}

func TestFiftyThousandStatusesTakeLittleMemory(t *testing.T) {
	withoutRaceDetector(t)
	service(t, pagesOf(50_000, func(w io.Writer, i int) {
		fmt.Fprintf(w, `{"id": "%d", "action_type": "NEWTDE", "status": "%d%s", "status_message": "",
			"created_at": "2022-03-10T12:00:00Z", "updated_at": "2022-03-10T12:00:00Z"}`, i, i, strings.Repeat("Z", 2000))
	}))
	command, stderr := acceptance.Program(t, "list", accountID, "--fields", "id")
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v, stderr %q", err, stderr)
	}
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	if summary := lines[len(lines)-1]; len(lines) != 50_002 || len(summary) > 1000 || !strings.Contains(summary, "…?, 49995 with other statuses") {
		t.Errorf("%d lines, the last is %.1000q", len(lines), summary)
	}
	atMost(t, command, 100)
}

func TestACheckTakesLittleMemory(t *testing.T) {
	withoutRaceDetector(t)
	list := func(items string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"_embedded": {"contract_actions": [`+items+"]}}")
		}
	}
	for name, page := range map[string]http.HandlerFunc{
		"different unknown values": pagesOf(10_000, func(w io.Writer, i int) {
			fmt.Fprintf(w, `{"id": "%d", "action_type": "NEWTDE", "status": "%d%s", "status_message": "",
				"created_at": "2022-03-10T12:00:00Z", "updated_at": "2022-03-10T12:00:00Z"}`, i, i, strings.Repeat("Z", 8000))
		}),
		"empty items":           list(strings.Repeat("{},", 90_000) + "{}"),
		"numbers":               list(strings.Repeat("1,", 90_000) + "1"),
		"more than is compared": list(strings.Repeat("1,", 200_000) + "1"),
	} {
		service(t, page)
		command, stderr := acceptance.Program(t, "check", accountID)
		_ = command.Run() // the state has the result
		if command.ProcessState.ExitCode() != exit.Drift {
			t.Errorf("%s: %v, stderr %q", name, command.ProcessState, stderr)
		}
		t.Log(name)
		atMost(t, command, 150)
	}
}
