package wrapper_test

import (
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestParseRegion(t *testing.T) {
	for name, want := range map[string]wrapper.Region{"us": wrapper.US, "EU": wrapper.EU, "Canada": wrapper.Canada} {
		if got, err := wrapper.ParseRegion(name); err != nil || got != want {
			t.Errorf("%s: got %q and the error %v", name, got, err)
		}
	}
	for _, name := range []string{"", "usa", "us ", strings.Repeat("x", 1000)} {
		got, err := wrapper.ParseRegion(name)
		if err == nil || got != "" || !strings.Contains(err.Error(), "use us, eu or canada") || len(err.Error()) > 200 {
			t.Errorf("%.20q: got %q and the error %v", name, got, err)
		}
	}
}
