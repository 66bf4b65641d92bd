package wrapper_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// statusFaults are all statuses that are not a success, with what may come
// with them.
func statusFaults() []faultGroup {
	const documented = `{"code":"c1","message":"No.","description":"Because.","fields":[{"name":"page","description":"too big"}]}`
	with := func(kind, media, body, says string) []fault {
		return statuses(func(status int) fault {
			row := refusedPage("A status with "+kind, response(status, body, "Content-Type: "+media), refused(status, says))
			if status == http.StatusNotModified {
				row.situation, row.want = "Not Modified, which never has a body, with "+kind, refused(status, "the body is empty")
			}
			return row
		})
	}
	return []faultGroup{{
		title: "Statuses",
		note: "Whatever comes with it: the status is in the error's `StatusCode`, and its kind is found by `errors.Is`. " +
			"A 401 is repeated once with a new token, and after a 400 the listing starts again without `order_by` and `per_page`.",
		rows: slices.Concat(
			with("the documented body", "application/json", documented, "c1: No: Because; page: too big"),
			alike(with("HTML", "text/html; charset=utf-8", "<html>Sorry</html>", "the body is text/html, not the API's: a proxy may have responded")),
			alike(with("nothing", "application/json", "", "the body is empty")),
			retryAfters(),
		),
	}}
}

// statuses are rows for all statuses that are not a success.
func statuses(row func(status int) fault) []fault {
	var rows []fault
	for status := 300; status < 600; status++ {
		made := row(status)
		made.variant = strconv.Itoa(status)
		rows = append(rows, made)
	}
	return rows
}

// alike are rows for statuses that the page need not tell apart again.
func alike(rows []fault) []fault {
	for i := range rows {
		rows[i].status, rows[i].variant = rows[i].want.status, ""
	}
	return rows
}

// refused is the outcome of a status that always comes.
func refused(status int, says string) outcome {
	text := strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
	want := other(status, text+": "+says)
	want.sentinel = map[int]error{
		400: wrapper.ErrBadRequest, 401: wrapper.ErrUnauthorized, 403: wrapper.ErrForbidden,
		404: wrapper.ErrNotFound, 409: wrapper.ErrConflict, 429: wrapper.ErrRateLimited,
	}[status]
	if status >= 500 {
		want.sentinel = wrapper.ErrServer
	}
	want.attempts = attemptsAt(status)
	want.requests = want.attempts
	if status == http.StatusBadRequest {
		want.requests = 2 // the second without the parameters that the listing prefers
	}
	return want
}

func attemptsAt(status int) int {
	switch status {
	case 401:
		return 2
	case 408, 429, 500, 502, 503, 504:
		return 4
	}
	return 1
}

func retryAfters() []fault {
	rows := variants([]string{"31", "3600", "99999999999999999999"}, func(seconds string) fault {
		want := refused(503, "the body is empty (retry after ")
		want.attempts, want.requests = 1, 1
		return refusedPage("503 with a Retry-After of more seconds than the policy allows", response(503, "", "Retry-After: "+seconds), want)
	})
	return append(rows, variants([]string{"30", "0", "-1", "soon", "Fri, 31 Dec 1999 23:59:59 GMT"}, func(value string) fault {
		return fault{
			situation: "503, once, with a Retry-After that is short, over, or not understood",
			actions:   []script{writes(response(503, "", "Retry-After: "+value)), good},
			want:      whole(3),
		}
	})...)
}
