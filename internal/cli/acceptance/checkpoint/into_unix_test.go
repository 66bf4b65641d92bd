//go:build unix

package checkpoint_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/checkpoint"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

var (
	kills     = flag.Int("kills", 6, "number of processes to kill while they write a file")
	fullDisks = flag.Int("full-disks", 4, "number of processes whose file cannot grow any more")
)

// fileLimit makes the program unable to write beyond this offset of a file, as if
// the disk was full.
const fileLimit = "CONTRACTACTIONS_TEST_FILE_LIMIT"

func init() {
	if limit, err := strconv.ParseUint(os.Getenv(fileLimit), 10, 63); err == nil {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			panic(err)
		}
	}
}

// exactlyOnce runs the command into a file, again and again, until it has been
// disturbed this number of times. Whenever it completes the file, each contract
// action must be there once; then it starts over.
func exactlyOnce(t *testing.T, server *sandbox.Server, accounts, flags []string, times int, disturb func(*testing.T, *exec.Cmd, string) (disturbed bool)) {
	name := filepath.Join(t.TempDir(), "actions.ndjson")
	arguments := append(append([]string{"list", "--quiet", "--into", name}, flags...), accounts...)
	completed := 0
	for disturbed := 0; disturbed < times || completed == 0; {
		command, stderr := acceptance.Program(t, arguments...)
		if disturbed < times && disturb(t, command, name) {
			disturbed++
			continue
		}
		if command.Process == nil {
			_ = command.Run() // the state has the result
		}
		if code := command.ProcessState.ExitCode(); code != exit.Done {
			t.Fatalf("exit code %d, stderr %q", code, stderr)
		}
		completed++
		acceptance.EachOnce(t, acceptance.ReadFile(t, name), server, accounts...)
		if err := errors.Join(os.Remove(name), os.Remove(checkpoint.RecordName(name))); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("disturbed %d times, completed %d times", times, completed)
}

// startUneven starts a sandbox with many small accounts and one of this size.
func startUneven(t *testing.T, most int) (*sandbox.Server, []string) {
	sizes := []int{most, 0, 1, most / 7, 3}
	for i := range 35 {
		sizes = append(sizes, i%4)
	}
	server := acceptance.StartSeveral(t, sizes...)
	var accounts []string
	for i := range sizes {
		accounts = append(accounts, fmt.Sprint("account-", i+1))
	}
	return server, accounts
}

func sizeOf(name string) int64 {
	info, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return info.Size()
}

// killWhen runs the command, and kills it when the moment is reached, unless it has
// ended before.
func killWhen(t *testing.T, command *exec.Cmd, reached func() bool) (killed bool) {
	t.Helper()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait() // the state has the result
		close(ended)
	}()
	for !reached() {
		select {
		case <-ended:
			return command.ProcessState.ExitCode() < 0
		default:
		}
	}
	_ = command.Process.Kill() // unless it has ended
	<-ended
	return command.ProcessState.ExitCode() < 0
}

func TestKilledAtAnyMomentIntoHasEachOnce(t *testing.T) {
	server, accounts := startUneven(t, 1000)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	sizes := make(map[string]int64) // of the complete file and record
	flags := []string{"--fields", "account_id,id,status_message,created_at,updated_at", "--per-page", "250"}
	exactlyOnce(t, server, accounts, flags, *kills, func(t *testing.T, command *exec.Cmd, name string) bool {
		watched := name
		if random.IntN(2) == 0 {
			watched = checkpoint.RecordName(name)
		}
		most := max(sizes[watched], 10_000)
		size := min(sizeOf(watched), most-1)
		size += random.Int64N(most - size)
		killed := killWhen(t, command, func() bool { return sizeOf(watched) > size })
		if !killed {
			sizes[watched] = sizeOf(watched)
		}
		return killed
	})
}

func TestOnAFullDiskIntoHasEachOnce(t *testing.T) {
	for what, test := range map[string]struct {
		flags string
		most  int   // contract actions of the largest account
		step  int64 // each run has at most this many bytes more room than the one before
	}{
		"the file is full":   {"", 1000, 30_000},
		"the record is full": {"--fields account_id,id", 1, 1000}, // which is larger than the file
	} {
		t.Run(what, func(t *testing.T) {
			server, accounts := startUneven(t, test.most)
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			random := rand.New(rand.NewPCG(seed, 0))
			room := int64(0)
			exactlyOnce(t, server, accounts, strings.Fields(test.flags), *fullDisks, func(t *testing.T, command *exec.Cmd, name string) bool {
				room += random.Int64N(test.step)
				command.Env = append(command.Env, fmt.Sprint(fileLimit, "=", room))
				_ = command.Run() // the state has the result
				if command.ProcessState.ExitCode() == exit.Done {
					room = 0
					return false
				}
				stderr := fmt.Sprint(command.Stderr)
				if command.ProcessState.ExitCode() != exit.Failure || !strings.Contains(stderr, "file too large") {
					t.Fatalf("%v, stderr %q", command.ProcessState, stderr)
				}
				return true
			})
		})
	}
}

func TestIntoDoesNotWaitForANamedPipe(t *testing.T) {
	acceptance.StartSeveral(t, 1)
	for _, nameOf := range []func(string) string{strings.Clone, checkpoint.RecordName} {
		name := filepath.Join(t.TempDir(), "actions.ndjson")
		if err := syscall.Mkfifo(nameOf(name), 0o600); err != nil {
			t.Fatal(err)
		}
		result := acceptance.Call(t, "list", "account-1", "--into", name)
		if result.Code != exit.Usage {
			t.Errorf("exit code %d", result.Code)
		}
		acceptance.IsOneError(t, result.Stderr, nameOf(name)+" is not a regular file")
	}
}
