package main

import (
	"runtime"
	"time"
)

// measurement is what one run took.
type measurement struct {
	duration    time.Duration
	allocations uint64
	dials       int
}

// measure runs something on a clean heap. Of the allocations it counts those
// of this process: the server's are not among them.
func measure(run func() error) (measurement, error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	err := run()
	duration := time.Since(start)
	runtime.ReadMemStats(&after)
	return measurement{duration: duration, allocations: after.Mallocs - before.Mallocs}, err
}
