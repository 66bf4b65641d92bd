package wrapper_test

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// statusFaults are all statuses that are not a success.
func statusFaults() []faultGroup {
	const documented = `{"code":"c1","message":"No.","description":"Because.","fields":[{"name":"page","description":"too big"}]}`
	long := variants([]string{"31", "3600", "99999999999999999999"}, func(after string) fault {
		want := withStatus(503, "the body is empty (retry after ")
		want.attempts, want.requests = 1, 1
		return refused("503 with a Retry-After over the policy's limit", response(503, "", "Retry-After: "+after), want)
	})
	short := variants([]string{"30", "0", "-1", "soon", "Fri, 31 Dec 1999 23:59:59 GMT"}, func(after string) fault {
		row := accepted("503, once, with a Retry-After that is short, past or invalid", response(503, "", "Retry-After: "+after))
		row.want = whole(3)
		return row
	})
	return []faultGroup{{
		title: "Statuses",
		note: "Whatever the body is, the error's `StatusCode` is the status, and `errors.Is` finds its kind. " +
			"After a 401 the request is repeated once with a new token. After a 400 the listing starts again without `order_by` and `per_page`.",
		rows: append(append(statuses(withStatus, documented, "c1: No: Because; page: too big"), long...), short...),
	}, {
		title: "Bodies of errors",
		note:  "Each with the statuses 400, 403 and 500. Valid fields are used, and the status is always reported.",
		rows:  append(errorBodies(withStatus, "code", "message"), errorFields()...),
	}}
}

// refusal is the outcome of a status that is not a success.
type refusal func(status int, says string) outcome

// statuses are rows for all statuses with different bodies. The page lists them
// for the documented one.
func statuses(refusal refusal, documented, says string) (rows []fault) {
	const proxy = "the body is text/html, not the API's: a proxy may have responded"
	for _, body := range []struct{ name, media, text, says string }{
		{"the documented body", "application/json", documented, says},
		{"HTML", "text/html; charset=utf-8", "<html>Sorry</html>", proxy},
		{"an empty body", "application/json", "", "the body is empty"},
	} {
		for status := 300; status < 600; status++ {
			row := refused("A status with "+body.name, response(status, body.text, "Content-Type: "+body.media), refusal(status, body.says))
			if status == http.StatusNotModified {
				row.situation, row.want = "Not Modified, which never has a body, with "+body.name, refusal(status, "the body is empty")
			}
			if row.variant = strconv.Itoa(status); body.says != says {
				row.variant, row.unlisted = "", row.variant
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// withStatus is the outcome of an error status of the API.
func withStatus(status int, says string) outcome {
	want := unrepeated(status, statusText(status)+": "+says)
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

func statusText(status int) string {
	return strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
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
