package secretcommand

import (
	"context"
	"os/exec"
	"syscall"
)

// shellCommand passes the command on as it is written: cmd.exe does not read the
// quotes that package exec would add.
func shellCommand(ctx context.Context, command string) *exec.Cmd {
	shell := exec.CommandContext(ctx, "cmd")
	shell.SysProcAttr = &syscall.SysProcAttr{CmdLine: `cmd /d /s /c "` + command + `"`}
	return shell
}
