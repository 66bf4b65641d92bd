package decode_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-faster/jx"

	"github.com/talkdesk-express/contractactions/gen"
)

// decodes compares the result of the generated decoder for a body with what
// encoding/json does.
func decodes(t *testing.T, body []byte) {
	t.Helper()
	want := new(gen.ContractActionPage)
	wantErr := json.Unmarshal(body, want)

	read := bytes.Clone(body)
	got, err := gen.DecodeContractActionPage(read)
	for i := range read {
		read[i] = '?' // the page must not notice
	}
	switch {
	case fmt.Sprint(err) != fmt.Sprint(wantErr):
		t.Errorf("%.200q: the error is %v, want %v", body, err, wantErr)
	case err == nil && !reflect.DeepEqual(got, want):
		t.Errorf("%.200q is read as\n%s\nwant\n%s", body, must(json.Marshal(got)), must(json.Marshal(want)))
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// pageOf is the body of a page with the given number of contract actions.
func pageOf(actions int) []byte {
	types, statuses := gen.ContractActionTypeValues(), gen.ContractActionStatusValues()
	link := func(page int) *gen.Link {
		return &gen.Link{Href: new(fmt.Sprintf("https://api.talkdeskapp.com/express/accounts/5ea75fe7aa224700012eae40/contracts/actions?page=%d", page))}
	}
	page := gen.ContractActionPage{
		Embedded: &gen.ContractActionPageEmbedded{ContractActions: make([]gen.ContractAction, actions)},
		Links:    &gen.PageLinks{Self: link(2), Next: link(3), Prev: link(1)},
		Count:    &actions, Page: new(2), PerPage: &actions, Total: new(9 * actions), TotalPages: new(9),
	}
	for i := range page.Embedded.ContractActions {
		created := time.Date(2022, time.March, 10, 16, 15, 50, 0, time.UTC).Add(time.Duration(i) * 31 * time.Hour)
		page.Embedded.ContractActions[i] = gen.ContractAction{
			ID: fmt.Sprint(123245132132 + i), ActionType: types[i%len(types)], Quantity: new(int32(i)),
			Status: statuses[i%len(statuses)], StatusMessage: "Contract action " + string(statuses[i%len(statuses)]) + ".",
			CreatedAt: created, UpdatedAt: created.Add(time.Hour),
		}
	}
	return must(json.Marshal(page))
}

// unusual are bodies, and parts of bodies, that decoders differ about.
var unusual = []struct {
	name, body string
}{
	{"nothing in it", `{}`},
	{"white space", " {\r\n\t\"total\" : 1 , \"_embedded\" : { \"contract_actions\" : [ { } , { } ] } }\n"},
	{"null for everything", `{"_embedded":null,"_links":null,"count":null,"page":null,"per_page":null,"total":null,"total_pages":null}`},
	{"null for a list", `{"_embedded":{"contract_actions":null}}`},
	{"null for an item", `{"_embedded":{"contract_actions":[null]}}`},
	{"null for a text", item(`"id":null,"status":null`)},
	{"null for a quantity and a time", item(`"quantity":null,"created_at":null`)},
	{"null for links", `{"_links":{"next":null,"self":{"href":null}}}`},
	{"an empty list", `{"_embedded":{"contract_actions":[]}}`},
	{"empty texts", item(`"id":"","status":""`)},

	{"fields that are unknown", `{"x":[{"a":[1,-0.5e+7,true,false,null,"\ud800"]}],"total":1}`},
	{"fields that are unknown, without surrogates", `{"x":[{"a":[1,-0.5e+7,0E1,true,false,null,"\u0000"]}],"total":1}`},
	{"an unknown field with a fault", `{"x":{"a":01},"total":1}`},
	{"an unknown word", `{"x":nul}`},
	{"names in another case", `{"Total":1,"TOTAL_PAGES":2}`},
	{"names in another case beyond ASCII", item(`"ſtatus":"CREATED","\u017ftatus_message":"x"`)},
	{"a name with an escape", `{"tot\u0061l":1}`},
	{"a name without a value", `{"total"}`},

	{"counters twice", `{"total":1,"total":2,"page":1,"page":null}`},
	{"objects twice", `{"_links":{"next":{"href":"a"}},"_links":{"next":{},"prev":{"href":"b"}},"_embedded":{},"_embedded":{}}`},
	{"objects twice, then null", `{"_links":{"next":{"href":"a","href":null},"prev":{},"prev":null},"_embedded":{},"_embedded":null}`},
	{"fields of an item twice", item(`"id":"1","id":"2","created_at":"2022-03-10T16:15:50Z","created_at":null,"quantity":1,"quantity":null,"status":"A","status":"B"`)},
	{"a list twice", `{"_embedded":{"contract_actions":[{"id":"1"},{"id":"2"}],"contract_actions":[{"status":"A"}]}}`},
	{"a list twice, first empty", `{"_embedded":{"contract_actions":[],"contract_actions":[{"status":"A"}]}}`},
	{"a list in two objects", `{"_embedded":{"contract_actions":[{"id":"1"}]},"_embedded":{"contract_actions":[{"status":"A"}]}}`},

	{"escapes", item(`"id":"a\/b\"\\\b\f\n\r\t\u00e9\u0026\u2028","status_message":"\u20ac"`)},
	{"a surrogate pair", item(`"id":"\ud83d\ude00"`)},
	{"half a surrogate pair", item(`"id":"\ud83d"`)},
	{"surrogates in a wrong order", item(`"id":"\uD83D\uD83D\uDE00 \uDE00\uD83D"`)},
	{"an unknown escape", item(`"id":"\x41"`)},
	{"half an escape", item(`"id":"\u00`)},
	{"a control character", item("\"id\":\"a\x01\"")},
	{"a line break", item("\"id\":\"a\nb\"")},
	{"beyond ASCII", item(`"status_message":"criado às 16h — ✓"`)},
	{"not UTF-8", item("\"status_message\":\"\xe9\xff\"")},
	{"a byte order mark", "\ufeff{}"},

	{"a number that overflows twice", item(`"quantity":9999999999`)},
	{"nothing for a number", item(`"quantity":`)},
	{"a time with milliseconds", item(`"created_at":"2022-03-10T16:15:50.123Z","updated_at":"2022-03-10T16:15:50.000Z"`)},

	{"a comma too many", `{"total":1,}`},
	{"a comma in a list", `{"_embedded":{"contract_actions":[{},]}}`},
	{"no comma", `{"total":1"page":2}`},
	{"more after it", `{}{}`},
	{"a bracket after it", `{}]`},
	{"a zero after it", "{}\x00"},
	{"white space after it", "{} \r\n"},
	{"two pages on two lines (NDJSON)", "{}\n{}\n"},
	{"a comment before it", "/* page */{}"},
	{"a comment after it", "{}// page"},
	{"single quotes", `{'total':1}`},
	{"a name without quotes", `{total:1}`},
	{"UTF-16", "\xff\xfe{\x00}\x00"},
	{"JSONP", `callback({})`},
	{"not all of it", `{"total":1`},
	{"null", `null`},
	{"a list", `[]`},
	{"a page in a list", `[{}]`},
	{"nothing", ``},
	{"as deep as can be", `{"x":` + strings.Repeat("[", 9999) + strings.Repeat("]", 9999) + `}`},
	{"too deep", `{"x":` + strings.Repeat("[", 10000) + strings.Repeat("]", 10000) + `}`},
}

// members are what a page consists of, with %s for the value.
var members = []string{
	`%s`, `{"page":%s}`, `{"per_page":%s}`, `{"count":%s}`, `{"total":%s}`, `{"total_pages":%s}`, `{"unknown":%s}`,
	`{"_links":%s}`, `{"_links":{"self":%s}}`, `{"_links":{"first":%s}}`, `{"_links":{"prev":%s}}`, `{"_links":{"last":%s}}`,
	`{"_links":{"next":%s}}`, `{"_links":{"next":{"href":%s}}}`, `{"_embedded":%s}`, `{"_embedded":{"contract_actions":%s}}`,
	`{"_embedded":{"contract_actions":[%s]}}`, item(`"id":%s`), item(`"action_type":%s`), item(`"status":%s`), item(`"status_message":%s`),
	item(`"quantity":%s`), item(`"created_at":%s`), item(`"updated_at":%s`),
}

// values are of each type, first those of JSON itself.
var values = []string{
	`null`, `7`, `"7"`, `true`, `[]`, `{}`, `""`,

	`0`, `-0`, `-5`, `2147483647`, `2147483648`, `-2147483648`, `-2147483649`, `9223372036854775807`, `9223372036854775808`, `25000000000000000000`,
	`10.0`, `10.5`, `1e1`, `5e0`, `1e400`, `+1`, `01`, `.5`, `1.`, `0x10`, `NaN`, `Infinity`, `1_000`,

	`"2022-03-10T16:15:50Z"`, `"2022-03-10T16:15:50.5Z"`, `"2022-03-10T16:15:50.123456789Z"`, `"2022-03-10T16:15:50.1234567899Z"`,
	`"2022-03-10T16:15:50+00:00"`, `"2022-03-10T16:15:50-00:00"`, `"2022-03-10T16:15:50+05:30"`, `"2022-03-10T16:15:50-23:59"`,
	`"2024-02-29T23:59:59Z"`, `"0000-01-01T00:00:00Z"`, `"9999-12-31T23:59:59Z"`, `"2022-03-10T16:15:50\u005a"`,
	// Not RFC 3339, but the time package takes it (https://go.dev/issue/54580).
	`"2022-03-10T16:15:50+24:00"`, `"2022-03-10T16:15:50+05:60"`, `"2022-03-10T16:15:50,5Z"`, `"2022-03-10T6:15:50Z"`,
	`"2022-03-10"`, `"2022-03-10T16:15:50"`, `"2022-03-10 16:15:50Z"`, `"2022-03-10t16:15:50Z"`, `"2022-03-10T16:15:50z"`,
	`"2022-03-10T16:15:50+0530"`, `"2022-03-10T16:15:50+05"`, `"2022-03-10T16:15:50.Z"`, `"2022-03-10T16:15Z"`, `"2022-03-10T24:00:00Z"`,
	`"2016-12-31T23:59:60Z"`, `"2023-02-29T00:00:00Z"`, `"10000-01-01T00:00:00Z"`, `"-001-01-01T00:00:00Z"`,
	`"Thu, 10 Mar 2022 16:15:50 GMT"`, `"1646928950"`, `1646928950`, `" 2022-03-10T16:15:50Z"`,

	"\"a\xffb\"", `"a\ud800b"`, `"\udc00\ud800"`, `"\ud83d\ude00"`, `"a\u0000b"`, "\"a\nb\"", `"ON_HOLD"`, `"created"`,
}

// A value that does not fit is an error, and one that is unusual is read, as
// encoding/json and package time do.
func TestEveryValueInEveryMemberIsReadAsByEncodingJSON(t *testing.T) {
	for _, member := range members {
		for _, value := range values {
			decodes(t, []byte(strings.Replace(member, "%s", value, 1)))
		}
	}
}

func item(fields string) string { return `{"_embedded":{"contract_actions":[{` + fields + `}]}}` }

func TestUnusualPagesAreReadAsByEncodingJSON(t *testing.T) {
	for _, test := range unusual {
		t.Run(test.name, func(t *testing.T) { decodes(t, []byte(test.body)) })
	}
}

// Also where a page is cut, or a byte is another.
func TestPagesWithFaultsAreReadAsByEncodingJSON(t *testing.T) {
	body := pageOf(2)
	for at := range body {
		decodes(t, body[:at])
		for _, other := range []byte("\x00\x1f \"\\,:{}[]0-.eEnZ\x7f\xff") {
			faulty := bytes.Clone(body)
			faulty[at] = other
			decodes(t, faulty)
		}
	}
}

func FuzzDecodePage(f *testing.F) {
	f.Add(pageOf(3))
	for _, test := range unusual {
		if len(test.body) < 1000 { // the fuzzer is slow with long ones
			f.Add([]byte(test.body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) { decodes(t, body) })
}

// A page that is left to encoding/json takes five times as many allocations.
func TestUsualPagesAreNotLeftToEncodingJSON(t *testing.T) {
	body := string(pageOf(50))
	for name, body := range map[string]string{
		"as it is":             body,
		"milliseconds":         strings.ReplaceAll(body, `Z"`, `.123Z"`),
		"other zones":          strings.ReplaceAll(body, `Z"`, `+02:00"`),
		"unknown fields":       strings.ReplaceAll(body, `{"action_type"`, `{"reason":"none","requestedBy":{"id":[1,null]},"action_type"`),
		"unknown values":       strings.ReplaceAll(body, `"CREATED"`, `"ON_HOLD"`),
		"null for a pointer":   strings.ReplaceAll(body, `"quantity":7`, `"quantity":null`),
		"no quantities":        strings.ReplaceAll(body, `"quantity"`, `"unknown"`),
		"white space":          strings.ReplaceAll(body, `,`, " ,\n\t"),
		"letters beyond ASCII": strings.ReplaceAll(body, `Contract action`, `Ação — ✓`),
	} {
		t.Run(name, func(t *testing.T) {
			decodes(t, []byte(body))
			read := []byte(body)
			allocations := testing.AllocsPerRun(10, func() { must(gen.DecodeContractActionPage(read)) })
			if allocations > 20 {
				t.Errorf("a page of 50 took %v allocations, want at most 20", allocations)
			}
		})
	}
}

func BenchmarkDecodeContractActionPage(b *testing.B) {
	for _, actions := range []int{50, 1000} {
		seconds := pageOf(actions)
		for precision, body := range map[string][]byte{"seconds": seconds, "milliseconds": bytes.ReplaceAll(seconds, []byte(`Z"`), []byte(`.123Z"`))} {
			for name, decode := range map[string]func([]byte) error{
				"generated":     func(body []byte) error { _, err := gen.DecodeContractActionPage(body); return err },
				"encoding-json": func(body []byte) error { return json.Unmarshal(body, new(gen.ContractActionPage)) },
				"jx-alone":      func(body []byte) error { return walk(jx.DecodeBytes(body)) },
			} {
				b.Run(fmt.Sprintf("%s/%d/%s", name, actions, precision), func(b *testing.B) {
					b.ReportAllocs()
					b.SetBytes(int64(len(body)))
					for b.Loop() {
						if err := decode(body); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}

// walk is what jx alone takes to find all names and texts.
func walk(d *jx.Decoder) error {
	switch d.Next() {
	case jx.Object:
		return d.ObjBytes(func(d *jx.Decoder, _ []byte) error { return walk(d) })
	case jx.Array:
		return d.Arr(walk)
	case jx.String:
		_, err := d.StrBytes()
		return err
	}
	return d.Skip()
}
