package wrapper_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/talkdesk-express/contractactions/internal/wire"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// statusFaults are all statuses that are not a success.
func statusFaults() []faultGroup {
	const documented = `{"code":"c1","message":"No.","description":"Because.","fields":[{"name":"page","description":"too big"}]}`
	long := variants([]string{"31", "3600", "99999999999999999999"}, func(after string) fault {
		want := withStatus(503, "the body is empty (retry after ")
		want.attempts, want.requests = 1, 1
		return refused("503 with a Retry-After over the policy's limit", wire.Response(503, "", "Retry-After: "+after), want)
	})
	short := variants([]string{"30", "0", "-1", "soon", "Fri, 31 Dec 1999 23:59:59 GMT"}, func(after string) fault {
		row := accepted("503, once, with a Retry-After that is short, past or invalid", wire.Response(503, "", "Retry-After: "+after))
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
			row := refused("A status with "+body.name, wire.Response(status, body.text, "Content-Type: "+body.media), refusal(status, body.says))
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

const undocumented = "the body is not the documented error body"

// rows are a row for each of three statuses that differ in what the client does.
func (r refusal) rows(situation, says string, bad func(status int) wire.Script) (rows []fault) {
	for _, status := range []int{400, 403, 500} {
		row := always(situation, bad(status), r(status, says))
		row.unlisted = strconv.Itoa(status)
		rows = append(rows, row)
	}
	return rows
}

// body are such rows for a body.
func (r refusal) body(situation, says, body string, fields ...string) []fault {
	return r.rows(situation, says, func(status int) wire.Script { return wire.Writes(wire.Response(status, body, fields...)) })
}

// errorBodies are the bodies of errors of either endpoint, whose documented
// ones differ in two names.
func errorBodies(r refusal, code, message string) []fault {
	named := strings.NewReplacer("CODE", code, "MESSAGE", message).Replace
	documented := named(`{"CODE":"c1","MESSAGE":"No."}`)
	cut := func(situation, says string, size int) []fault {
		return r.rows(situation, says, func(status int) wire.Script {
			text := wire.Response(status, documented)
			return wire.Writes(text[:len(text)-len(documented)+size])
		})
	}
	flood := func(situation, says, beginning, media string) []fault {
		return r.rows(situation, says, func(status int) wire.Script {
			return wire.Floods(wire.Head(status, "Content-Type: "+media)+beginning, 10e6)
		})
	}
	return slices.Concat(
		r.body("The documented body", "c1: No", documented),
		r.body("The documented body as text/html", "c1: No", documented, "Content-Type: text/html"),
		r.body("The documented body without a type", "c1: No", documented, "Content-Type: "),
		r.body("The documented body in gzip", "c1: No", zip(documented), "Content-Encoding: gzip"),
		r.body("Content-Encoding is gzip, but the body is not", "the body is empty", documented, "Content-Encoding: gzip"),
		r.body("Content-Encoding is br", undocumented, "\x1b\x00\x80", "Content-Encoding: br"),
		r.body("A different object", undocumented, `{"trace":"x"}`),
		r.body("`null`", undocumented, "null"),
		r.body("An array", undocumented, "[]"),
		r.body("100,000 nested arrays", undocumented, strings.Repeat("[", 100000)+strings.Repeat("]", 100000)),
		flood("10 MB of text", "the body is text/plain, not the API's: a proxy may have responded", "", "text/plain"),
		flood("A message of 10 MB", undocumented, named(`{"CODE":"c1","MESSAGE":"`), "application/json"),
		r.body("Bytes that are not UTF-8", "c1: a�b", named("{\"CODE\":\"c1\",\"MESSAGE\":\"a\xffb\"}")),
		r.body("Control characters of a terminal", `c1: "\x1b[31mNo\r\n"`, named(`{"CODE":"c1","MESSAGE":"\u001b[31mNo\r\n"}`)),
		cut("The body ends before its first byte", "the body is empty", 0),
		cut("The body ends in the middle", undocumented, 10),
		r.rows("The body stops in the middle", undocumented, func(status int) wire.Script {
			return wire.Stalls(wire.Head(status, "Content-Type: application/json", "Content-Length: 1000") + documented[:10])
		}),
	)
}

// errorFields are invalid fields of the API's documented body.
func errorFields() (rows []fault) {
	for _, row := range []struct{ situation, says, body string }{
		{"Something after the documented body", undocumented, `{"code":"c1","message":"No."}x`},
		{"`code` is a number", "No: Because; page: too big", `{"code":7,"message":"No.","description":"Because.","fields":[{"name":"page","description":"too big"}]}`},
		{"`message` is an array", "c1: Because", `{"code":"c1","message":[],"description":"Because."}`},
		{"`description` is an object", "c1: No; page: too big", `{"code":"c1","message":"No.","description":{},"fields":[{"name":"page","description":"too big"}]}`},
		{"`description` and `fields` are null", "c1: No", `{"code":"c1","message":"No.","description":null,"fields":null}`},
		{"`fields` is a string", "c1: No: Because", `{"code":"c1","message":"No.","description":"Because.","fields":"page"}`},
		{"An item of `fields` is null", "c1: No", `{"code":"c1","message":"No.","fields":[null]}`},
		{"An item of `fields` is a string", "c1: No", `{"code":"c1","message":"No.","fields":["page"]}`},
		{"The `name` in an item of `fields` is a number", "c1: No; : too big", `{"code":"c1","message":"No.","fields":[{"name":7,"description":"too big"}]}`},
		{"The `description` in an item of `fields` is a number", "c1: No; page: ", `{"code":"c1","message":"No.","fields":[{"name":"page","description":7}]}`},
		{"`code` and `message` are both of the wrong type", undocumented, `{"code":7,"message":[]}`},
		{"`code` and `message` are both empty", undocumented, `{"code":"","message":""}`},
	} {
		rows = append(rows, refusal(withStatus).body(row.situation, row.says, row.body)...)
	}
	return rows
}
