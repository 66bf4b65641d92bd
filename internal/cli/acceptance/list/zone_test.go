//go:build unix

package list_test

import (
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/internal/cli/acceptance"
	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
	"github.com/talkdesk-express/contractactions/internal/cli/exit"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// withoutZoneData makes a program run where no zone data is installed, if this
// system allows that.
func withoutZoneData(command *exec.Cmd) {
	hidden := []string{"unshare", "--mount", "sh", "-c", `mount -t tmpfs none /usr/share/zoneinfo && exec "$0" "$@"`}
	if exec.Command(hidden[0], append(hidden[1:], "true")...).Run() == nil {
		command.Args = slices.Concat(hidden, []string{command.Path}, command.Args[1:])
		command.Path, _ = exec.LookPath(hidden[0])
	}
	command.Env = append(command.Env, "GOROOT=/nowhere") // which has zone data too
}

func TestADayBeginsAtItsFirstInstant(t *testing.T) {
	for _, test := range []struct{ zone, day, first string }{
		{"", "2026-06-02", "2026-06-02T00:00:00Z"},
		{"UTC", "2026-06-02", "2026-06-02T00:00:00Z"},
		{"Europe/Berlin", "2026-06-02", "2026-06-01T22:00:00Z"},
		{":Europe/Berlin", "2026-06-02", "2026-06-01T22:00:00Z"},
		{"Etc/GMT-14", "2026-06-02", "2026-06-01T10:00:00Z"},
		{"America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z"}, // midnight does not exist
		{"America/Santiago", "2026-04-05", "2026-04-05T04:00:00Z"}, // 23:00 to 24:00 of the day before came twice
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"},   // 00:00 to 01:00 come twice
		{"America/St_Johns", "2006-10-29", "2006-10-29T02:30:00Z"}, // back to the day before one minute later
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},     // a day that does not exist
	} {
		t.Run(test.zone+" "+test.day, func(t *testing.T) {
			first, err := time.Parse(time.RFC3339, test.first)
			if err != nil {
				t.Fatal(err)
			}
			action := func(id string, moment time.Time) wrapper.ContractAction {
				return wrapper.ContractAction{ID: id, ActionType: wrapper.TypeNew, Status: wrapper.StatusCreated,
					StatusMessage: "Created.", CreatedAt: moment, UpdatedAt: moment}
			}
			acceptance.Start(t, sandbox.WithAccount(accountID, action("before", first.Add(-time.Second)), action("first", first)))
			command, stderr := acceptance.Program(t, "list", accountID, "--local", "--since", test.day, "-o", "csv", "--fields", "id")
			command.Env = append(command.Env, "TZ="+test.zone)
			withoutZoneData(command)
			output, err := command.Output()
			if err != nil {
				t.Fatalf("%v, stderr %q", err, stderr)
			}
			clitest.Compare(t, string(output), "id\nfirst\n")
		})
	}
}

// Package time takes UTC in their place, and says nothing.
func TestATimeZoneThatIsNotKnownIsRefused(t *testing.T) {
	acceptance.Start(t, sandbox.WithGeneratedAccount(accountID, 1))
	for _, zone := range []string{"Europe/Berlinn", "Europe", "Local", "CET-1CEST,M3.5.0,M10.5.0/3", "../etc/passwd", "/nowhere", "/dev/null", "/dev/zero"} {
		command, stderr := acceptance.Program(t, "list", accountID, "--local")
		command.Env = append(command.Env, "TZ="+zone)
		_ = command.Run() // the state has the result
		if command.ProcessState.ExitCode() != exit.Usage {
			t.Errorf("%s: %v", zone, command.ProcessState)
		}
		acceptance.IsOneError(t, stderr.String(), "TZ")
	}
}
