//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package main

import (
	"testing"
)

func TestAJournalIsForOneRunAtATime(t *testing.T) {
	startSeveral(t, 1)
	name := journalName(t)
	other, err := openJournal(name, journalHeader{})
	if err != nil {
		t.Fatal(err)
	}
	arguments := []string{"list", "account-1", "-o", "ndjson", "--resume", name}
	result := call(t, arguments...)
	if result.code != exitUsage {
		t.Errorf("exit code %d", result.code)
	}
	isOneError(t, result.stderr, "another run is using it")
	other.close()
}
