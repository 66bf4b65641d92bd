package wrapper

import (
	"strings"
	"testing"
	"time"
)

func TestACalendarReadsTimesAsPackageTime(t *testing.T) {
	first, last := time.Date(0, time.January, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)
	var calendar calendar
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		// The second of a day is read from what the first has left.
		for _, second := range []int{236 * day.YearDay(), 86399} {
			want := day.Add(time.Duration(second) * time.Second)
			literal := want.AppendFormat(nil, `"2006-01-02T15:04:05Z"`)
			got, ok := calendar.parse(literal)
			if usual := day.Year() >= 100; ok != usual || ok && got != want {
				t.Fatalf("%s is read as %v, %v", literal, got, ok)
			}
		}
	}
}

func TestACalendarDeclines(t *testing.T) {
	for _, literal := range []string{
		``, `null`, `"2022-03-10T16:15:50"`, `"2022-03-10T16:15:50z"`, `"2022-03-10 16:15:50Z"`, `"2022-03-10T16:15:50Z `,
		`"2022-00-10T16:15:50Z"`, `"2022-13-10T16:15:50Z"`, `"2022-03-00T16:15:50Z"`, `"2022-02-29T16:15:50Z"`,
		`"2022-03-10T24:15:50Z"`, `"2022-03-10T16:60:50Z"`, `"2022-03-10T16:15:60Z"`,
		`"2022-03-10T16:15:5/Z"`, `"2022-03-10T16:15::0Z"`, `"-022-03-10T16:15:50Z"`, `"20x2-03-10T16:15:50Z"`,
		`"2022/03/10T16:15:50Z"`, "\"" + strings.Repeat("\x00", 10) + `T16:15:50Z"`,
	} {
		var calendar calendar
		for range 2 { // also if it is asked again, or another was in between
			if got, ok := calendar.parse([]byte(literal)); ok {
				t.Errorf("%s is read as %v", literal, got)
			}
			if _, ok := calendar.parse([]byte(`"2022-03-10T16:15:50Z"`)); !ok {
				t.Errorf("after %s, a good time is declined", literal)
			}
		}
	}
}
