package decode

import (
	"strings"
	"testing"
	"time"
)

func TestTimesAreReadAsByPackageTime(t *testing.T) {
	first, last := time.Date(0, time.January, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)
	var day day
	for date := first; !date.After(last); date = date.AddDate(0, 0, 37) {
		// The second time of a day is read from what the first has left.
		for _, milli := range []int{236*1000*date.YearDay() + date.YearDay(), 86399999} {
			for _, form := range []string{`"2006-01-02T15:04:05Z"`, `"2006-01-02T15:04:05.000Z"`} {
				literal := date.Add(time.Duration(milli)*time.Millisecond).AppendFormat(nil, form)
				var want time.Time
				if err := want.UnmarshalJSON(literal); err != nil {
					t.Fatal(err)
				}
				got, ok := day.parse(literal)
				if usual := date.Year() >= 100; ok != usual || ok && got != want {
					t.Fatalf("%s is read as %v, %v", literal, got, ok)
				}
			}
		}
	}
}

func TestUnusualTimesAreDeclined(t *testing.T) {
	for _, literal := range []string{
		``, `null`, `"2022-03-10T16:15:50"`, `"2022-03-10T16:15:50z"`, `"2022-03-10 16:15:50Z"`, `"2022-03-10T16:15:50Z `,
		`"2022-00-10T16:15:50Z"`, `"2022-13-10T16:15:50Z"`, `"2022-03-00T16:15:50Z"`, `"2022-02-29T16:15:50Z"`,
		`"2022-03-10T24:15:50Z"`, `"2022-03-10T16:60:50Z"`, `"2022-03-10T16:15:60Z"`,
		`"2022-03-10T16:15:5/Z"`, `"2022-03-10T16:15::0Z"`, `"-022-03-10T16:15:50Z"`, `"20x2-03-10T16:15:50Z"`,
		`"2022/03/10T16:15:50Z"`, "\"" + strings.Repeat("\x00", 10) + `T16:15:50Z"`,
		`"2022-03-10T16:15:50.1Z"`, `"2022-03-10T16:15:50.1234Z"`, `"2022-03-10T16:15:50,123Z"`, `"2022-03-10T16:15:50.123z"`,
		`"2022-03-10T16:15:50.123Z `, `"2022-03-10T16:15:50.12xZ"`, `"2022-03-10T16:15:50.1x3Z"`, `"2022-03-10T16:15:50.:23Z"`,
		`"2022-03-10T16:15:50./23Z"`, `"2022-03-10T16:15:50.-12Z"`, `"2022-03-10T16:15:60.123Z"`, `"2022-02-30T16:15:50.123Z"`,
	} {
		var day day
		for range 2 { // also if it is read again, or another was in between
			if got, ok := day.parse([]byte(literal)); ok {
				t.Errorf("%s is read as %v", literal, got)
			}
			if _, ok := day.parse([]byte(`"2022-03-10T16:15:50Z"`)); !ok {
				t.Errorf("after %s, a good time is declined", literal)
			}
		}
	}
}
