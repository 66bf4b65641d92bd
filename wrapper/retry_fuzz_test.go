package wrapper_test

import (
	"errors"
	"math"
	"math/big"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// Retry-After is what RFC 9110, section 10.2.3, says, and never negative.
func FuzzRetryAfter(f *testing.F) {
	const now = "Thu, 10 Mar 2022 16:15:50 GMT"
	for _, value := range []string{
		"", "0", "5", "007", " 5 ", "-5", "+5", "5.5", "5e3", "0x5", "1_0", "٥",
		"9223372036", "9223372037", "18446744073709551615", "18446744073709551616", strings.Repeat("9", 100),
		"Thu, 10 Mar 2022 16:16:50 GMT", "Thu, 10 Mar 2022 16:14:50 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 01 Jan 0000 00:00:00 GMT",
		"Thu, 31 Feb 2022 16:16:50 GMT", "Thu, 10 Mar 2022 24:00:00 GMT", "Thu, 10 Mar 2022 16:16:50 CET",
		"Thursday, 10-Mar-22 16:16:50 GMT", "Thu Mar 10 16:16:50 2022",
	} {
		for _, date := range []string{"", now, "yesterday", "Fri, 31 Dec 9999 23:59:59 GMT"} {
			f.Add(value, date)
		}
	}
	f.Fuzz(func(t *testing.T, value, date string) {
		client := newFuzzedClient(t, func(request *http.Request) (*http.Response, error) {
			return answered(request, http.StatusTooManyRequests, http.Header{"Retry-After": {value}, "Date": {date}}, ""), nil
		})
		before := time.Now()
		err := onePage(t.Context(), client)
		after := time.Now()
		var refused *wrapper.Error
		if !errors.As(err, &refused) {
			t.Fatalf("the error is %v, want an Error", err)
		}
		got := refused.RetryAfter
		if got < 0 {
			t.Errorf("%q: %v", value, got)
		}
		if want, ok := secondsOf(value); ok {
			if got != want {
				t.Errorf("%q: %v, want %v", value, got, want)
			}
			return
		}
		until, ok := dateOf(strings.Trim(value, " \t"))
		if !ok {
			if got != 0 && !strings.ContainsAny(value, "0123456789") {
				t.Errorf("%q: %v, want 0", value, got)
			}
			return
		}
		// Without the server's clock, the client's counts: it was read in between.
		latest, earliest := after, before
		if sent, ok := dateOf(date); ok {
			latest, earliest = sent, sent
		} else if _, err := http.ParseTime(date); err == nil {
			return // an obsolete form, which the oracle does not read
		}
		if got < distance(latest, until) || got > distance(earliest, until) {
			t.Errorf("%q, sent %q: %v, want %v", value, date, got, distance(latest, until))
		}
	})
}

// secondsOf is the oracle for delay-seconds.
func secondsOf(value string) (time.Duration, bool) {
	value = strings.Trim(value, " \t")
	if !regexp.MustCompile(`^[0-9]+$`).MatchString(value) {
		return 0, false
	}
	seconds, _ := new(big.Int).SetString(value, 10)
	return atMostLongest(seconds.Mul(seconds, big.NewInt(int64(time.Second)))), true
}

func atMostLongest(nanoseconds *big.Int) time.Duration {
	if !nanoseconds.IsInt64() {
		return math.MaxInt64
	}
	return time.Duration(nanoseconds.Int64())
}

// dateOf is the oracle for IMF-fixdate, the form of a date that servers must
// send (RFC 9110, section 5.6.7).
func dateOf(value string) (time.Time, bool) {
	months := []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
	fixdate := regexp.MustCompile(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$`)
	part := fixdate.FindStringSubmatch(value)
	if part == nil || !slices.Contains(months, part[2]) {
		return time.Time{}, false
	}
	number := func(text string) int { return must(strconv.Atoi(text)) }
	date := time.Date(number(part[3]), time.Month(slices.Index(months, part[2])+1), number(part[1]), number(part[4]), number(part[5]), number(part[6]), 0, time.UTC)
	exists := date.Day() == number(part[1]) && date.Hour() == number(part[4]) && date.Minute() == number(part[5]) && date.Second() == number(part[6])
	return date, exists
}

// distance is how far it is from one moment to a later one, 0 if it is not later.
func distance(from, to time.Time) time.Duration {
	nanoseconds := big.NewInt(to.Unix())
	nanoseconds.Sub(nanoseconds, big.NewInt(from.Unix()))
	nanoseconds.Mul(nanoseconds, big.NewInt(int64(time.Second)))
	nanoseconds.Add(nanoseconds, big.NewInt(int64(to.Nanosecond()-from.Nanosecond())))
	if nanoseconds.Sign() < 0 {
		return 0
	}
	return atMostLongest(nanoseconds)
}
