package main

import "testing"

func TestPointers(t *testing.T) {
	body, err := decodeAny([]byte(`{"list": [{"a/b": 1}, {"0": {"x~y": 1}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path           []string
		exact, general string
	}{
		{nil, "", ""},
		{[]string{"list"}, "/list", "/list"},
		{[]string{"list", "1"}, "/list/1", "/list/*"},
		{[]string{"list", "0", "missing"}, "/list/0/missing", "/list/*/missing"},
		{[]string{"list", "0", "a/b"}, "/list/0/x~1x", "/list/*/x~1x"},          // not a name that programmers give
		{[]string{"list", "1", "0", "x~y"}, "/list/1/9/x~0x", "/list/*/9/x~0x"}, // the 0 is a field
		{[]string{"list", "9", "a"}, "/list/9/a", "/list/*/a"},
	} {
		exact, general := pointerTo(body, test.path, mask{})
		compare(t, exact, test.exact)
		compare(t, general, test.general)
	}
}
