package example

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// everything has a value for each property of an order.
const everything = `{"text":"a","optional_text":"b","nullable_text":"c","state":"closed","described_state":"on-hold","size":"small",
	"at":"2022-03-10T16:15:50Z","optional_at":"2022-03-10T16:15:50.123Z","whole":1,"optional_whole":-2,"int32":3,"int64":4,"uint8":5,
	"uint64":18446744073709551615,"float":0.5,"double":-1e-3,"yes_or_no":true,"optional_yes_or_no":false,"camelCase":"d","renamed":"e",
	"day":"2022-03-10","uuid":"123e4567-e89b-12d3-a456-426614174000","bytes":"YQ==","texts":["f","g"],"required_list":[6,7],
	"states":["open"],"table":[[1,2.5],[]],"place":{"name":"h","height":8},"optional_place":{"name":"i"},"places":[{"name":"j","height":9},{}],
	"parent":{"text":"k","parent":{"whole":10}},"inline":{"a":"l"},"free":{"m":[1,null]},"map":{"n":11},"anything":{"o":"p"},
	"open":{"known":"q","more":"r"},"either":"s","both":{"name":"t","height":12,"width":13}}`

// literals are tried as the value of each property.
var literals = []string{
	`null`, `true`, `false`, `0`, `-0`, `1`, `-1`, `255`, `256`, `-128`, `2147483647`, `2147483648`, `-2147483649`, `9223372036854775807`,
	`9223372036854775808`, `18446744073709551616`, `0.5`, `1e2`, `1e39`, `1e999`, `01`, `+1`, `.5`, `1.`, `NaN`, `0x1`, `1_0`, `nul`, `tru`,
	`""`, `"open"`, `"other"`, `"é\n"`, `"\ud800"`, "\"\xff\"", "\"\n\"", `"2022-03-10T16:15:50Z"`, `"2022-03-10T16:15:50.5+01:00"`, `"2022-02-30T16:15:50Z"`,
	`"2022-03-10"`, `"123e4567-e89b-12d3-a456-426614174000"`, `"YQ=="`, `"YQ"`, `[]`, `[null]`, `[1]`, `["a"]`, `[1.5,"a"]`, `[[1],[null]]`, `[{}]`,
	`[{"name":"a"},{"height":1}]`, `{}`, `{"name":"a"}`, `{"NAME":"a"}`, `{"name":1}`, `{"a":"b"}`, `{"a":1}`, `{"known":"a","b":"c"}`, `{"text":"a"}`, ``, `,`,
}

func orders(items ...string) string {
	return `{"_embedded":{"orders":[` + strings.Join(items, ",") + `]},"_links":{"next":{"href":"u"}},"total":2}`
}

func TestEveryKindOfPropertyIsReadAsByEncodingJSON(t *testing.T) {
	agrees(t, orders(everything, everything), DecodeOrderPage)
	for _, field := range OrderFields() {
		for _, literal := range literals {
			agrees(t, orders(fmt.Sprintf(`{"text":"a",%q:%s}`, field.Name, literal)), DecodeOrderPage)
			// A property that is repeated is read into what the first has left.
			agrees(t, orders(everything[:len(everything)-1]+fmt.Sprintf(`,%q:%s}`, field.Name, literal)), DecodeOrderPage)
		}
		for _, name := range []string{strings.ToUpper(field.Name), strings.ToLower(field.Name), field.Name + "2", `\u00` + fmt.Sprintf("%x", field.Name[0]) + field.Name[1:]} {
			agrees(t, orders(strings.Replace(everything, `"`+field.Name+`"`, `"`+name+`"`, 1)), DecodeOrderPage)
		}
	}
}

func TestTheSecondListIsReadAsByEncodingJSON(t *testing.T) {
	const page = `{"_embedded":{"people":[{"id":"1","name":"a"},{"id":"2"}]},"_links":{"next":{"href":"u"}}}`
	agrees(t, page, DecodePersonPage)
	for at := range page {
		agrees(t, page[:at], DecodePersonPage)
		for _, other := range "\x00\"\\,:{}[]0n" {
			agrees(t, page[:at]+string(other)+page[at+1:], DecodePersonPage)
		}
	}
}

func FuzzDecodeOrderPage(f *testing.F) {
	f.Add(orders(everything))
	for _, literal := range literals {
		f.Add(orders(`{"anything":` + literal + `}`))
	}
	f.Fuzz(func(t *testing.T, body string) { agrees(t, body, DecodeOrderPage) })
}

func agrees[T any](t *testing.T, body string, decode func([]byte) (*T, error)) {
	t.Helper()
	want := new(T)
	wantErr := json.Unmarshal([]byte(body), want)
	got, err := decode([]byte(body))
	switch {
	case fmt.Sprint(err) != fmt.Sprint(wantErr):
		t.Errorf("%s: the error is %v, want %v", body, err, wantErr)
	case err == nil && !reflect.DeepEqual(got, want):
		t.Errorf("%s is read as %+v, want %+v", body, got, want)
	}
}

// That it is not encoding/json that reads it shows in what it allocates.
func TestEveryKindOfPropertyIsReadFast(t *testing.T) {
	item := strings.NewReplacer("\n\t", "").Replace(everything[:strings.Index(everything, `"day"`)] + `"texts":["f","g"],"places":[{"name":"j"}],"place":{"name":"k"}}`)
	body := []byte(orders(slices.Repeat([]string{item}, 50)...))
	ours := testing.AllocsPerRun(10, func() { _, _ = DecodeOrderPage(body) })
	theirs := testing.AllocsPerRun(10, func() { _ = json.Unmarshal(body, new(OrderPage)) })
	if 2*ours > theirs {
		t.Errorf("%v allocations, encoding/json %v", ours, theirs)
	}
}

func TestFieldsAreInTheDocumentsOrder(t *testing.T) {
	var got []string
	for _, field := range OrderFields() {
		got = append(got, fmt.Sprintf("%s %s %t", field.Name, field.Kind, field.Required))
	}
	want := []string{
		"text string true", "optional_text string false", "nullable_text string false", "state enumeration true", "described_state enumeration false",
		"size enumeration false", "at date-time true", "optional_at date-time false", "whole integer true", "optional_whole integer false",
		"int32 integer false", "int64 integer false", "uint8 other false", "uint64 other false", "float number false", "double number false",
		"yes_or_no boolean true", "optional_yes_or_no boolean false", "camelCase string false", "renamed string false", "day other false",
		"uuid other false", "bytes other false", "texts other false", "required_list other true", "states other false", "table other false",
		"place other true", "optional_place other false", "places other false", "parent other false", "inline other false", "free other false",
		"map other false", "anything other false", "open other false", "either other false", "both other false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	fields := OrderFields()
	if got, want := fields[0].Description, "The text."; got != want {
		t.Errorf("the description is %q, want %q", got, want)
	}
	if got, want := fields[4].Values, []string{"open", "closed", "on-hold"}; !slices.Equal(got, want) {
		t.Errorf("the values are %v, want %v", got, want)
	}
	if got, want := OrderStateValues(), []OrderState{"open", "closed", "on-hold"}; !slices.Equal(got, want) {
		t.Errorf("the values are %v, want %v", got, want)
	}
}

func TestValuesOfFields(t *testing.T) {
	var full Order
	if err := json.Unmarshal([]byte(everything), &full); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2022, time.March, 10, 16, 15, 50, 0, time.UTC)
	want := map[string]any{
		"text": "a", "optional_text": "b", "state": "closed", "described_state": "on-hold", "size": "small", "at": at,
		"optional_at": at.Add(123 * time.Millisecond), "whole": int64(1), "optional_whole": int64(-2), "int32": int64(3), "uint8": uint8(5),
		"uint64": uint64(18446744073709551615), "float": 0.5, "double": -1e-3, "yes_or_no": true, "optional_yes_or_no": false,
		"texts": []string{"f", "g"}, "map": map[string]int{"n": 11}, "optional_place": Place{Name: "i"}, "anything": map[string]any{"o": "p"},
	}
	for _, field := range OrderFields() {
		if value, listed := want[field.Name]; listed && !reflect.DeepEqual(field.Value(&full), value) {
			t.Errorf("%s is %#v, want %#v", field.Name, field.Value(&full), value)
		}
		if field.Value(&full) == nil {
			t.Errorf("%s is absent", field.Name)
		}
		if value := field.Value(new(Order)); !field.Required && value != nil {
			t.Errorf("of an empty order, %s is %#v, want nil", field.Name, value)
		}
	}
}

func TestAClonesChangesAreItsOwn(t *testing.T) {
	var order, want Order
	for _, into := range []*Order{&order, &want} {
		if err := json.Unmarshal([]byte(everything), into); err != nil {
			t.Fatal(err)
		}
	}
	clone := order.Clone()
	if !reflect.DeepEqual(clone, want) {
		t.Errorf("the clone is %+v, want %+v", clone, want)
	}
	*clone.OptionalText, clone.Texts[0], clone.Map["n"], *clone.Uint64 = "changed", "changed", 0, 0
	*clone.Place.Height, *clone.Places[0].Height, clone.OptionalPlace.Name, clone.Parent.Parent.Whole = 0, 0, "changed", 0
	if !reflect.DeepEqual(order, want) {
		t.Errorf("the original has changed to %+v", order)
	}
}

func TestParametersAreInTheDocumentsOrder(t *testing.T) {
	want := []Parameter{
		{Name: "state", Description: "Only orders in this state.", Kind: KindEnumeration, Values: []string{"open", "closed", "on-hold"}},
		{Name: "since", Kind: KindTime, Required: true},
		{Name: "limit", Kind: KindInteger, Minimum: 1, Maximum: 100},
		{Name: "note", Kind: KindString, MaxLength: 40},
	}
	if got := ListOrdersParameters(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}
