package prefetch_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkdesk-express/contractactions/internal/prefetch"
)

// numbers delivers 1, 2, 3 and counts what it has made.
func numbers(made *int) func(context.Context, func(int) bool) error {
	return func(_ context.Context, deliver func(int) bool) error {
		for *made < 3 {
			*made++
			if !deliver(*made) {
				return nil
			}
		}
		return errors.New("the end")
	}
}

func TestOneValueIsMadeAheadAndNeverMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made, received := 0, 0
		err := prefetch.OneAhead(t.Context(), numbers(&made), func(value int) bool {
			received++
			synctest.Wait() // while we work on the value
			if value != received || made != min(3, received+1) {
				t.Errorf("received %d as number %d of %d", value, received, made)
			}
			return true
		})
		if received != 3 || err == nil || err.Error() != "the end" {
			t.Errorf("received %d values and the error %v", received, err)
		}
	})
}

// Whoever has left, in whatever way, has nothing running behind, not even for a moment.
func TestLeavingWaitsForTheProducer(t *testing.T) {
	for name, leave := range map[string]func() bool{
		"by break":   func() bool { return false },
		"by a panic": func() bool { panic("oops") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ended := false
				defer func() {
					if recovered := recover(); (recovered == "oops") != (name == "by a panic") || !ended {
						t.Errorf("recovered %v; the producer has ended: %v", recovered, ended)
					}
				}()
				prefetch.OneAhead(t.Context(), func(ctx context.Context, deliver func(int) bool) error {
					deliver(1)
					<-ctx.Done()
					time.Sleep(time.Second) // of the test's clock: it takes its time to end
					ended = true
					return ctx.Err()
				}, func(int) bool {
					synctest.Wait()
					return leave()
				})
			})
		})
	}
}

func TestAProducerThatDoesNotReturn(t *testing.T) {
	run := func(fail func()) (recovered any, err error) {
		defer func() { recovered = recover() }()
		return nil, prefetch.OneAhead(t.Context(), func(context.Context, func(int) bool) error { fail(); return nil }, func(int) bool { return true })
	}
	if recovered, err := run(func() { panic("oops") }); recovered != "oops" {
		t.Errorf("recovered %v, and the error is %v", recovered, err)
	}
	if recovered, err := run(runtime.Goexit); recovered != nil || err == nil || !strings.Contains(err.Error(), "ended without a result") {
		t.Errorf("recovered %v, and the error is %v", recovered, err)
	}
}

// What was made is delivered, although the context ended before it was asked for.
func TestAValueThatWasMadeIsDeliveredAfterTheContextHasEnded(t *testing.T) {
	for range 20 { // of a choice between two, one would do half of the time
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			made, received := 0, 0
			prefetch.OneAhead(ctx, func(ctx context.Context, deliver func(int) bool) error {
				for ctx.Err() == nil {
					made++
					deliver(made)
				}
				return ctx.Err()
			}, func(int) bool {
				received++
				synctest.Wait() // the second value is there
				cancel()
				return true
			})
			if received != made {
				t.Errorf("received %d of %d", received, made)
			}
		})
	}
}
