package wrapper_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// jsonFaults are about the body of a page that came whole.
func jsonFaults() []faultGroup {
	return []faultGroup{
		{title: "Bodies that are not a page", rows: documents()},
		{title: "Fields of a page of another type", rows: slices.Concat(wrongTypes(pageFields, inPage), items())},
		{title: "Fields of a contract action of another type", rows: wrongTypes(actionFields, inAction)},
		{title: "Fields that are null or missing", rows: slices.Concat(absences(pageFields), absences(actionFields), emptyItems())},
		{title: "Numbers", rows: numbers()},
		{title: "Dates", note: "As RFC 3339 has them, and as Go reads them.", rows: dates()},
		{title: "Texts", rows: texts()},
		{title: "Links", rows: links()},
	}
}

// field is a member of a page's JSON.
type field struct {
	path string // the members on the way to it, and numbers of items
	kind string // the type that the contract gives it
	read func(*wrapper.Page) string
	// absent is what the caller gets if it is null or missing.
	absent outcome
}

// label is the field as the page names it.
func (f field) label() string { return "`" + strings.TrimPrefix(f.path, firstAction) + "`" }

const firstAction = "_embedded.contract_actions.0."

var pageFields = []field{
	{"page", "a number", func(p *wrapper.Page) string { return strconv.Itoa(p.Number) }, reads("0")},
	{"per_page", "a number", func(p *wrapper.Page) string { return strconv.Itoa(p.PerPage) }, reads("0")},
	{"count", "a number", func(p *wrapper.Page) string { return strconv.Itoa(p.Count) }, reads("0")},
	{"total", "a number", func(p *wrapper.Page) string { return strconv.Itoa(p.Total) }, reads("0")},
	{"total_pages", "a number", func(p *wrapper.Page) string { return strconv.Itoa(p.TotalPages) }, reads("0")},
	{"_embedded", "an object", nil, incomplete("count differs from the items on the page (expected 3, received 0)", 0)},
	{"_embedded.contract_actions", "an array", nil, incomplete("count differs from the items on the page (expected 3, received 0)", 0)},
	{"_links", "an object", nil, endsEarly},
	{"_links.next", "an object", nil, endsEarly},
	{"_links.next.href", "a string", nil, endsEarly},
	{"_links.self", "an object", nil, whole(2)},
	{"_links.self.href", "a string", nil, whole(2)},
	{"_links.first", "an object", nil, whole(2)},
	{"_links.prev", "an object", nil, whole(2)},
	{"_links.last", "an object", nil, whole(2)},
}

var endsEarly = incomplete("it ends before total_pages (expected 2, received 1)", firstPageActions)

var actionFields = []field{
	{firstAction + "id", "a string", nil, noID},
	actionField("action_type", "a string", `""`, func(a wrapper.ContractAction) any { return string(a.ActionType) }),
	actionField("status", "a string", `""`, func(a wrapper.ContractAction) any { return string(a.Status) }),
	actionField("status_message", "a string", `""`, func(a wrapper.ContractAction) any { return a.StatusMessage }),
	actionField("quantity", "a number", "nil", func(a wrapper.ContractAction) any { return a.Quantity }),
	actionField("created_at", "a string", "0001-01-01T00:00:00Z", func(a wrapper.ContractAction) any { return a.CreatedAt }),
	actionField("updated_at", "a string", "0001-01-01T00:00:00Z", func(a wrapper.ContractAction) any { return a.UpdatedAt }),
}

func actionField(name, kind, absent string, value func(wrapper.ContractAction) any) field {
	return field{firstAction + name, kind, func(page *wrapper.Page) string { return print(value(page.Actions[0])) }, reads(absent)}
}

func print(value any) string {
	switch value := value.(type) {
	case string:
		return strconv.Quote(value)
	case time.Time:
		return value.Format(time.RFC3339Nano)
	case *int32:
		if value == nil {
			return "nil"
		}
		return fmt.Sprint(*value)
	}
	panic(fmt.Sprintf("no field is a %T", value))
}

// reads is the outcome of what is accepted, and becomes the value.
func reads(value string) outcome {
	want := whole(2)
	want.value = value
	return want
}

// edited is the first page with another value at the path, whatever that is;
// without any if it is empty.
func edited(path, value string) string {
	const here = "THE-VALUE"
	var page any
	if err := json.Unmarshal([]byte(firstPage), &page); err != nil {
		panic(err)
	}
	parent, steps := page, strings.Split(path, ".")
	for _, step := range steps[:len(steps)-1] {
		if items, ok := parent.([]any); ok {
			parent = items[fixture(strconv.Atoi(step))]
		} else {
			parent = parent.(map[string]any)[step]
		}
	}
	switch last := steps[len(steps)-1]; parent := parent.(type) {
	case []any:
		parent[fixture(strconv.Atoi(last))] = here
	case map[string]any:
		parent[last] = here
		if value == "" {
			delete(parent, last)
		}
	}
	return strings.Replace(string(fixture(json.Marshal(page))), `"`+here+`"`, value, 1)
}

// spoilt is a row whose first page has another value at the path.
func spoilt(situation, variant, path, value string, want outcome) fault {
	return fault{situation: situation, variant: variant, actions: []script{success(edited(path, value)), good}, want: want}
}

// spoiltField is a row whose first page has another value in a field.
func spoiltField(situation string, f field, value string, want outcome) fault {
	row := spoilt(situation, "`"+value+"`", f.path, value, want)
	row.read = f.read
	return row
}

func documents() []fault {
	notJSON := unusable("200 OK: the body is not JSON, or not all of it")
	noObject := unusable("200 OK: the body is not a JSON object")
	empty := unusable("200 OK: the body is empty")
	body := func(situation, variant, body string, want outcome) fault {
		return fault{situation: situation, variant: variant, actions: []script{success(body), good}, want: want}
	}
	deep := func(levels int) string {
		return `{"other":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + "," + firstPage[1:]
	}
	return []fault{
		body("Nothing", "no byte", "", empty),
		body("Nothing", "white space", " \r\n\t", empty),
		body("JSON of another kind", "null", "null", noObject),
		body("JSON of another kind", "an array", "[]", noObject),
		body("JSON of another kind", "a string", `"{}"`, noObject),
		body("JSON of another kind", "a number", "7", noObject),
		body("JSON of another kind", "a boolean", "true", noObject),
		body("Not JSON", "half a page", firstPage[:500], notJSON),
		body("Not JSON", "something after the page", firstPage+"x", notJSON),
		body("Not JSON", "two pages", firstPage+firstPage, notJSON),
		body("Not JSON", "a page on each line (NDJSON)", firstPage+"\n"+secondPage+"\n", notJSON),
		body("Not JSON", "a comment", "/* page */"+firstPage, notJSON),
		body("Not JSON", "a comment after the page", firstPage+"// page", notJSON),
		body("Not JSON", "a comma too many", strings.TrimSuffix(firstPage, "}")+",}", notJSON),
		body("Not JSON", "single quotes", strings.ReplaceAll(firstPage, `"`, "'"), notJSON),
		body("Not JSON", "names without quotes", strings.Replace(firstPage, `"page"`, "page", 1), notJSON),
		body("Not JSON", "a byte order mark", "\ufeff"+firstPage, notJSON),
		body("Not JSON", "UTF-16", utf16(firstPage), notJSON),
		body("Not JSON", "a zero byte at the end", firstPage+"\x00", notJSON),
		body("Not JSON", "a line break in a string", edited(firstAction+"status_message", "\"a\nb\""), notJSON),
		body("Not JSON", "JSONP", "callback("+firstPage+")", notJSON),
		body("Not JSON", "100,000 levels of arrays in a field that is not documented", deep(100000), notJSON),
		body("Good", "1000 levels of arrays in a field that is not documented", deep(1000), whole(2)),
		body("Good", "white space around", "\r\n\t "+firstPage+"\r\n", whole(2)),
		body("Good", "fields that are not documented", strings.ReplaceAll(firstPage, `"id"`, `"new":{"a":[1,null]},"id"`), whole(2)),
		body("An object without fields: all of a page's are optional", "", "{}", outcome{requests: 1}),
		body("An object with other fields than a page's", "the documented error body", `{"code":"c1","message":"No."}`, unusable("the body has none of the fields of a page")),
		spoiltField("A field that comes twice counts as it came last", pageFields[3], `7,"total":5`, reads("5")),
		spoiltField("A field that comes twice counts as it came last", actionFields[2], `"CREATED","status":"FAILED"`, reads(`"FAILED"`)),
	}
}

func utf16(text string) string {
	var wide strings.Builder
	wide.WriteString("\xff\xfe")
	for _, c := range []byte(text) {
		wide.Write([]byte{c, 0})
	}
	return wide.String()
}

// kinds are the types of JSON, with a value of each.
var kinds = []struct{ name, value string }{
	{"a number", "7"}, {"a string", `"7"`}, {"a boolean", "true"}, {"an array", "[]"}, {"an object", "{}"},
}

// wrongTypes are rows for each field with each type but its own.
func wrongTypes(fields []field, says func(field) string) []fault {
	var rows []fault
	for _, field := range fields {
		for _, kind := range kinds {
			want := unusable(says(field))
			if field.path == "_embedded" && kind.value == "[]" { // no contract actions, says the contract
				want = field.absent
			}
			if kind.name != field.kind {
				rows = append(rows, spoilt(field.label(), kind.name, field.path, kind.value, want))
			}
		}
	}
	return rows
}

func inPage(field) string { return "200 OK: the page does not fit the contract" }

func inAction(f field) string {
	name := strings.TrimPrefix(f.path, firstAction)
	if name == "id" {
		return "field id, does not fit the contract"
	}
	return `200 OK: contract action 1 of the page (id "123245132132"), field ` + name + ", does not fit the contract"
}

// items are wrong items of the list of contract actions.
func items() []fault {
	var rows []fault
	for _, kind := range kinds {
		if kind.name != "an object" {
			rows = append(rows, spoilt("An item of `contract_actions`", kind.name, "_embedded.contract_actions.0", kind.value,
				unusable("200 OK: contract action 1 of the page does not fit the contract")))
		}
	}
	return rows
}

// absences are rows for each field without a value.
func absences(fields []field) []fault {
	var rows []fault
	for _, field := range fields {
		null, missing := spoilt(field.label(), "null", field.path, "null", field.absent), spoilt(field.label(), "missing", field.path, "", field.absent)
		null.read, missing.read = field.read, field.read
		rows = append(rows, null, missing)
	}
	return rows
}

// noID is the outcome of a contract action that nobody could look for.
var noID = unusable("item 1 of the page has no id")

// emptyItems are contract actions without anything.
func emptyItems() []fault {
	var rows []fault
	for _, value := range []string{"null", "{}"} {
		rows = append(rows, spoilt("An item of `contract_actions`", value, "_embedded.contract_actions.0", value, noID))
	}
	return rows
}
