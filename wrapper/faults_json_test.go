package wrapper_test

import (
	"strings"

	"github.com/talkdesk-express/contractactions/internal/wire"
)

// jsonFaults are about the body of a page that arrived whole. That a value is
// read as encoding/json reads it is tested in internal/decode: here are one or
// two rows for each kind, to show how it reaches the caller.
func jsonFaults() []faultGroup {
	return []faultGroup{
		{title: "Bodies that are not a page", rows: documents()},
		{title: "Values of the wrong type", rows: wrongTypes()},
		{title: "Values that are null or missing", rows: absences()},
		{title: "Unusual values", rows: unusualValues()},
		{title: "Counters", rows: counters()},
		{title: "Links", rows: links()},
	}
}

var notJSON = unusable("the body is not JSON, or not all of it")

func documents() []fault {
	noObject := unusable("the body is not a JSON object")
	body := func(situation, variant, body string, want outcome) fault {
		return fault{situation: situation, variant: variant, actions: []wire.Script{success(body), good}, want: want}
	}
	deep := func(levels int) string {
		return `{"other":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + "," + firstPage[1:]
	}
	return []fault{
		body("Nothing", "no byte", "", unusable("the body is empty")),
		body("Nothing", "white space", " \r\n\t", unusable("the body is empty")),
		body("A different JSON value", "null", "null", noObject),
		body("A different JSON value", "an array", "[]", noObject),
		body("A different JSON value", "a string", `"{}"`, noObject),
		body("Not JSON", "half a page", firstPage[:500], notJSON),
		body("Not JSON", "two pages on two lines (NDJSON)", firstPage+"\n"+secondPage+"\n", notJSON),
		body("Not JSON", "a byte order mark", "\ufeff"+firstPage, notJSON),
		body("Not JSON", "a number such as `01` or `NaN`", edited("quantity", "01"), notJSON),
		body("Not JSON", "100,000 nested arrays in an undocumented field", deep(100000), notJSON),
		body("A valid page", "1000 nested arrays in an undocumented field", deep(1000), whole(2)),
		body("A valid page", "white space around it", "\r\n\t "+firstPage+"\r\n", whole(2)),
		body("A valid page", "undocumented fields", strings.ReplaceAll(firstPage, `"id"`, `"new":{"a":[1,null]},"id"`), whole(2)),
		body("An object without fields: all of a page's are optional", "", "{}", outcome{requests: 1}),
		body("The documented error body", "", `{"code":"c1","message":"No."}`, unusable("the body has none of the fields of a page")),
	}
}

// edited is the first page with a different value for the first member of the
// name, whose own value moves to an undocumented one; without the member if the
// value is empty.
func edited(member, value string) string {
	key := `"` + member + `":`
	if value != "" {
		value = key + value + ","
	}
	return strings.Replace(firstPage, key, value+`"undocumented":`, 1)
}

// with is a row whose first page has a different value for a member.
func with(member, value string, want outcome) fault {
	row := accepted("`"+member+"`", response200(edited(member, value)))
	row.variant, row.want = "`"+value+"`", want
	if value == "" {
		row.variant = "missing"
	}
	return row
}

func wrongTypes() []fault {
	inPage := unusable("the page does not fit the contract")
	inItem := unusable("contract action 1 of the page does not fit the contract")
	inField := func(name string) outcome {
		return unusable(`contract action 1 of the page (id "123245132132"), field ` + name + ", does not fit the contract")
	}
	return []fault{
		with("total", `"5"`, inPage),
		with("total", "5.0", inPage),
		with("_links", "[]", inPage),
		with("next", `"?page=2"`, inPage),
		with("_embedded", "7", inPage),
		with("contract_actions", "{}", inPage),
		with("contract_actions", `["1"]`, inItem),
		with("contract_actions", "[[]]", inItem),
		with("contract_actions", `[{"id":"1","quantity":"x"}]`, unusable(`contract action 1 of the page (id "1"), field quantity, does not fit the contract`)),
		with("id", "7", unusable("contract action 1 of the page (id 7), field id, does not fit the contract")),
		with("action_type", "7", inField("action_type")),
		with("status", "{}", inField("status")),
		with("quantity", `"10"`, inField("quantity")),
		with("quantity", "1.5", inField("quantity")),
		with("quantity", "2147483648", inField("quantity")),
		with("created_at", "1646928950", inField("created_at")),
		with("created_at", `"2022-03-10T16:15:50"`, inField("created_at")),
		with("updated_at", `"2022-03-10"`, inField("updated_at")),
		refused("`updated_at` of the second contract action: `\"tomorrow\"`", response200(strings.Replace(firstPage, "2022-03-11T09:00:00Z", "tomorrow", 1)),
			unusable(`contract action 2 of the page (id "123245132133"), field updated_at, does not fit the contract`)),
	}
}

func absences() []fault {
	empty := incomplete("count differs from the items on the page (expected 3, received 0)", 0)
	early := incomplete("it ends before total_pages (expected 2, received 1)", firstPageActions)
	noID := unusable("item 1 of the page has no id")
	var rows []fault
	for _, value := range []string{"null", ""} {
		rows = append(rows,
			with("total", value, reads("total 0")),
			with("_embedded", value, empty),
			with("contract_actions", value, empty),
			with("_links", value, early),
			with("next", value, early),
			with("self", value, whole(2)),
			with("id", value, noID),
			with("status", value, reads(`status ""`)),
			with("quantity", value, reads("quantity null")),
			with("created_at", value, reads(`created_at "0001-01-01T00:00:00Z"`)),
		)
	}
	return append(rows,
		with("_embedded", "[]", empty),
		with("next", "{}", early),
		with("next", `{"href":null}`, early),
		with("next", `{"href":""}`, early),
		with("contract_actions", "[null]", noID),
		with("contract_actions", "[{}]", noID),
		with("id", `""`, noID),
		with("contract_actions", `[{"id":"1"},{}]`, unusable("item 2 of the page has no id")),
	)
}

func unusualValues() []fault {
	twice := with("total", `7,"total":5`, reads("total 5"))
	twice.situation, twice.variant = "`total` twice: the last one counts", ""
	return []fault{
		with("quantity", "-0", reads("quantity 0")),
		with("quantity", "-5", reads("quantity -5")),
		twice,
		with("status", `"ON_HOLD"`, reads(`status "ON_HOLD"`)),
		with("status", `"created"`, reads(`status "created"`)),
		with("action_type", `""`, reads(`action_type ""`)),
		with("status_message", "\"a\xffb\"", reads(`status_message "a�b"`)),
		with("status_message", `"a\ud800b"`, reads(`status_message "a�b"`)),
		with("created_at", `"2022-03-10T16:15:50.5Z"`, reads(`created_at "2022-03-10T16:15:50.5Z"`)),
		with("created_at", `"2022-03-10T16:15:50+05:30"`, reads(`created_at "2022-03-10T16:15:50+05:30"`)),
	}
}

func counters() []fault {
	more := incomplete("fewer items than total (expected 6, received 5)", allActions)
	more.requests = 2
	differs := func(count string) fault {
		return with("count", count, incomplete("count differs from the items on the page (expected "+count+", received 3)", firstPageActions))
	}
	return []fault{
		differs("-1"),
		differs("4"),
		with("total", "-5", reads("total -5")),
		{
			situation: "`total` is larger than the list, on all pages", want: more,
			actions: []wire.Script{success(edited("total", "6")), success(strings.Replace(secondPage, `"total":5`, `"total":6`, 1))},
		},
	}
}

func links() []fault {
	next := func(situation, href string, want outcome) fault {
		row := with("next", `{"href":"`+href+`"}`, want)
		row.situation, row.variant = situation, ""
		return row
	}
	refused := func(says string) outcome { return refusedLink(says, 1, firstPageActions) }
	return []fault{
		next("The next link leads to a different host", "http://api.example.com/?page=2", refused("it leads away from http://localhost:80, where the token must stay")),
		next("The next link leads to its own page", "?page=1", refused("it leads back to a page that was already read")),
		next("The next link contains user information", "http://user:password@localhost/?page=2", refused("it contains user information")),
		next("The next link is not a URL", "http://[::1", refused("it is not a URL")),
		next("The next link is relative", "?page=2", whole(2)),
	}
}
