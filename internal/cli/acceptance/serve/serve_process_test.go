//go:build linux

package serve_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// serveProcess is a serve in a process of its own.
type serveProcess struct {
	command *exec.Cmd
	address string
	stderr  *os.File
}

func startServeProcess(t *testing.T) *serveProcess {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	command, _ := acceptance.Program(t, "serve", "--addr", "127.0.0.1:0")
	command.Stderr = writer
	line := startListening(t, command)
	writer.Close()
	_, address, _ := strings.Cut(strings.TrimSpace(line), "http://")
	return &serveProcess{command, strings.TrimSuffix(address, "'"), reader}
}

// startListening starts a serve process and waits until it listens. It returns the
// first line of stdout.
func startListening(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// end ends the process and fails the test unless it ends with success.
func (p *serveProcess) end(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	_ = p.command.Wait() // the exit code has the result
	if code := p.command.ProcessState.ExitCode(); code != exit.Done {
		t.Errorf("exit code %d", code)
	}
}

// A terminal that closes sends SIGHUP more than once.
func TestHangupsLeaveNoEnvFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sandbox.env")
	command, stderr := acceptance.Program(t, "serve", "--addr", "127.0.0.1:0", "--env-file", file)
	startListening(t, command)
	ended := make(chan error)
	go func() { ended <- command.Wait() }()
	for {
		select {
		case err := <-ended:
			if _, missing := os.Stat(file); err != nil || missing == nil {
				t.Errorf("%v, the env file: %v, stderr %q", err, missing, stderr)
			}
			return
		default:
			_ = command.Process.Signal(syscall.SIGHUP) // fails if the process has ended
		}
	}
}

// As under nohup.
func TestAHangupThatIsIgnoredStaysIgnored(t *testing.T) {
	const hangup = 1 << (syscall.SIGHUP - 1)
	for trap, ignored := range map[string]bool{"": false, `trap "" HUP; `: true} {
		command, _ := acceptance.Program(t, "serve", "--addr", "127.0.0.1:0")
		command.Args = append([]string{"sh", "-c", trap + `exec "$0" "$@"`, command.Path}, command.Args[1:]...)
		command.Path = "/bin/sh"
		startListening(t, command)
		if mask := statusOf(t, command.Process.Pid, "SigIgn", "%x"); (mask&hangup != 0) != ignored {
			t.Errorf("%q: the mask of ignored signals is %x", trap, mask)
		}
		(&serveProcess{command: command}).end(t)
	}
}

// More lines than a pipe and the log hold.
func TestServeAnswersThoughNobodyReadsItsLog(t *testing.T) {
	process := startServeProcess(t)
	client := &http.Client{Timeout: time.Minute}
	request := func() {
		response, err := client.Get("http://" + process.address + "/" + strings.Repeat("x", 1000))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	for range 1600 {
		request()
	}
	read := make(chan string, 1)
	go func() { // now somebody does
		var dropped string
		for scanner := bufio.NewScanner(process.stderr); scanner.Scan(); {
			if strings.Contains(scanner.Text(), "dropped") {
				dropped = scanner.Text()
			}
		}
		read <- dropped
	}()
	request()
	process.end(t)
	var count int
	if _, err := fmt.Sscanf(<-read, "%d lines dropped: stderr was not read", &count); err != nil || count < 100 || count > 600 {
		t.Errorf("%d lines dropped (%v)", count, err)
	}
}

func TestServeEndsThoughNobodyReadsItsLog(t *testing.T) {
	process := startServeProcess(t)
	for range 500 {
		if status, _ := fetch(t, "http://"+process.address+"/"+strings.Repeat("x", 1000)); status != http.StatusNotFound {
			t.Fatal(status)
		}
	}
	process.end(t)
}

// 480 requests of a megabyte each, from clients without credentials.
func TestServeTakesBoundedMemory(t *testing.T) {
	const connections, requests, size, limit = 16, 5, 1_000_000, 256 << 20 // requests of each kind
	process := startServeProcess(t)
	logged := make(chan int64, 1)
	go func() {
		n, _ := io.Copy(io.Discard, process.stderr)
		logged <- n
	}()
	long := strings.Repeat("x", size)
	var many strings.Builder
	for i := range size / 10 {
		fmt.Fprintf(&many, "X%d:\r\n", i)
	}
	const form = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
	for name, text := range map[string]string{
		"path":    "GET /" + long + " HTTP/1.1\r\nHost: x\r\n\r\n",
		"query":   "GET /express/accounts/a/contracts/actions?" + long + " HTTP/1.1\r\nHost: x\r\n\r\n",
		"method":  long + " / HTTP/1.1\r\nHost: x\r\n\r\n",
		"token":   "GET /express/accounts/a/contracts/actions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + long + "\r\n\r\n",
		"headers": "GET / HTTP/1.1\r\nHost: x\r\n" + many.String() + "\r\n",
		"form":    form + fmt.Sprint(size) + "\r\n\r\n" + strings.Repeat("a=&", size/3) + "a",
	} {
		var group sync.WaitGroup
		for range connections {
			group.Go(func() {
				for range requests {
					sendAndForget(t, process.address, text)
				}
			})
		}
		group.Wait()
		if peak := peakMemory(t, process.command.Process.Pid); peak > limit {
			t.Errorf("%s: %d MiB at the peak", name, peak>>20)
		}
	}
	process.end(t)
	if n := <-logged; n > 6*connections*requests*400 {
		t.Errorf("%d bytes of log", n)
	}
}

// sendAndForget sends as much of a request as the server reads before it responds.
func sendAndForget(t *testing.T, address, text string) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Error(err)
		return
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(time.Minute))
	go func() { _, _ = io.WriteString(connection, text) }() // ends when the connection does
	if _, err := connection.Read(make([]byte, 512)); err != nil {
		t.Error(err)
	}
}

// peakMemory returns the largest resident memory of a process so far, in bytes.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	return statusOf(t, pid, "VmHWM", "%d") << 10
}

// statusOf returns a number from the status of a process.
func statusOf(t *testing.T, pid int, name, format string) (number int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(status), name+":")
	if _, err := fmt.Sscanf(strings.TrimSpace(line), format, &number); err != nil {
		t.Fatal(err)
	}
	return number
}
