package main

import (
	"context"
	"fmt"
)

// cell is one row of the table: contestants that do the same under the same
// conditions.
type cell struct {
	scene, name string
	pages       int    // that each run reads, for the allocations per page
	reference   string // the contestant whose time is 1
	contestants []contestant
	close       func() error // may be nil
}

// contestant is one that takes part in a cell.
type contestant struct {
	name string
	run  run
}

// series is what the contestants of a cell took, round by round, in the order
// of the contestants.
type series [][]measurement

// play runs the contestants of a cell round after round. They take turns, and
// another one begins each time, so that whatever happens on the machine
// happens to all of them. A round before the first is not counted. The cell is
// closed afterwards.
func (c cell) play(ctx context.Context, rounds int) (series, error) {
	taken := make(series, len(c.contestants))
	for round := range 1 + rounds {
		for _, i := range order(len(c.contestants), round) {
			took, err := c.contestants[i].run(ctx)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %s: %w", c.scene, c.name, c.contestants[i].name, err)
			}
			if round > 0 {
				taken[i] = append(taken[i], took)
			}
		}
	}
	if c.close != nil {
		return taken, c.close()
	}
	return taken, nil
}

// order is who plays when in a round.
func order(contestants, round int) []int {
	turns := make([]int, contestants)
	for i := range turns {
		turns[i] = (i + round) % contestants
	}
	return turns
}
