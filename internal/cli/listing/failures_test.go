package listing

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/terminal"
	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestManyFailuresTakeLittleMemory(t *testing.T) {
	const accounts = 20_000
	heap := func() int64 {
		var memory runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&memory)
		return int64(memory.HeapAlloc)
	}
	before := heap()
	var failed Failures
	for i := range accounts {
		text := fmt.Sprintf("403 Forbidden: the %d account %s", i, strings.Repeat("long ", 150))
		failed.add(&wrapper.AccountError{AccountID: fmt.Sprint("account-", i), Err: errors.New(text)})
	}
	if used := (heap() - before) >> 20; used > 12 {
		t.Errorf("%d MiB", used)
	}
	var table bytes.Buffer
	failed.print(&table)
	lines := strings.Split(table.String(), "\n")
	if len(lines) != accounts+2 || !strings.HasPrefix(lines[accounts], "account-9999   403 Forbidden: the 9999 account long ") {
		t.Errorf("%d lines, the last is %.200q", len(lines), lines[accounts])
	}
}

func TestLongAndWideAccountsDoNotMoveTheErrors(t *testing.T) {
	var failed Failures
	for _, id := range []string{"short", "漢字", strings.Repeat("x", 10_000)} {
		failed.add(&wrapper.AccountError{AccountID: id, Err: errors.New("refused")})
	}
	var table bytes.Buffer
	failed.print(&table)
	for line := range strings.Lines(table.String()) {
		account, _, _ := strings.Cut(strings.NewReplacer("ERROR", "refused").Replace(line), "refused")
		if terminal.Width(account) != longestName+2 {
			t.Errorf("%q is %d wide", account, terminal.Width(account))
		}
	}
	if !strings.Contains(table.String(), "xxx…  refused\n") {
		t.Error(&table)
	}
}
