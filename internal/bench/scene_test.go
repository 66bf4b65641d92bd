package main

import (
	"context"
	"testing"
)

// The scenes that need no waiting, to see that they play.
func TestScenesPlay(t *testing.T) {
	for name, cells := range map[string]func(settings) ([]cell, error){
		"decode": decodeCells,
		"first":  firstCells,
	} {
		t.Run(name, func(t *testing.T) {
			for _, cell := range must(cells(settings{running, true})) {
				series, err := cell.play(context.Background(), 1)
				if err != nil {
					t.Fatal(err)
				}
				for i, taken := range series {
					// A difference of two short times can be negative.
					if taken[0].duration <= 0 && taken[0].allocations <= 0 {
						t.Errorf("%s: %s did nothing", cell.name, cell.contestants[i].name)
					}
				}
			}
		})
	}
}
