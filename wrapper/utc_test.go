package wrapper

import (
	"testing"
	"time"
)

func TestParseUTCIsPackageTime(t *testing.T) {
	first, last := time.Date(0, time.January, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		want := day.Add(time.Duration(day.YearDay()*236) * time.Second)
		literal := want.AppendFormat(nil, `"2006-01-02T15:04:05Z"`)
		got, ok := parseUTC(literal)
		if usual := day.Year() >= 100; ok != usual || ok && got != want {
			t.Fatalf("%s is read as %v, %v", literal, got, ok)
		}
	}
}

func TestParseUTCDeclines(t *testing.T) {
	for _, literal := range []string{
		``, `null`, `"2022-03-10T16:15:50"`, `"2022-03-10T16:15:50z"`, `"2022-03-10 16:15:50Z"`, `"2022-03-10T16:15:50Z `,
		`"2022-00-10T16:15:50Z"`, `"2022-13-10T16:15:50Z"`, `"2022-03-00T16:15:50Z"`, `"2022-02-29T16:15:50Z"`,
		`"2022-03-10T24:15:50Z"`, `"2022-03-10T16:60:50Z"`, `"2022-03-10T16:15:60Z"`,
		`"2022-03-10T16:15:5/Z"`, `"2022-03-10T16:15::0Z"`, `"-022-03-10T16:15:50Z"`, `"20x2-03-10T16:15:50Z"`,
	} {
		if got, ok := parseUTC([]byte(literal)); ok {
			t.Errorf("%s is read as %v", literal, got)
		}
	}
}
