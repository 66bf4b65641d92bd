//go:build unix

package auth_test

import (
	"bytes"
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
)

// placements are the ways to hand over a file that contains a secret. Each writes
// it into a directory, prepares the environment, and returns the file and flags.
var placements = map[string]func(t *testing.T, server *sandbox.Server, directory string) (file string, flags []string){
	"env file": func(t *testing.T, server *sandbox.Server, directory string) (string, []string) {
		file := acceptance.WriteEnv(t, filepath.Join(directory, "it's.env"), acceptance.EnvironmentOf(server))
		return file, []string{"--env-file", file}
	},
	"profile": func(t *testing.T, server *sandbox.Server, directory string) (string, []string) {
		t.Setenv("XDG_CONFIG_HOME", directory)
		t.Setenv("HOME", directory)
		return acceptance.WriteProfile(t, "default", acceptance.EnvironmentOf(server)), nil
	},
	"key file": func(t *testing.T, server *sandbox.Server, directory string) (string, []string) {
		file := filepath.Join(directory, "key.txt")
		for name, value := range withKeyFile(server, file) {
			t.Setenv(name, value)
		}
		return file, nil
	},
	"key file that an env file names": func(t *testing.T, server *sandbox.Server, directory string) (string, []string) {
		env := acceptance.WriteEnv(t, filepath.Join(directory, "key.env"), withKeyFile(server, "key.txt"))
		return filepath.Join(directory, "key.txt"), []string{"--env-file", env}
	},
}

// withKeyFile returns the environment of a client whose key is in a file.
func withKeyFile(server *sandbox.Server, file string) map[string]string {
	values := maps.Clone(acceptance.EnvironmentOf(server))
	delete(values, "TALKDESK_CLIENT_SECRET")
	values["TALKDESK_PRIVATE_KEY_FILE"], values["TALKDESK_KEY_ID"] = file, server.KeyID
	return values
}

// place writes the file with a mode, and returns the arguments of a list with it.
func place(t *testing.T, placement string, mode os.FileMode) (file string, arguments []string) {
	t.Helper()
	server := sandbox.Start(t, sandbox.WithGeneratedAccount(accountID, 1))
	acceptance.SetEnvironment(t, nil)
	directory := t.TempDir()
	file, flags := placements[placement](t, server, directory)
	if strings.HasSuffix(file, "key.txt") {
		if err := os.WriteFile(file, []byte(server.PrivateKey), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(file, mode); err != nil {
		t.Fatal(err)
	}
	return file, append([]string{"list", accountID, "-o", "csv", "--fields", "id"}, flags...)
}

func TestFilesWithSecretsAreForTheirOwnerOnly(t *testing.T) {
	for placement := range placements {
		for mode, refused := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o444: true, 0o620: true, 0o602: true} {
			file, arguments := place(t, placement, mode)
			result := acceptance.Call(t, arguments...)
			switch {
			case !refused && result.Code != exit.Done:
				t.Errorf("%s, mode %04o: exit code %d, stderr %q", placement, mode, result.Code, result.Stderr)
			case refused && result.Code != exit.Usage:
				t.Errorf("%s, mode %04o: exit code %d", placement, mode, result.Code)
			case refused:
				acceptance.IsOneError(t, result.Stderr, "run chmod 600 '"+strings.ReplaceAll(file, "'", `'\''`)+"'")
			}
		}
	}
}

func TestAFileWithoutASecretMayBeReadByAll(t *testing.T) {
	server := acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 1))
	file := acceptance.WriteEnv(t, filepath.Join(t.TempDir(), "env"), map[string]string{"TALKDESK_BASE_URL": server.URL})
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	acceptance.Succeed(t, "list", accountID, "--env-file", file)
}

// Containers get secrets on a read-only file system, with modes such as 0440.
func TestSecretsOnAReadOnlyFileSystem(t *testing.T) {
	if exec.Command("unshare", "--mount", "true").Run() != nil {
		t.Skip("this system does not allow to mount")
	}
	for placement := range placements {
		for _, mode := range []os.FileMode{0o440, 0o444, 0o644} {
			file, arguments := place(t, placement, mode)
			command, stderr := acceptance.Program(t, arguments...)
			command.Args = slices.Concat([]string{"unshare", "--mount", "sh", "-c",
				`mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"`, filepath.Dir(file), command.Path}, arguments)
			command.Path, _ = exec.LookPath("unshare")
			if err := command.Run(); err != nil {
				t.Errorf("%s, mode %04o: %v, stderr %q", placement, mode, err, stderr)
			}
		}
	}
}

// Containers also get secrets that belong to root.
func TestSecretsThatBelongToRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can write them")
	}
	for mode, code := range map[os.FileMode]int{0o444: exit.Done, 0o644: exit.Done, 0o664: exit.Usage, 0o646: exit.Usage} {
		file, arguments := place(t, "env file", mode)
		if err := os.Chmod(filepath.Dir(filepath.Dir(file)), 0o755); err != nil {
			t.Fatal(err)
		}
		command, stderr := acceptance.Program(t, arguments...)
		command.Path = "/proc/self/exe" // the folder of the test is not for others
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		_ = command.Run() // the state has the result
		if command.ProcessState.ExitCode() != code {
			t.Errorf("mode %04o: %v, stderr %q", mode, command.ProcessState, stderr)
		}
	}
}

// replaced replaces the file by a link.
func replaced(t *testing.T, file, target string) {
	t.Helper()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, file); err != nil {
		t.Fatal(err)
	}
}

func TestAFileWithoutEndIsRefused(t *testing.T) {
	for placement := range placements {
		file, arguments := place(t, placement, 0o600)
		replaced(t, file, "/dev/zero")
		command, stderr := acceptance.Program(t, arguments...)
		_ = command.Run() // the state has the result
		if command.ProcessState.ExitCode() != exit.Usage {
			t.Errorf("%s: %v", placement, command.ProcessState)
		}
		acceptance.IsOneError(t, stderr.String(), "has more than the 1048576 bytes that are allowed")
	}
}

// A pipe that nobody writes into blocks, and the first signal has to end that.
func TestAnInterruptEndsTheWaitForAPipe(t *testing.T) {
	for placement := range placements {
		t.Run(placement+", to open it", func(t *testing.T) {
			file, arguments := place(t, placement, 0o600)
			replaced(t, file, newPipe(t))
			ctx, interrupt := context.WithCancel(t.Context())
			interrupt()
			var stdout, stderr bytes.Buffer
			if code := cli.Run(ctx, arguments, nil, &stdout, &stderr); code != exit.Interrupted {
				t.Errorf("exit code %d", code)
			}
			clitest.Compare(t, stderr.String(), "contractactions: interrupted\n")
		})
		t.Run(placement+", to read it", func(t *testing.T) {
			file, arguments := place(t, placement, 0o600)
			pipe := newPipe(t)
			replaced(t, file, pipe)
			command, stderr := acceptance.Program(t, arguments...)
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			writer, err := os.OpenFile(pipe, os.O_WRONLY, 0) // waits for the program
			if err != nil {
				t.Fatal(err)
			}
			defer writer.Close()
			if err := command.Process.Signal(os.Interrupt); err != nil {
				t.Error(err)
			}
			_ = command.Wait() // the state has the result
			if command.ProcessState.ExitCode() != exit.Interrupted {
				t.Errorf("%v, stderr %q", command.ProcessState, stderr)
			}
		})
	}
}

func TestTheTimeoutIncludesTheWaitForAPipe(t *testing.T) {
	for placement := range placements {
		file, arguments := place(t, placement, 0o600)
		replaced(t, file, newPipe(t))
		result := acceptance.Call(t, append(arguments, "--timeout", "1ms")...)
		if result.Code != exit.Failure {
			t.Errorf("%s: exit code %d", placement, result.Code)
		}
		acceptance.IsOneError(t, result.Stderr, "the --timeout of 1ms expired")
		result = acceptance.Call(t, slices.Concat([]string{"wait", accountID, "1", "--timeout", "1ms"}, arguments[6:])...)
		if result.Code != exit.Timeout {
			t.Errorf("wait, %s: exit code %d", placement, result.Code)
		}
	}
}

func TestProfilesThatAreNotFilesAreNotOpened(t *testing.T) {
	acceptance.SetEnvironment(t, nil)
	work := acceptance.WriteProfile(t, "work", nil)
	replaced(t, acceptance.WriteProfile(t, "pipe", nil), newPipe(t))
	if err := os.Mkdir(profileFile(t, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	clitest.Compare(t, acceptance.Succeed(t, "auth", "profiles"), `NAME    ACCOUNT  REGION  FILE
folder  -        -       profile folder: `+profileFile(t, "folder")+` is not a regular file
pipe    -        -       profile pipe: `+profileFile(t, "pipe")+` is not a regular file
work    -        -       `+work+"\n")
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var stdout, stderr bytes.Buffer
	if code := cli.Run(ctx, []string{"auth", "profiles"}, nil, &stdout, &stderr); code != exit.Interrupted || stdout.Len() > 0 {
		t.Errorf("exit code %d, stdout %s", code, &stdout)
	}
	clitest.Compare(t, stderr.String(), "contractactions: interrupted\n")
}

func newPipe(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// As in --env-file <(command).
func TestFilesCanBePipes(t *testing.T) {
	for placement := range placements {
		file, arguments := place(t, placement, 0o600)
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		replaced(t, file, "/dev/fd/3")
		command, stderr := acceptance.Program(t, arguments...)
		command.ExtraFiles = []*os.File{reader}
		if _, err := writer.Write(content); err != nil {
			t.Fatal(err)
		}
		writer.Close()
		if err := command.Run(); err != nil {
			t.Errorf("%s: %v, stderr %q", placement, err, stderr)
		}
		reader.Close()
	}
}

func TestAProfileThatCannotBeOpenedIsMissedOnlyIfASettingIs(t *testing.T) {
	if runtime.GOOS == "darwin" {
		t.Skip("XDG_CONFIG_HOME has no meaning there")
	}
	for name, home := range map[string]struct{ home, config, want string }{
		"no directory":  {"/dev/null", "", "not a directory"},
		"no home":       {"", "", "neither $XDG_CONFIG_HOME nor $HOME are defined"},
		"relative":      {"", "config", "path in $XDG_CONFIG_HOME is relative"},
		"a loop":        {"", loop(t), "too many levels of symbolic links"},
		"a folder":      {"", folder(t), "is a directory"},
		"not permitted": {"", closed(t), "permission denied"},
	} {
		t.Run(name, func(t *testing.T) {
			if home.want == "permission denied" && os.Geteuid() == 0 {
				t.Skip("root is permitted everything")
			}
			acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 1))
			t.Setenv("HOME", home.home)
			t.Setenv("XDG_CONFIG_HOME", home.config)
			acceptance.Succeed(t, "list", accountID)
			t.Setenv("TALKDESK_CLIENT_ID", "")
			result := acceptance.Call(t, "list", accountID)
			if result.Code != exit.Usage {
				t.Errorf("exit code %d", result.Code)
			}
			acceptance.IsOneError(t, result.Stderr, "set TALKDESK_CLIENT_ID (not looked up in the profile default: ")
			acceptance.IsOneError(t, result.Stderr, home.want)
			result = acceptance.Call(t, "list", accountID, "--profile", "default")
			if result.Code != exit.Usage {
				t.Errorf("exit code %d", result.Code)
			}
			acceptance.IsOneError(t, result.Stderr, home.want)
		})
	}
}

func loop(t *testing.T) string {
	name := filepath.Join(t.TempDir(), "loop")
	if err := os.Symlink(name, name); err != nil {
		t.Fatal(err)
	}
	return name
}

func folder(t *testing.T) string {
	directory := t.TempDir()
	if err := os.MkdirAll(filepath.Join(directory, "contractactions", "profiles", "default.env"), 0o700); err != nil {
		t.Fatal(err)
	}
	return directory
}

func closed(t *testing.T) string {
	directory := t.TempDir()
	if err := os.Chmod(directory, 0); err != nil {
		t.Fatal(err)
	}
	return directory
}
