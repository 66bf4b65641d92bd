package wait

import (
	"testing"
	"time"

	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
)

func TestPauses(t *testing.T) {
	const second = flagvalue.Duration(time.Second)
	for _, test := range []struct{ interval, longest, wantFirst, wantLongest flagvalue.Duration }{
		{0, 0, 2 * second, 30 * second},
		{5 * second, 0, 5 * second, 30 * second},
		{60 * second, 0, 60 * second, 60 * second},
		{0, second, second, second},
		{0, 60 * second, 2 * second, 60 * second},
		{3 * second, 4 * second, 3 * second, 4 * second},
	} {
		first, longest, err := pauses(test.interval, test.longest)
		if err != nil || flagvalue.Duration(first) != test.wantFirst || flagvalue.Duration(longest) != test.wantLongest {
			t.Errorf("%v and %v: got %v, %v and the error %v", test.interval, test.longest, first, longest, err)
		}
	}
}
