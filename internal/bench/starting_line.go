package main

import (
	"context"
	"sync"
)

// startingLine holds the first requests until a number of them has come, as any real
// distance would. Without it, some workers are through with their first page
// before others have dialled, and take each other's connections: how many are
// dialled would be up to chance.
type startingLine struct {
	mu      sync.Mutex
	arrived int
	open    chan struct{}
}

func (s *startingLine) wait(ctx context.Context, together int) {
	s.mu.Lock()
	if s.open == nil {
		s.open = make(chan struct{})
	}
	s.arrived++
	if s.arrived == together {
		close(s.open)
	}
	open, through := s.open, s.arrived > together
	s.mu.Unlock()
	if through {
		return
	}
	select {
	case <-open:
	case <-ctx.Done():
	}
}

func (s *startingLine) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrived, s.open = 0, nil
}
