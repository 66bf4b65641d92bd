package list

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// filter selects the contract actions to print. The service is asked to select
// them, and its responses are filtered as well, since it can ignore the request.
type filter struct {
	statuses flagvalue.StringList
	types    flagvalue.StringList
	since    time.Time // the least updated_at; zero for any
}

func (f filter) filters() bool {
	return len(f.statuses) > 0 || len(f.types) > 0 || !f.since.IsZero()
}

// expression is the filter for the service, empty if there is nothing to request.
// Values that the contract does not list cannot be expressed with its operators.
func (f filter) expression() string {
	status, actionType := anyOf("status", f.statuses), anyOf("action_type", f.types)
	if status == "" || actionType == "" {
		return status + actionType
	}
	return parenthesized(status) + " and " + parenthesized(actionType)
}

// anyOf returns the expression for a field that has one of the values.
func anyOf(field string, values flagvalue.StringList) string {
	if slices.Contains(values, flagvalue.Other) {
		return ""
	}
	var alternatives []string
	for _, value := range values {
		alternatives = append(alternatives, field+" eq '"+value+"'")
	}
	return strings.Join(alternatives, " or ")
}

func parenthesized(expression string) string {
	if strings.Contains(expression, " or ") {
		return "(" + expression + ")"
	}
	return expression
}

func (f filter) passes(action wrapper.ContractAction) bool {
	return f.statuses.Selects(string(action.Status), action.Status.Valid()) &&
		f.types.Selects(string(action.ActionType), action.ActionType.Valid()) &&
		!action.UpdatedAt.Before(f.since)
}

// sinceValue accepts what parseSince does. The flag keeps the text, since its
// meaning depends on the start of the listing and the zone.
func sinceValue(target *string) flagvalue.Value[string] {
	return flagvalue.Value[string]{Target: target, Kind: "WHEN", Parse: func(text string) (string, error) {
		_, err := parseSince(text, time.Now(), time.UTC)
		return text, err
	}}
}

// parseSince parses a duration before now, such as 36h, 7d or 2w; the first
// instant of a day in the zone; or a time with its own zone.
func parseSince(text string, now time.Time, zone *time.Location) (time.Time, error) {
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
