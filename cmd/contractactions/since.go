package main

import (
	"errors"
	"strconv"
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
	units := map[byte]time.Duration{'d': day, 'w': 7 * day}
	if unit, ok := units[text[max(0, len(text)-1)]]; ok {
		// As many days as fit a time.Duration, and no fewer than people need.
		n, err := strconv.ParseUint(text[:len(text)-1], 10, 13)
		return time.Duration(n) * unit, err == nil && n > 0
	}
	ago, err := time.ParseDuration(text)
	return ago, err == nil && ago > 0
}
