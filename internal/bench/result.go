package main

import (
	"slices"
	"time"
)

// result is what came of a cell.
type result struct {
	cell
	series series
}

// has reports whether a contestant took part.
func (r result) has(name string) bool { return r.index(name) >= 0 }

func (r result) index(name string) int {
	return slices.IndexFunc(r.contestants, func(c contestant) bool { return c.name == name })
}

// ratio compares the times of two contestants: the ratio of their medians, and
// the quartiles of the ratios within each round.
func (r result) ratio(name, reference string) (ratio, lower, upper float64) {
	one, other := r.sample(name, inSeconds), r.sample(reference, inSeconds)
	rounds := make([]float64, len(one))
	for i := range rounds {
		rounds[i] = one[i] / other[i]
	}
	lower, _, upper = quartiles(rounds)
	return median(one) / median(other), lower, upper
}

// time is the median of a run.
func (r result) time(name string) time.Duration {
	return time.Duration(median(r.sample(name, inSeconds)) * float64(time.Second))
}

func inSeconds(m measurement) float64 { return m.duration.Seconds() }

// allocations is the median per page.
func (r result) allocations(name string) float64 {
	return median(r.sample(name, func(m measurement) float64 { return float64(m.allocations) / float64(r.pages) }))
}

func (r result) dials(name string) float64 {
	return median(r.sample(name, func(m measurement) float64 { return float64(m.dials) }))
}

// sample is a figure of each round.
func (r result) sample(name string, of func(measurement) float64) []float64 {
	taken := r.series[r.index(name)]
	values := make([]float64, len(taken))
	for i := range taken {
		values[i] = of(taken[i])
	}
	return values
}
