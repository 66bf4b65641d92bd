package main

import (
	"testing"
	"time"
)

func TestRatioIsOfMediansAndItsSpreadWithinRounds(t *testing.T) {
	r := result{
		cell: cell{pages: 10, contestants: []contestant{{name: "floor"}, {name: "a"}}},
		series: series{
			{{duration: 10}, {duration: 20}, {duration: 30}},
			{{duration: 20, allocations: 500, dials: 1}, {duration: 60, allocations: 600, dials: 2}, {duration: 120, allocations: 700, dials: 3}},
		},
	}
	if ratio, lower, upper := r.ratio("a", "floor"); !near(ratio, 3) || !near(lower, 2.5) || !near(upper, 3.5) {
		t.Errorf("the ratio is %v (%v–%v), want 3 (2.5–3.5)", ratio, lower, upper)
	}
	if got := r.time("floor"); got != 20*time.Nanosecond {
		t.Errorf("the time is %v", got)
	}
	if got := r.allocations("a"); got != 60 {
		t.Errorf("%v allocations per page, want 60", got)
	}
	if got := r.dials("a"); got != 2 {
		t.Errorf("%v dials, want 2", got)
	}
	if r.has("b") {
		t.Error("b took no part")
	}
}

func near(a, b float64) bool { return max(a-b, b-a) < 1e-9 }
