package wrapper

import "time"

// parseUTC reads the usual JSON literal of a time, "2022-03-10T16:15:50Z" with
// its quotes, several times faster than package time, and to the same value.
// It is not ok for any other form.
func parseUTC(literal []byte) (t time.Time, ok bool) {
	const form = `"2006-01-02T15:04:05Z"`
	if len(literal) != len(form) || literal[0] != '"' || literal[5] != '-' || literal[8] != '-' || literal[11] != 'T' ||
		literal[14] != ':' || literal[17] != ':' || literal[20] != 'Z' || literal[21] != '"' {
		return time.Time{}, false
	}
	century, year := twoDigits(literal[1:]), twoDigits(literal[3:])
	month, day := twoDigits(literal[6:]), twoDigits(literal[9:])
	hour, minute, second := twoDigits(literal[12:]), twoDigits(literal[15:]), twoDigits(literal[18:])
	if century < 1 || century > 99 || year > 99 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	t = time.Date(100*century+year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	return t, t.Day() == day // unless the month has no such day
}

// twoDigits is over 99 if b does not begin with two digits.
func twoDigits(b []byte) int {
	tens, ones := b[0]-'0', b[1]-'0'
	if tens > 9 || ones > 9 {
		return 100
	}
	return 10*int(tens) + int(ones)
}
