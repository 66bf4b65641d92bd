package main

import "testing"

func TestQuartiles(t *testing.T) {
	tests := []struct {
		name                 string
		sample               []float64
		lower, middle, upper float64
	}{
		{"one value", []float64{3}, 3, 3, 3},
		{"two values", []float64{4, 2}, 2.5, 3, 3.5},
		{"an odd number, unsorted", []float64{5, 1, 4, 2, 3}, 2, 3, 4},
		{"an even number", []float64{1, 2, 3, 4}, 1.75, 2.5, 3.25},
		{"one far off", []float64{1, 1, 1, 1000, 1}, 1, 1, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lower, middle, upper := quartiles(test.sample)
			if lower != test.lower || middle != test.middle || upper != test.upper {
				t.Errorf("got %v, %v, %v, want %v, %v, %v", lower, middle, upper, test.lower, test.middle, test.upper)
			}
		})
	}
}
