package wrapper_test

import (
	"strings"
	"testing"
	"time"
)

// The fields that the rows of this file put odd values into.
var (
	total         = pageFields[3]
	quantity      = actionFields[4]
	createdAt     = actionFields[5]
	statusMessage = actionFields[3]
	actionStatus  = actionFields[2]
)

func numbers() []fault {
	taken := func(f field, value, as string) fault {
		return spoiltField(f.label()+" that is unusual", f, value, reads(as))
	}
	refused := func(f field, value string) fault {
		says := inPage(f)
		if strings.HasPrefix(f.path, firstAction) {
			says = inAction(f)
		}
		return spoiltField(f.label()+" that is not one of its numbers", f, value, unusable(says))
	}
	invalid := func(value string) fault {
		return spoiltField(quantity.label()+" that JSON does not have", quantity, value, unusable("200 OK: the body is not JSON, or not all of it"))
	}
	more := incomplete("fewer items than total (expected 6, received 5)", allActions)
	more.requests = 2
	return []fault{
		taken(quantity, "0", "0"),
		taken(quantity, "-0", "0"),
		taken(quantity, "-5", "-5"),
		taken(quantity, "2147483647", "2147483647"),
		refused(quantity, "2147483648"),
		refused(quantity, "-2147483649"),
		refused(quantity, "10.0"),
		refused(quantity, "10.5"),
		refused(quantity, "1e1"),
		invalid("+1"),
		invalid("01"),
		invalid(".5"),
		invalid("1."),
		invalid("0x10"),
		invalid("NaN"),
		invalid("Infinity"),
		invalid("1_000"),
		taken(total, "0", "0"),
		taken(total, "-5", "-5"),
		taken(total, "-0", "0"),
		refused(total, "5.0"),
		refused(total, "5e0"),
		refused(total, "9223372036854775808"),
		refused(total, "1e400"),
		spoilt("`count` that is negative", "", "count", "-1", incomplete("count differs from the items on the page (expected -1, received 3)", firstPageActions)),
		spoilt("`count` that is too large", "", "count", "4", incomplete("count differs from the items on the page (expected 4, received 3)", firstPageActions)),
		{
			situation: "`total` that is more than comes, on all pages", want: more,
			actions: []script{success(edited("total", "6")), success(strings.Replace(secondPage, `"total":5`, `"total":6`, 1))},
		},
	}
}

func dates() []fault {
	taken := func(text, as string) fault {
		return spoiltField(createdAt.label()+" that is unusual", createdAt, `"`+text+`"`, reads(as))
	}
	refused := func(value string) fault {
		return spoiltField(createdAt.label()+" that is not a date with a time and a zone", createdAt, value, unusable(inAction(createdAt)))
	}
	return []fault{
		taken("2022-03-10T16:15:50.5Z", "2022-03-10T16:15:50.5Z"),
		taken("2022-03-10T16:15:50.123456789Z", "2022-03-10T16:15:50.123456789Z"),
		taken("2022-03-10T16:15:50.1234567899Z", "2022-03-10T16:15:50.123456789Z"),
		taken("2022-03-10T16:15:50+00:00", "2022-03-10T16:15:50Z"),
		taken("2022-03-10T16:15:50-00:00", "2022-03-10T16:15:50Z"),
		taken("2022-03-10T16:15:50+05:30", "2022-03-10T16:15:50+05:30"),
		taken("2022-03-10T16:15:50-23:59", "2022-03-10T16:15:50-23:59"),
		taken("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
		taken("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
		taken("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
		// Not RFC 3339, but the time package takes it (https://go.dev/issue/54580).
		taken("2022-03-10T16:15:50+24:00", "2022-03-10T16:15:50+24:00"),
		taken("2022-03-10T16:15:50+05:60", "2022-03-10T16:15:50+06:00"),
		taken("2022-03-10T16:15:50,5Z", "2022-03-10T16:15:50.5Z"),
		taken("2022-03-10T6:15:50Z", "2022-03-10T06:15:50Z"),
		refused(`""`),
		refused(`"2022-03-10"`),
		refused(`"2022-03-10T16:15:50"`),
		refused(`"2022-03-10 16:15:50Z"`),
		refused(`"2022-03-10t16:15:50Z"`),
		refused(`"2022-03-10T16:15:50z"`),
		refused(`"2022-03-10T16:15:50+0530"`),
		refused(`"2022-03-10T16:15:50+05"`),
		refused(`"2022-03-10T16:15:50.Z"`),
		refused(`"2022-03-10T16:15Z"`),
		refused(`"2022-03-10T24:00:00Z"`),
		refused(`"2016-12-31T23:59:60Z"`),
		refused(`"2023-02-29T00:00:00Z"`),
		refused(`"10000-01-01T00:00:00Z"`),
		refused(`"-001-01-01T00:00:00Z"`),
		refused(`"Thu, 10 Mar 2022 16:15:50 GMT"`),
		refused(`"1646928950"`),
		refused(`1646928950`),
		refused(`" 2022-03-10T16:15:50Z"`),
	}
}

// What is read of a date, and whether it is one, is as package time has it.
func TestDatesAreReadAsPackageTimeReadsThem(t *testing.T) {
	for _, row := range dates() {
		literal := strings.Trim(row.variant, "`")
		var date time.Time
		err := date.UnmarshalJSON([]byte(literal))
		if taken := row.want.failure == ""; taken != (err == nil) || taken && print(date) != row.want.value {
			t.Errorf("%s is read as %v with the error %v, and the row says %+v", literal, date, err, row.want)
		}
	}
}

func texts() []fault {
	taken := func(situation string, f field, value, as string) fault {
		row := spoiltField(situation, f, value, reads(as))
		row.variant = ""
		return row
	}
	id := actionFields[0]
	return []fault{
		taken("Bytes that are not UTF-8", statusMessage, "\"a\xffb\"", `"a�b"`),
		taken("Half of a surrogate pair", statusMessage, `"a\ud800b"`, `"a�b"`),
		taken("A surrogate pair the wrong way round", statusMessage, `"\udc00\ud800"`, `"��"`),
		taken("A surrogate pair", statusMessage, `"\ud83d\ude00"`, `"😀"`),
		taken("A zero character", statusMessage, `"a\u0000b"`, `"a\x00b"`),
		taken("A status that is not documented", actionStatus, `"ON_HOLD"`, `"ON_HOLD"`),
		taken("A status in lower case", actionStatus, `"created"`, `"created"`),
		taken("A status that is empty", actionStatus, `""`, `""`),
		taken("An action type that is not documented", actionFields[1], `"PAUSETDE"`, `"PAUSETDE"`),
		taken("An action type that is empty", actionFields[1], `""`, `""`),
		spoilt("An id that is empty", "", id.path, `""`, noID),
	}
}

// links are next links that cannot be followed.
func links() []fault {
	next := func(situation, href string, want outcome) fault {
		return spoilt(situation, "", "_links.next.href", `"`+href+`"`, want)
	}
	refused := func(says string) outcome {
		return outcome{failure: "*LinkError", says: says, requests: 1, delivered: firstPageActions}
	}
	return []fault{
		next("The next link is empty", "", endsEarly),
		next("The next link leads to another host", "http://api.example.com/?page=2", refused("it leads away from http://localhost:80, where the token must stay")),
		next("The next link leads to the page that it is on", "?page=1", refused("it leads back to a page that was already read")),
		next("The next link carries user information", "http://user:password@localhost/?page=2", refused("it contains user information")),
		next("The next link is not a URL", "http://[::1", refused("it is not a URL")),
		next("The next link is relative", "?page=2", whole(2)),
	}
}
