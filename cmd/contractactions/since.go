package main

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// sinceText is a flag that takes what parseSince understands. What it means
// depends on when and where it is asked, so it stays a text.
func sinceText(value *string) checked[string] {
	return checked[string]{value, "WHEN", func(text string) (string, error) {
		_, err := parseSince(text, time.Now(), time.UTC)
		return text, err
	}}
}

// parseSince returns the moment that a text means: so long ago, such as 36h, 7d
// or 2w; the beginning of a day in the zone; or a time with its own zone.
func parseSince(text string, now time.Time, zone *time.Location) (time.Time, error) {
	if ago, ok := parseAgo(text); ok {
		return now.Add(-ago), nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return day, nil
	}
	if moment, err := time.Parse(time.RFC3339, text); err == nil {
		return moment, nil
	}
	return time.Time{}, errors.New("give how long ago, such as 36h, 7d or 2w; a day, such as 2026-11-01; or a time, such as 2026-11-01T08:00:00Z")
}

func parseAgo(text string) (time.Duration, bool) {
	const day = 24 * time.Hour
	for unit, length := range map[string]time.Duration{"d": day, "w": 7 * day} {
		if number, ok := strings.CutSuffix(text, unit); ok {
			// At most 13 bits: more weeks do not fit a time.Duration.
			n, err := strconv.ParseUint(number, 10, 13)
			return time.Duration(n) * length, err == nil && n > 0
		}
	}
	ago, err := time.ParseDuration(text)
	return ago, err == nil && ago > 0
}
