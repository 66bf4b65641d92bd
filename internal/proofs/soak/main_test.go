package soak

import (
	"flag"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

var (
	duration = flag.Duration("soak.duration", 3*time.Second, "how long to begin new listings")
	seed     = flag.Uint64("soak.seed", rand.Uint64(), "what to repeat a run with; how the callers take turns differs anyway")
)

// The service runs in a process of its own, so that memory, goroutines and
// connections in this one are the client's. It is this test binary again.
func TestMain(m *testing.M) {
	if seed, isService := os.LookupEnv(serviceSeed); isService {
		os.Exit(runService(seed))
	}
	os.Exit(m.Run())
}
