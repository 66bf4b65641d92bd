package wrapper_test

import (
	"fmt"
	"slices"
	"strings"
)

// refusalFaults are about the bodies of errors. Nothing in them hides the
// status.
func refusalFaults() []faultGroup {
	return []faultGroup{{
		title: "Bodies of errors",
		note:  "Each with the statuses 400, 403 and 500. What fits is taken, and nothing hides the status.",
		rows:  slices.Concat(errorBodies(), errorFields()),
	}}
}

func errorBodies() []fault {
	const documented = `{"code":"c1","message":"No."}`
	const unknown = "the body is not the documented error body"
	deep := strings.Repeat("[", 100000) + strings.Repeat("]", 100000)
	body := func(situation, says, body string, fields ...string) []fault {
		return atStatuses(situation, says, func(status int) script { return writes(response(status, body, fields...)) })
	}
	cut := func(situation, says string, bytes int) []fault {
		return atStatuses(situation, says, func(status int) script {
			text := response(status, documented)
			return writes(text[:len(text)-len(documented)+bytes])
		})
	}
	flood := func(situation, says, beginning, media string) []fault {
		return atStatuses(situation, says, func(status int) script { return floods(head(status, "Content-Type: "+media)+beginning, 10e6) })
	}
	stalled := atStatuses("It stops in the middle, and nothing more comes", unknown, func(status int) script {
		return stalls(head(status, "Content-Type: application/json", "Content-Length: 1000") + documented[:10])
	})
	return slices.Concat(
		body("The documented body", "c1: No", documented),
		body("The documented body as text/html", "c1: No", documented, "Content-Type: text/html"),
		body("The documented body without a type", "c1: No", documented, "Content-Type: "),
		body("The documented body in gzip", "c1: No", zip(documented), "Content-Encoding: gzip"),
		body("It says it is gzip and is not", "the body is empty", documented, "Content-Encoding: gzip"),
		body("It says it is br", "the body is not the documented error body", "\x1b\x00\x80", "Content-Encoding: br"),
		body("Another shape", unknown, `{"error":"x"}`),
		body("Null", unknown, "null"),
		body("An array", unknown, "[]"),
		body("A string", unknown, `"No."`),
		body("100,000 levels of arrays", unknown, deep),
		body("Something after it", unknown, documented+"x"),
		flood("10 MB of text", "the body is text/plain, not the API's: a proxy may have responded", "", "text/plain"),
		flood("A message of 10 MB", unknown, `{"code":"c1","message":"`, "application/json"),
		body("Bytes that are not UTF-8", "c1: a�b", "{\"code\":\"c1\",\"message\":\"a\xffb\"}"),
		body("Characters that steer a terminal", `c1: "\x1b[31mNo\r\n"`, `{"code":"c1","message":"\u001b[31mNo\r\n"}`),
		cut("It is cut before its first byte", "the body is empty", 0),
		cut("It is cut in the middle", unknown, 10),
		stalled,
	)
}

// errorFields are the fields of the documented body, each with each type but
// its own and null.
func errorFields() []fault {
	members := []struct{ name, kind, good, without string }{
		{"code", "a string", `"c1"`, "No: Because; page: too big"},
		{"message", "a string", `"No."`, "c1: Because; page: too big"},
		{"description", "a string", `"Because."`, "c1: No; page: too big"},
		{"fields", "an array", `[{"name":"page","description":"too big"}]`, "c1: No: Because"},
	}
	with := func(name, value string) string {
		var texts []string
		for _, member := range members {
			if member.name == name {
				member.good = value
			}
			texts = append(texts, fmt.Sprintf("%q:%s", member.name, member.good))
		}
		return "{" + strings.Join(texts, ",") + "}"
	}
	var rows []fault
	field := func(situation, variant, body, says string) {
		for _, row := range atStatuses(situation, says, func(status int) script { return writes(response(status, body)) }) {
			row.variant = variant
			rows = append(rows, row)
		}
	}
	for _, member := range members {
		for _, kind := range kinds {
			if kind.name != member.kind {
				field("`"+member.name+"`", kind.name, with(member.name, kind.value), member.without)
			}
		}
		field("`"+member.name+"`", "null", with(member.name, "null"), member.without)
	}
	field("An item of `fields`", "null", with("fields", "[null]"), "c1: No: Because")
	field("An item of `fields`", "a string", with("fields", `["page"]`), "c1: No: Because")
	field("The `name` in an item of `fields`", "a number", with("fields", `[{"name":7,"description":"too big"}]`), "c1: No: Because; : too big")
	field("The `description` in an item of `fields`", "a number", with("fields", `[{"name":"page","description":7}]`), "c1: No: Because; page: ")
	field("`code` and `message` both", "another type", `{"code":7,"message":[]}`, "the body is not the documented error body")
	field("`code` and `message` both", "empty", `{"code":"","message":""}`, "the body is not the documented error body")
	return rows
}

// atStatuses are rows for statuses that differ in what the client does.
func atStatuses(situation, says string, bad func(status int) script) []fault {
	var rows []fault
	for _, status := range []int{400, 403, 500} {
		rows = append(rows, fault{situation: situation, status: status, actions: []script{bad(status)}, want: refused(status, says)})
	}
	return rows
}
