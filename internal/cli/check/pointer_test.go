package check

import (
	"testing"

	"github.com/talkdesk-express/contractactions/internal/cli/clitest"
)

func TestPointers(t *testing.T) {
	body, err := decode([]byte(`{"list": [{"a/b": 1}, {"0": {"x~y": 1}}]}`))
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
		{[]string{"list", "0", "a/b"}, "/list/0/(3 bytes)", "/list/*/(3 bytes)"},                        // not a name that programmers give
		{[]string{"list", "1", "0", "x~y"}, "/list/1/(1 byte)/(3 bytes)", "/list/*/(1 byte)/(3 bytes)"}, // the 0 is a field
		{[]string{"list", "9", "a"}, "/list/9/a", "/list/*/a"},
	} {
		exact, general := pointerTo(body, test.path, nil)
		clitest.Compare(t, exact, test.exact)
		clitest.Compare(t, general, test.general)
	}
}
