package decode

import "time"

// day is the day of the last time that was read. The times of a list are often
// of one day, and computing the day takes most of the time.
type day struct {
	date     [len(time.DateOnly)]byte
	midnight int64 // Unix time
}

// parse reads the JSON literal of a time in UTC, in seconds or milliseconds, to
// the same value as package time. It is not ok for any other form.
func (d *day) parse(literal []byte) (t time.Time, ok bool) {
	const (
		seconds      = `"2006-01-02T15:04:05Z"`
		milliseconds = `"2006-01-02T15:04:05.000Z"`
	)
	milli := 0
	switch {
	case len(literal) == len(seconds) && literal[20] == 'Z' && literal[21] == '"':
	case len(literal) == len(milliseconds) && literal[20] == '.' && literal[24] == 'Z' && literal[25] == '"':
		milli = 100*int(literal[21]-'0') + twoDigits(literal[22:])
	default:
		return time.Time{}, false
	}
	if literal[0] != '"' || literal[5] != '-' || literal[8] != '-' || literal[11] != 'T' || literal[14] != ':' || literal[17] != ':' {
		return time.Time{}, false
	}
	hour, minute, second := twoDigits(literal[12:]), twoDigits(literal[15:]), twoDigits(literal[18:])
	if hour > 23 || minute > 59 || second > 59 || milli > 999 || !d.turnTo(literal[1:11]) {
		return time.Time{}, false
	}
	return time.Unix(d.midnight+int64(3600*hour+60*minute+second), int64(milli)*1e6).UTC(), true
}

// turnTo sets the day, written like 2022-03-10, whose hyphens have been
// checked. It reports whether there is such a day.
func (d *day) turnTo(date []byte) bool {
	if string(date) == string(d.date[:]) {
		return true
	}
	century, year, month, number := twoDigits(date), twoDigits(date[2:]), twoDigits(date[5:]), twoDigits(date[8:])
	if century < 1 || century > 99 || year > 99 || month < 1 || month > 12 {
		return false
	}
	midnight := time.Date(100*century+year, time.Month(month), number, 0, 0, 0, 0, time.UTC)
	if midnight.Day() != number { // the month has no such day
		return false
	}
	d.date, d.midnight = [len(time.DateOnly)]byte(date), midnight.Unix()
	return true
}

// twoDigits is 1000 if b does not begin with two digits.
func twoDigits(b []byte) int {
	tens, ones := b[0]-'0', b[1]-'0'
	if tens > 9 || ones > 9 {
		return 1000
	}
	return 10*int(tens) + int(ones)
}
