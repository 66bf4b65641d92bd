package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

func TestContestantsTakeTurns(t *testing.T) {
	var turns []string
	closed := false
	c := cell{close: func() error { closed = true; return nil }}
	for _, name := range []string{"a", "b", "c"} {
		c.contestants = append(c.contestants, contestant{name, func(context.Context) (measurement, error) {
			turns = append(turns, name)
			return measurement{duration: time.Duration(len(turns))}, nil
		}})
	}
	taken, err := c.play(context.Background(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"a", "b", "c", "b", "c", "a", "c", "a", "b"}; !slices.Equal(turns, want) {
		t.Errorf("the turns were %v, want %v", turns, want)
	}
	// The first round does not count, and each has its own figures.
	for i, want := range [][]time.Duration{{6, 8}, {4, 9}, {5, 7}} {
		for round := range want {
			if got := taken[i][round].duration; got != want[round] {
				t.Errorf("%s has %d for round %d, want %d", c.contestants[i].name, got, round+1, want[round])
			}
		}
	}
	if !closed {
		t.Error("the cell was not closed")
	}
}

func TestAFailureEndsTheCell(t *testing.T) {
	broken := errors.New("broken")
	c := cell{contestants: []contestant{{"a", func(context.Context) (measurement, error) { return measurement{}, broken }}}}
	if _, err := c.play(context.Background(), 2); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
