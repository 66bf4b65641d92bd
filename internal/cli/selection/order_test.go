package selection

import "testing"

func TestIDsThatAreNoNumbersAreSortedAsTexts(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"9", "10", -1}, {"010", "10", 0}, {"99999999999999999999998", "99999999999999999999999", -1},
		{"b", "a", 1}, {"9", "1a", 1}, {"", "1", -1},
	} {
		if got := compareIDs(test.a, test.b); got != test.want {
			t.Errorf("%q and %q: %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
