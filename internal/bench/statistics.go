package main

import "slices"

// quartiles returns the values that a quarter, a half and three quarters of
// the sample lie below, interpolated between neighbours. The sample must not
// be empty.
func quartiles(sample []float64) (lower, median, upper float64) {
	sorted := slices.Sorted(slices.Values(sample))
	at := func(share float64) float64 {
		position := share * float64(len(sorted)-1)
		below := int(position)
		above := min(below+1, len(sorted)-1)
		return sorted[below] + (position-float64(below))*(sorted[above]-sorted[below])
	}
	return at(0.25), at(0.5), at(0.75)
}

func median(sample []float64) float64 {
	_, middle, _ := quartiles(sample)
	return middle
}
