package selection

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // for systems without zone data, such as containers

	"github.com/talkdesk-express/contractactions/internal/cli/files"
)

// LocalZone returns the time zone that TZ names, or without TZ that of the system.
// It reports a zone that cannot be loaded, in whose place package time uses UTC.
func LocalZone(ctx context.Context) (*time.Location, error) {
	name, set := os.LookupEnv("TZ")
	if !set {
		return systemZone()
	}
	zone, err := zoneNamed(ctx, strings.TrimPrefix(name, ":"))
	if err != nil {
		return nil, fmt.Errorf("TZ=%.80q is not a time zone: use a name such as Europe/Berlin: %w", name, err)
	}
	return zone, nil
}

func zoneNamed(ctx context.Context, name string) (*time.Location, error) {
	switch {
	case name == "Local": // which LoadLocation takes for time.Local
		return nil, fmt.Errorf("unknown time zone %s", name)
	case !filepath.IsAbs(name):
		return time.LoadLocation(name)
	}
	content, err := files.Read(ctx, name)
	if err != nil {
		return nil, err
	}
	return time.LoadLocationFromTZData(name, content)
}

// systemZone is [time.Local], unless that is UTC only because the zone data that
// /etc/localtime links to is not installed.
func systemZone() (*time.Location, error) {
	const file = "/etc/localtime"
	link, err := os.Readlink(file)
	if err != nil {
		return time.Local, nil
	}
	if _, err := os.Stat(file); err == nil {
		return time.Local, nil
	}
	_, name, _ := strings.Cut(link, "zoneinfo/")
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" {
		return nil, fmt.Errorf("%s links to %s, which does not exist: set TZ", file, link)
	}
	return zone, nil
}

// startOfDay returns the first instant of a day in a zone. day is its midnight in
// UTC. Where clocks change at midnight, a day begins later, or has its midnight
// twice.
func startOfDay(day time.Time, zone *time.Location) time.Time {
	// No zone is a day away from UTC.
	for period := day.AddDate(0, 0, -1).In(zone); ; {
		_, offset := period.Zone()
		_, end := period.ZoneBounds()
		start := day.Add(-time.Duration(offset) * time.Second).In(zone)
		if start.Before(period) {
			start = period
		}
		if end.IsZero() || start.Before(end) {
			return start
		}
		period = end
	}
}
