package main

import (
	"strings"
	"testing"
)

func TestVerdicts(t *testing.T) {
	tests := []struct {
		name     string
		atLeast  bool
		figure   float64
		measured bool
		want     string
	}{
		{"at most, below", false, 1.9, true, "| met |"},
		{"at most, equal", false, 2, true, "| met |"},
		{"at most, above", false, 2.1, true, "| **not met** |"},
		{"at least, above", true, 2.1, true, "| met |"},
		{"at least, equal", true, 2, true, "| met |"},
		{"at least, below", true, 1.9, true, "| **not met** |"},
		{"not measured", true, 0, false, "| not measured |"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			one := target{"text", test.atLeast, 2, func(found) (float64, bool) { return test.figure, test.measured }}
			if row := one.row(found{}); !strings.HasSuffix(row, test.want) {
				t.Errorf("got %s", row)
			}
		})
	}
}

func TestGrowthIsFromTheFirstToTheLastOfTheSameKind(t *testing.T) {
	one := growth(func(m memory) bool { return m.Accounts == 1 })
	f := found{memory: []memory{{Accounts: 1, SecondHalf: 1e6}}}
	if _, measured := one(f); measured {
		t.Error("there is no growth from one run")
	}
	f.memory = append(f.memory, memory{Accounts: 1, SecondHalf: 5e6}, memory{Accounts: 1, SecondHalf: 3e6}, memory{Accounts: 2, SecondHalf: 9e6})
	if got, measured := one(f); !measured || got != 2 {
		t.Errorf("got %v MB, %v, want 2", got, measured)
	}
}
