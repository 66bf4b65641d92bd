package selection

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
)

// SinceValue accepts what ParseSince does. The flag keeps the text, since its
// meaning depends on the start of the listing and the zone.
func SinceValue(target *string) flagvalue.Value[string] {
	return flagvalue.Value[string]{Target: target, Kind: "WHEN", Parse: func(text string) (string, error) {
		_, err := ParseSince(text, time.Now(), time.UTC)
		return text, err
	}}
}

// ParseSince parses a duration before now, such as 36h, 7d or 2w; the first
// instant of a day in the zone; or a time with its own zone.
func ParseSince(text string, now time.Time, zone *time.Location) (time.Time, error) {
	if ago, ok := parseAgo(text); ok {
		return now.Add(-ago), nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil && !day.IsZero() {
		return startOfDay(day, zone), nil
	}
	if moment, err := time.Parse(time.RFC3339, text); err == nil && !moment.IsZero() {
		return moment, nil
	}
	return time.Time{}, errors.New("use a duration, such as 36h, 7d or 2w; a day, such as 2026-11-01; or a time, such as 2026-11-01T08:00:00Z")
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
