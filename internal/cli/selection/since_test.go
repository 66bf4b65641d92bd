package selection

import (
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
)

func TestSince(t *testing.T) {
	now := time.Date(2026, time.November, 23, 20, 0, 0, 0, time.UTC)
	zone := time.FixedZone("", 2*60*60)
	for text, want := range map[string]string{
		"7d":                        "2026-11-16T20:00:00Z",
		"2w":                        "2026-11-09T20:00:00Z",
		"36h":                       "2026-11-22T08:00:00Z",
		"90m":                       "2026-11-23T18:30:00Z",
		"2026-11-01":                "2026-10-31T22:00:00Z",
		"2026-11-01T08:00:00Z":      "2026-11-01T08:00:00Z",
		"2026-11-01T08:00:00-05:00": "2026-11-01T13:00:00Z",
		"":                          "",
		"d":                         "",
		"0d":                        "",
		"-7d":                       "",
		"-7h":                       "",
		"7":                         "",
		"1.5d":                      "",
		"9999999999999w":            "",
		"2026-13-01":                "",
		"01.11.2026":                "",
		"0001-01-01T00:00:00Z":      "",
		"2026-11-01T08:00:00":       "",
	} {
		t.Run(text, func(t *testing.T) {
			moment, err := ParseSince(text, now, zone)
			if (err != nil) != (want == "") {
				t.Fatal(moment, err)
			}
			if err == nil {
				clitest.Compare(t, moment.UTC().Format(time.RFC3339), want)
			}
		})
	}
}
