package main

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestToJSON(t *testing.T) {
	for name, test := range map[string]struct{ document, want string }{
		"order of keys":      {"z: 1\na: {y: 2, b: 3}", `{"z":1,"a":{"y":2,"b":3}}`},
		"keys like numbers":  {"200: {description: ok}", `{"200":{"description":"ok"}}`},
		"scalars":            {"[1, 1.5, 0x10, true, null, ~, text, '1', \"\"]", `[1,1.5,16,true,null,null,"text","1",""]`},
		"times":              {"[2022-03-10T16:15:50Z, 2022-03-10]", `["2022-03-10T16:15:50Z","2022-03-10"]`},
		"blocks":             {"a: |\n  one\n  two\nb: >-\n  one\n  two", `{"a":"one\ntwo\n","b":"one two"}`},
		"characters of HTML": {"a: <b> & c", `{"a":"<b> & c"}`},
		"nothing in it":      {"a: {}\nb: []\nc:", `{"a":{},"b":[],"c":null}`},
	} {
		t.Run(name, func(t *testing.T) {
			indented, err := toJSON([]byte(test.document))
			if err != nil {
				t.Fatal(err)
			}
			var compact bytes.Buffer
			if err := json.Compact(&compact, indented); err != nil {
				t.Fatal(err)
			}
			if compact.String() != test.want {
				t.Errorf("got %s, want %s", &compact, test.want)
			}
		})
	}
}

func TestWhatJSONCannotSay(t *testing.T) {
	for name, document := range map[string]string{
		"not YAML":   "a: [",
		"no value":   "",
		"an alias":   "a: &a 1\nb: *a",
		"infinity":   ".inf",
		"a tag":      "!!int text",
		"in a list":  "[.nan]",
		"in a value": "a: .nan",
	} {
		if got, err := toJSON([]byte(document)); err == nil {
			t.Errorf("%s: got %s", name, got)
		}
	}
}
