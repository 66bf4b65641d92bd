package wrapper

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-faster/jx"

	"github.com/talkdesk-express/contractactions/gen"
)

// These tests are inside of the package: a listing does not show whether a page
// was declined, nor all of its fields.

// decodes runs decodePage and compares what comes of it with encoding/json,
// without any exception but that a page is an object.
func decodes(t *testing.T, body []byte) {
	t.Helper()
	want := new(gen.ContractActionPage)
	err := json.Unmarshal(body, want)
	accepted := err == nil && strings.HasPrefix(strings.TrimLeft(string(body), " \t\r\n"), "{")

	read := bytes.Clone(body)
	got, err := decodePage(read)
	for i := range read {
		read[i] = '?' // the page must not notice
	}
	switch {
	case accepted != (err == nil):
		t.Errorf("accepted: %v (%v), want %v: %.200q", err == nil, err, accepted, body)
	case accepted && !reflect.DeepEqual(got, want):
		t.Errorf("%.200q is read as\n%s\nwant\n%s", body, must(json.Marshal(got)), must(json.Marshal(want)))
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// pageOf is the body of a page with so many contract actions.
func pageOf(actions int) []byte {
	types := []gen.ContractActionType{TypeNew, TypeAmend, TypeCancel}
	statuses := []gen.ContractActionStatus{StatusCreated, StatusInProgress, StatusCompleted, StatusFailed}
	link := func(page int) *gen.Link {
		return &gen.Link{Href: new(fmt.Sprintf("https://api.talkdeskapp.com/express/accounts/5ea75fe7aa224700012eae40/contracts/actions?page=%d", page))}
	}
	page := gen.ContractActionPage{
		Embedded: &gen.Embedded{ContractActions: make([]gen.ContractAction, actions)},
		Links:    &gen.Links{Self: link(2), Next: link(3), Prev: link(1)},
		Count:    &actions, Page: new(2), PerPage: &actions, Total: new(9 * actions), TotalPages: new(9),
	}
	for i := range page.Embedded.ContractActions {
		created := time.Date(2022, time.March, 10, 16, 15, 50, 0, time.UTC).Add(time.Duration(i) * 31 * time.Hour)
		page.Embedded.ContractActions[i] = gen.ContractAction{
			ID: fmt.Sprint(123245132132 + i), ActionType: types[i%3], Quantity: new(int32(i)),
			Status: statuses[i%4], StatusMessage: "Contract action " + string(statuses[i%4]) + ".",
			CreatedAt: created, UpdatedAt: created.Add(time.Hour),
		}
	}
	return must(json.Marshal(page))
}

// unusual are bodies, and parts of bodies, that decoders differ about.
var unusual = []struct {
	name, body string
	declined   bool // left to encoding/json
}{
	{"nothing in it", `{}`, false},
	{"white space", " {\r\n\t\"total\" : 1 , \"_embedded\" : { \"contract_actions\" : [ { } , { } ] } }\n", false},
	{"null for everything", `{"_embedded":null,"_links":null,"count":null,"page":null,"per_page":null,"total":null,"total_pages":null}`, false},
	{"null for a list", `{"_embedded":{"contract_actions":null}}`, true},
	{"null for an item", `{"_embedded":{"contract_actions":[null]}}`, true},
	{"null for a text", item(`"id":null,"status":null`), true},
	{"null for a quantity and a time", item(`"quantity":null,"created_at":null`), false},
	{"null for links", `{"_links":{"next":null,"self":{"href":null}}}`, false},
	{"an empty list", `{"_embedded":{"contract_actions":[]}}`, false},
	{"empty texts", item(`"id":"","status":""`), false},

	{"fields that are unknown", `{"x":[{"a":[1,-0.5e+7,true,false,null,"\ud800"]}],"total":1}`, true},
	{"fields that are unknown, without surrogates", `{"x":[{"a":[1,-0.5e+7,0E1,true,false,null,"\u0000"]}],"total":1}`, false},
	{"an unknown field with a fault", `{"x":{"a":01},"total":1}`, true},
	{"an unknown word", `{"x":nul}`, true},
	{"names in another case", `{"Total":1,"TOTAL_PAGES":2}`, true},
	{"names in another case beyond ASCII", item(`"ſtatus":"CREATED","\u017ftatus_message":"x"`), true},
	{"a name with an escape", `{"tot\u0061l":1}`, false},
	{"a name without a value", `{"total"}`, true},

	{"counters twice", `{"total":1,"total":2,"page":1,"page":null}`, false},
	{"objects twice", `{"_links":{"next":{"href":"a"}},"_links":{"next":{},"prev":{"href":"b"}},"_embedded":{},"_embedded":{}}`, false},
	{"objects twice, then null", `{"_links":{"next":{"href":"a","href":null},"prev":{},"prev":null},"_embedded":{},"_embedded":null}`, false},
	{"fields of an item twice", item(`"id":"1","id":"2","created_at":"2022-03-10T16:15:50Z","created_at":null,"quantity":1,"quantity":null,"status":"A","status":"B"`), false},
	{"a list twice", `{"_embedded":{"contract_actions":[{"id":"1"},{"id":"2"}],"contract_actions":[{"status":"A"}]}}`, true},
	{"a list twice, first empty", `{"_embedded":{"contract_actions":[],"contract_actions":[{"status":"A"}]}}`, true},
	{"a list in two objects", `{"_embedded":{"contract_actions":[{"id":"1"}]},"_embedded":{"contract_actions":[{"status":"A"}]}}`, true},

	{"escapes", item(`"id":"a\/b\"\\\b\f\n\r\t\u00e9\u0026\u2028","status_message":"\u20ac"`), false},
	{"a surrogate pair", item(`"id":"\ud83d\ude00"`), true},
	{"half a surrogate pair", item(`"id":"\ud83d"`), true},
	{"surrogates in a wrong order", item(`"id":"\uD83D\uD83D\uDE00 \uDE00\uD83D"`), true},
	{"an unknown escape", item(`"id":"\x41"`), true},
	{"half an escape", item(`"id":"\u00`), true},
	{"a control character", item("\"id\":\"a\x01\""), true},
	{"a line break", item("\"id\":\"a\nb\""), true},
	{"beyond ASCII", item(`"status_message":"criado às 16h — ✓"`), false},
	{"not UTF-8", item("\"status_message\":\"\xe9\xff\""), true},
	{"a byte order mark", "\ufeff{}", true},

	{"numbers", item(`"quantity":2147483647`) + ` `, false},
	{"the smallest number", item(`"quantity":-2147483648`), false},
	{"minus nothing", item(`"quantity":-0`), false},
	{"one too many", item(`"quantity":2147483648`), true},
	{"a number that overflows twice", item(`"quantity":9999999999`), true},
	{"a counter that overflows", `{"total":25000000000000000000}`, true},
	{"the largest counter", `{"total":9223372036854775807}`, strconv.IntSize == 32},
	{"a leading zero", item(`"quantity":01`), true},
	{"a plus", item(`"quantity":+1`), true},
	{"a fraction", item(`"quantity":1.0`), true},
	{"an exponent", item(`"quantity":1e2`), true},
	{"a number as text", item(`"quantity":"1"`), true},
	{"a word for a number", item(`"quantity":true`), true},
	{"nothing for a number", item(`"quantity":`), true},

	{"a time with an offset", item(`"created_at":"2022-03-10T16:15:50+02:00"`), false},
	{"a time with a fraction", item(`"created_at":"2022-03-10T16:15:50.123456789Z"`), false},
	{"a leap day", item(`"created_at":"2024-02-29T23:59:59Z"`), false},
	{"a leap day in another year", item(`"created_at":"2023-02-29T23:59:59Z"`), true},
	{"a leap second", item(`"created_at":"2016-12-31T23:59:60Z"`), true},
	{"the first time", item(`"created_at":"0000-01-01T00:00:00Z"`), false},
	{"the last time", item(`"created_at":"9999-12-31T23:59:59Z"`), false},
	{"a time in lower case", item(`"created_at":"2022-03-10t16:15:50z"`), true},
	{"a time with an escape", item(`"created_at":"2022-03-10T16:15:50\u005a"`), true},
	{"a time with a comma", item(`"created_at":"2022-03-10T16:15:50,5Z"`), false},
	{"a time that is a number", item(`"created_at":1646928950`), true},

	{"a comma too many", `{"total":1,}`, true},
	{"a comma in a list", `{"_embedded":{"contract_actions":[{},]}}`, true},
	{"no comma", `{"total":1"page":2}`, true},
	{"more after it", `{}{}`, true},
	{"a bracket after it", `{}]`, true},
	{"a zero after it", "{}\x00", true},
	{"not all of it", `{"total":1`, true},
	{"null", `null`, true},
	{"a list", `[]`, true},
	{"a page in a list", `[{}]`, true},
	{"nothing", ``, true},
	{"as deep as can be", `{"x":` + strings.Repeat("[", 9999) + strings.Repeat("]", 9999) + `}`, false},
	{"too deep", `{"x":` + strings.Repeat("[", 10000) + strings.Repeat("]", 10000) + `}`, true},
}

func item(fields string) string { return `{"_embedded":{"contract_actions":[{` + fields + `}]}}` }

func TestDecodePageIsEncodingJSON(t *testing.T) {
	for _, test := range unusual {
		t.Run(test.name, func(t *testing.T) {
			decodes(t, []byte(test.body))
			if _, ok := decodeUsual([]byte(test.body)); ok == test.declined {
				t.Errorf("declined: %v", !ok)
			}
		})
	}
}

// Also where a page is cut, or a byte is another, both say the same.
func TestDecodePageIsEncodingJSONForPagesWithFaults(t *testing.T) {
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

// Whoever adds a field to the contract adds it to the decoder, too.
func TestTheDecoderKnowsEveryField(t *testing.T) {
	want := new(gen.ContractActionPage)
	fill(t, reflect.ValueOf(want).Elem(), new(int))
	body := must(json.Marshal(want))

	got, ok := decodeUsual(body)
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("read: %v\n%s\nwant\n%s", ok, must(json.Marshal(got)), body)
	}
}

// fill gives everything a value of its own.
func fill(t *testing.T, into reflect.Value, number *int) {
	*number++
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		fill(t, into.Elem(), number)
	case reflect.Slice:
		into.Set(reflect.MakeSlice(into.Type(), 2, 2))
		for i := range 2 {
			fill(t, into.Index(i), number)
		}
	case reflect.String:
		into.SetString(fmt.Sprint("text ", *number))
	case reflect.Int, reflect.Int32:
		into.SetInt(int64(*number))
	case reflect.Struct:
		if into.Type() == reflect.TypeFor[time.Time]() {
			into.Set(reflect.ValueOf(time.Date(2022, time.March, 10, 16, 15, *number%60, 0, time.UTC)))
			return
		}
		for i := range into.NumField() {
			name, _, _ := strings.Cut(into.Type().Field(i).Tag.Get("json"), ",")
			if name != strings.ToLower(name) {
				t.Errorf("%v: unknown relies on names in lower case: %s", into.Type(), name)
			}
			fill(t, into.Field(i), number)
		}
	default:
		t.Fatalf("the decoder has no way to read a %v yet", into.Type())
	}
}

// Texts that come again, and all small values, cost no memory of their own.
func TestDecodePageAllocatesLittle(t *testing.T) {
	body := pageOf(50)
	if allocations := testing.AllocsPerRun(10, func() { must(decodePage(body)) }); allocations > 20 {
		t.Errorf("a page of 50 took %v allocations, want at most 20", allocations)
	}
}

func BenchmarkDecodePage(b *testing.B) {
	for _, actions := range []int{50, 1000} {
		body := pageOf(actions)
		decoders := []struct {
			name   string
			decode func([]byte) (*gen.ContractActionPage, error)
		}{{"wrapper", decodePage}, {"encoding-json", decodeUnusual}, {"jx-keeping-nothing", walkPage}}
		for _, decoder := range decoders {
			b.Run(fmt.Sprintf("%s/%d", decoder.name, actions), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					must(decoder.decode(body))
				}
			})
		}
	}
}

// walkPage is what jx alone takes to find all names and texts of a page.
func walkPage(body []byte) (*gen.ContractActionPage, error) {
	var walk func(d *jx.Decoder) error
	walk = func(d *jx.Decoder) error {
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
	return nil, walk(jx.DecodeBytes(body))
}
