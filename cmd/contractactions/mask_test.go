package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestMaskKeepsTheShapeOfAValue(t *testing.T) {
	for _, test := range []struct{ name, value, want string }{
		{"note", `"Call Jane, 0123 / Größe ß"`, `"Xxxx Xxxx, 9999 / Xxxxx x"`},
		{"note", `"` + strings.Repeat("a", 61) + `"`, `"` + strings.Repeat("x", 60) + `…"`},
		{"owner", `"jane.doe@example.com"`, `"xxxx.xxx@xxxxxxx.xxx"`},
		{"state", `"ON_HOLD"`, `"ON_HOLD"`},
		{"state", `"on hold"`, `"xx xxxx"`},
		{"state", `"HOLD2"`, `"XXXX9"`},
		{"state", `"` + strings.Repeat("A", 61) + `"`, `"` + strings.Repeat("X", 60) + `…"`},
		{"last_name", `"DOE"`, `"XXX"`},
		{"customerID", `"ABC"`, `"XXX"`},
		{"paid", `"ABC"`, `"ABC"`}, // no id
		{"since", `"2022-03-10T16:15:50.5+01:00"`, `"2022-03-10T16:15:50.5+01:00"`},
		{"since", `"2022-03-10"`, `"2022-03-10"`},
		{"since", `"10.03.2022"`, `"99.99.9999"`},
		{"seats", `12`, `12`},
		{"ratio", `-0.5`, `-0.5`},
		{"seats", `1234567`, `9999999`},
		{"seats", `-1.5e300`, `-1.5e300`},
		{"seats", `1.234567e300`, `"a number"`},
		{"id", `12`, `99`},
		{"phone2", `12`, `99`},
		{"trial", `true`, `true`},
		{"trial", `null`, `null`},
		{"tags", `["Jane", [1, [2]]]`, `["Xxxx",[1,"…"]]`},
		{"ids", `[1, 2]`, `[9,9]`},
		{"contact", `{"id": 1, "a b": "NEW", "deep": {"deeper": {}}}`, `{"deep":{"deeper":"…"},"id":9,"x x":"NEW"}`},
		{"tags", `[1,1,1,1,1,1,1,1,1,1,1,1]`, `[1,1,1,1,1,1,1,1,1,1]`},
	} {
		decoded, err := decodeAny([]byte(test.value))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(encodeExample(mask{}.value(test.name, decoded))); got != test.want {
			t.Errorf("%s %s: got %s, want %s", test.name, test.value, got, test.want)
		}
	}
}

func TestMaskOfNames(t *testing.T) {
	for name, want := range map[string]string{
		"status_message":           "status_message",
		"createdAt":                "createdAt",
		"@type":                    "@type",
		"td:actions":               "td:actions",
		"line2":                    "line2",
		"5ea75fe7aa224700012eae40": "9xx99xx9xx999999999xxx99",
		"a1b2c3d4":                 "x9x9x9x9",
		"jane@example.com":         "xxxx@xxxxxxx.xxx",
		"Jane Doe":                 "Xxxx Xxx",
		"\x1b[2J":                  "\x1b[9X", // escaped where it is printed
		"":                         "",
	} {
		compare(t, mask{}.name(name), want)
	}
}

func TestMaskOfErrors(t *testing.T) {
	var secretive mask
	secretive.hide("", "S.CRET", "s.cret")
	cause := errors.New(`the service said "s.cret", s.CRET and sicret`)
	masked := secretive.error(cause)
	compare(t, masked.Error(), `the service said "[redacted]", [redacted] and sicret`)
	if !errors.Is(masked, cause) {
		t.Error("the cause is lost")
	}
	if other := errors.New("fine"); secretive.error(other) != other || secretive.error(nil) != nil {
		t.Error("an error without a secret was changed")
	}
	if number := secretive.value("id", json.Number("1")); number != json.Number("9") {
		t.Errorf("got %v", number)
	}
}
